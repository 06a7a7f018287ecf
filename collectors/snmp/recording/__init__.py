"""Recordings of devices: walked, freed of what is nobody's business, and written as a case."""
