"""What goes wrong with simulated devices, in words for whoever started them."""

from __future__ import annotations


class RecordingError(Exception):
    """A file that is no recording; the message is `FILE:LINE: what is wrong`."""


class ScenarioError(Exception):
    """A scenario that cannot be played; the message is one line with the file and the key path."""


class SimulatorError(Exception):
    """Why the simulator cannot run, in one line."""
