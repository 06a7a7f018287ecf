"""A process that has loaded the whole command line and forks a copy for each command that it is
asked for, so that a command of a test is a process of its own but loads nothing again.

Asked over a socket, the descriptor that it is told, by conftest.py: one message a command, JSON
with its arguments and its environment, and four descriptors: where to report, stdin, stdout,
stderr. Reported is the pid at once and, when the process has ended, its status as os.waitpid has
it.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import threading

LOADED = ("hatang.daemon", "collectors.snmp.simulator.server")


def load():
    """Everything that a command loads for itself, and the tables that most read first."""
    from collectors.snmp.knowledge.book import shipped_book
    from hatang.cli import application
    from inventory.units import read_units

    application()
    for name in LOADED:
        importlib.import_module(name)
    shipped_book()
    read_units()
    assert threading.active_count() == 1, "a process with threads cannot be forked"
    gc.collect()
    gc.freeze()


def become(message, given):
    """In the copy: take its arguments, environment and descriptors."""
    os.environ.clear()
    os.environ.update(message["environment"])
    for number, descriptor in enumerate(given):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.argv[:] = ["hatang", *message["arguments"]]


def reap(running):
    """Report every copy that has ended."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        with running.pop(pid) as report, contextlib.suppress(OSError):
            report.send(struct.pack("i", status))


def serve(asking):
    """Fork a copy for each message until nobody asks any more. True in a copy, False at the end."""
    woken, wake = socket.socketpair()
    for end in (woken, wake):
        end.setblocking(False)
    signal.set_wakeup_fd(wake.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running = {}
    while True:
        ready, _, _ = select.select([asking, woken], [], [])
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                woken.recv(4096)
            reap(running)
        if asking not in ready:
            continue
        data, given, _, _ = socket.recv_fds(asking, 1 << 20, 4)
        if not data:
            return False
        report = socket.socket(fileno=given[0])
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for mine in (asking, woken, wake, report, *running.values()):
                mine.close()
            become(json.loads(data), given[1:])
            return True
        for descriptor in given[1:]:
            os.close(descriptor)
        running[pid] = report
        report.send(struct.pack("i", pid))


def end(code):
    """As the interpreter ends, but for taking apart what was loaded, which takes its time."""
    threading._shutdown()
    atexit._run_exitfuncs()
    with contextlib.suppress(ValueError, OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    load()
    if serve(socket.socket(fileno=int(sys.argv[1]))):
        from hatang.cli import main

        try:
            main()
        except SystemExit as done:
            end(done.code or 0)
