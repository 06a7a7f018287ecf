"""The pages on uvicorn, inside the daemon's own event loop and under the daemon's own signals."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from hatang.listening import ListenError

STOP_WITHIN_S = 5


class _Server(uvicorn.Server):
    """uvicorn would take SIGINT and SIGTERM for itself; the daemon stops it in its own order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves on one address from `start` to `stop`; `bind` takes the address before that."""

    def __init__(self, listen: tuple[str, int]) -> None:
        self._listen = listen
        self._server: _Server | None = None
        self._socket: socket.socket | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where the pages are, with the real port where 0 was asked for."""
        host, port = self._listen
        if self._socket is not None:
            port = self._socket.getsockname()[1]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def bind(self) -> None:
        """Take the address before anything else starts. Raises ListenError."""
        host, port = self._listen
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._socket = socket.create_server((host, port), family=family, backlog=128)
        except (OSError, OverflowError) as error:
            raise ListenError(
                f"cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}; "
                "is another program there? change web.listen"
            ) from error

    def start(self, app: FastAPI) -> None:
        """Begin to serve an application."""
        assert self._socket is not None
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_WITHIN_S,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))

    async def stop(self) -> None:
        """Let running answers end, then close; safe to call twice."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task
            self._task = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
