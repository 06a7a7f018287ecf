"""Reports of readiness as of a day: PDF, .xlsx, .csv and JSON, the same bytes every time."""
