"""The SQLite store: schema and migrations, one writer, readers apart, lock, backup and restore.

The only package that touches SQLite.
"""
