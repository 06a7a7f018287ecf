"""What the standard MIBs tell beyond identity and counters: parts, ports, neighbours, addresses.

Each module has the columns to walk by their MIB names and pure functions from rows to values.
"""
