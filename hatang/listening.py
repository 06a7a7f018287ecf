"""What goes wrong where the daemon listens, without what listens there."""

from __future__ import annotations


class ListenError(Exception):
    """An address that cannot be listened on; the message is one line with what to do."""
