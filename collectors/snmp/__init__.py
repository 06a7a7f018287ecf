"""Everything that knows SNMP: sessions, walks, what the tables mean, and the simulator.

`session` is the seam behind which an engine works; `collector` is the way in.
"""
