"""What we see: the schedule, the runner and one module for each kind of collector.

Collectors hand Observations to the sink they are given; they never import the store.
"""
