"""Simulated SNMP devices (v1, v2c, v3) for tests, the demo and `hatang simulate`.

They replay recordings, let counters move at known rates and can be made to fail in every way
that a real device was seen to fail. They listen on loopback addresses only.
"""
