"""What runs: the command line and the daemon that wires the other rooms together.

Only this package imports all of config, inventory, collectors and dashboards.
"""

__version__ = "0.1.0"
