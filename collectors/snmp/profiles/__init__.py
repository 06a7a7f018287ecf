"""Device profiles as data; `collectors.snmp.knowledge` reads them."""
