"""One end of a socket that carries frames, with deadlines; both sides use it."""

from __future__ import annotations

import array
import select
import socket
import time
from typing import Any

from graders.engine.wire import LENGTH, MAX_FRAME, WireError, pack, unpack_body

CHUNK = 1 << 20
DESCRIPTORS = 4

# kept, so that a program that replaces time.monotonic does not stop its own answer
_now = time.monotonic


class ClosedError(Exception):
    """The other end is gone."""


class LateError(Exception):
    """The deadline has passed."""


class Channel:
    """Send and receive plain values over a stream socket, which the channel owns.

    ``limit`` bounds every frame received. ``descriptors`` collects what came along by SCM_RIGHTS, if
    ``takes_descriptors``; a judge never takes any.
    """

    def __init__(self, sock: socket.socket, *, limit: int = MAX_FRAME, takes_descriptors: bool = False) -> None:
        self.sock = sock
        self.limit = limit
        self.descriptors: list[int] = []
        self._takes = takes_descriptors
        self._buffer = bytearray()
        self._ended = False
        sock.setblocking(False)

    def fileno(self) -> int:
        """Return the descriptor, so that a channel can be polled."""
        return self.sock.fileno()

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()

    def send(self, value: Any, deadline: float | None = None, descriptors: tuple[int, ...] = ()) -> None:
        """Send one plain value."""
        view = memoryview(pack(value))
        while view:
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
            try:
                sent = self.sock.sendmsg([view[:CHUNK]], rights if descriptors else [])
            except BlockingIOError:
                wait({self: select.POLLOUT}, deadline)
                continue
            except OSError as error:
                raise ClosedError(str(error)) from None
            view, descriptors = view[sent:], ()

    def receive(self, deadline: float | None = None) -> Any:
        """Return the next value; raises ClosedError, LateError or WireError."""
        while (body := self.take()) is None:
            wait({self: select.POLLIN}, deadline)
            if not self.feed() and not self.take_ready():
                raise ClosedError("the other end is gone")
        return unpack_body(body)

    def take(self) -> bytes | None:
        """Return the body of a frame that has arrived whole, or None."""
        if not self.take_ready():
            return None
        (size,) = LENGTH.unpack_from(self._buffer)
        body = bytes(self._buffer[LENGTH.size : LENGTH.size + size])
        del self._buffer[: LENGTH.size + size]
        return body

    def take_ready(self) -> bool:
        """Return whether a whole frame has arrived; WireError if it announces too much."""
        if len(self._buffer) < LENGTH.size:
            return False
        (size,) = LENGTH.unpack_from(self._buffer)
        if size > self.limit:
            raise WireError(f"a frame announces {size} bytes; {self.limit} are allowed")
        return len(self._buffer) >= LENGTH.size + int(size)

    def forget(self) -> None:
        """Drop what has arrived."""
        self._buffer.clear()

    def feed_now(self) -> bool:
        """Read what has arrived; False when there is nothing more at present."""
        before = len(self._buffer)
        self.feed()
        return len(self._buffer) > before

    def feed(self) -> bool:
        """Read what has arrived; False when the other end is gone."""
        try:
            if self._takes:
                data, fds, _, _ = socket.recv_fds(self.sock, CHUNK, DESCRIPTORS)
                self.descriptors += fds
            else:
                data = self.sock.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return not self._ended
        except OSError:
            data = b""
        self._buffer += data
        self._ended = not data
        return bool(data)


def wait(channels: dict[Any, int], deadline: float | None) -> dict[Any, int]:
    """Wait until one of the channels (or descriptors) is ready; LateError at the deadline."""
    poll = select.poll()
    by_number = {}
    for channel, events in channels.items():
        number = channel if isinstance(channel, int) else channel.fileno()
        by_number[number] = channel
        poll.register(number, events)
    left = None if deadline is None else deadline - _now()
    if left is not None and left <= 0:  # also when something is ready: a flood must not hold anyone up
        raise LateError
    ready = poll.poll(None if left is None else left * 1000)
    if not ready and deadline is not None:
        raise LateError
    return {by_number[number]: events for number, events in ready}


def pair(limit: int = MAX_FRAME) -> tuple[Channel, socket.socket]:
    """Return a connected channel (ours) and the plain socket for the other side."""
    ours, theirs = socket.socketpair()
    return Channel(ours, limit=limit), theirs
