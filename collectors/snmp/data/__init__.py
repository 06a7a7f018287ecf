"""Tables of facts that collectors/snmp reads."""
