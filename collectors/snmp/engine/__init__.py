"""Hatang's own SNMP engine: v1, v2c and v3 with USM, strict, bounded, and fast enough for thousands
of devices in one event loop. Everything above it sees only collectors.snmp.session."""
