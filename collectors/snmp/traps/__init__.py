"""SNMP traps and informs: received, checked, named and handed on. Off unless configured."""
