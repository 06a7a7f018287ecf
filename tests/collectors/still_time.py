"""An event loop whose clock stands still while anything waits to be read.

Hours pass in seconds, and device and looker in one loop behave the same on any machine: a timeout
comes only where nothing else would, and at once. Where the loop waits for another process or for a
thread its clock would run ahead of them, unless `settled` waits for them.
"""

import asyncio
import selectors
import socket

WAIT_S = 60


class StillLoop(asyncio.SelectorEventLoop):
    """Its time begins at 0 and moves only by timers that are due next.

    settled: what another process still owes has come when this returns; asked before time passes.
    """

    def __init__(self, settled=lambda: None):
        self._now_s = 0.0
        super().__init__(_Selector(self.pause, settled))

    def time(self):
        return self._now_s

    def pause(self, seconds):
        """The whole process stands still."""
        self._now_s += seconds


class _Selector(selectors.DefaultSelector):
    """Tells what may be read now; where that is nothing, lets the wait pass without waiting."""

    def __init__(self, pass_time, settled):
        super().__init__()
        self._pass_time, self._settled = pass_time, settled
        self._lap = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._lap.bind(("127.0.0.1", 0))
        self._lap.connect(self._lap.getsockname())

    def select(self, timeout=None):
        if timeout is None:  # a thread will wake the loop, or nothing ever
            found = super().select(WAIT_S)
            assert found, "nothing to read and no timer"
            return found
        found = super().select(0)
        if found or timeout == 0:
            return found
        if len(self.get_map()) > 1:  # not the loop's own pipe alone
            self._let_everything_arrive()
            found = super().select(0)
        if not found:
            self._pass_time(timeout + 1e-9)  # a sum of floats may fall short of the timer
        return found

    def _let_everything_arrive(self):
        """A busy kernel delivers on loopback later, but in order: what was sent before these laps
        is there after them. The second is for what the kernel itself answered."""
        self._settled()
        for _ in range(2):
            self._lap.send(b"lap")
            self._lap.recv(3)

    def close(self):
        self._lap.close()
        super().close()


class LoopClock:
    """Monotonic time is the loop's; the wall clock can be moved away from it."""

    def __init__(self, loop):
        self._loop = loop
        self.offset = 1_795_000_000.0

    def wall(self):
        return self._loop.time() + self.offset

    def monotonic(self):
        return self._loop.time()


def run_still(main, settled=lambda: None):
    """asyncio.run in such a loop."""
    with asyncio.Runner(loop_factory=lambda: StillLoop(settled)) as runner:
        return runner.run(main)
