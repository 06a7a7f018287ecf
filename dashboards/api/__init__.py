"""The application programming interface under /api/v1: what the pages do, for programs."""
