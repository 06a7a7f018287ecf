"""Spreadsheets: files to rows, rows to a plan for the register, and the register to files."""
