"""A TCP proxy on loopback that counts what passes, and does to it what networks and bad servers do.

with Proxy(server.port) as proxy:
    proxy.cut_after(b"APPEND", 120)     # the link is reset 120 bytes behind that word
    proxy.rewrite = lambda said: said.replace(b"OK", b"NO")
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Self

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of no time: closing sends RST instead of FIN."""


class Proxy:
    """Passes connections on to one port. All switches may be turned while connections are open."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._links: list[_Link] = []
        self._cut: tuple[bytes, int] | None = None
        self._cut_answer: bytes | None = None
        self.port: int = self._listener.getsockname()[1]
        self.rewrite: Callable[[bytes], bytes] = bytes
        self.silent = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._listener.close()
        self.reset()

    @property
    def connections(self) -> int:
        """How many clients came."""
        return len(self._links)

    @property
    def received(self) -> int:
        """Bytes that clients got from the server, over all connections."""
        return sum(len(link.said) for link in self._links)

    @property
    def asked(self) -> bytes:
        """What the clients sent, one connection after the other."""
        return b"".join(bytes(link.asked) for link in self._links)

    def cut_after(self, word: bytes, more: int = 0) -> None:
        """Reset the connection once so many bytes behind that word of the client have been passed on; once."""
        self._cut = (word, more)

    def cut_before_answer(self, word: bytes) -> None:
        """Reset the connection instead of passing on an answer with that word; once."""
        self._cut_answer = word

    def reset(self) -> None:
        """Reset every connection."""
        for link in self._links:
            link.reset()

    def say(self, words: bytes) -> None:
        """Say something to every client in the server's name."""
        for link in self._links:
            with contextlib.suppress(OSError):
                link.client.sendall(words)

    def end(self) -> None:
        """Close every connection in an orderly way, as a server that goes away."""
        for link in self._links:
            with contextlib.suppress(OSError):
                link.client.shutdown(socket.SHUT_WR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    self._links.append(_Link(self, client, self._target))
                except ConnectionRefusedError:
                    client.close()

    def to_pass_on(self, asked: bytearray, chunk: bytes) -> tuple[bytes, bool]:
        """What of the client's chunk goes on, and whether the link is cut behind it."""
        if self._cut is None or self._cut[0] not in asked:
            return chunk, False
        word, more = self._cut
        end = asked.index(word) + len(word) + more
        if len(asked) < end:
            return chunk, False
        self._cut = None
        return chunk[: len(chunk) - (len(asked) - end)], True

    def cuts(self, said: bytes) -> bool:
        """Whether the link is cut instead of passing this answer on."""
        if self._cut_answer is None or self._cut_answer not in said:
            return False
        self._cut_answer = None
        return True


class _Link:
    def __init__(self, proxy: Proxy, client: socket.socket, target: int) -> None:
        self.client = client
        self.asked = bytearray()
        self.said = bytearray()
        self._proxy = proxy
        self._server = socket.create_connection(("127.0.0.1", target))
        for link in (self.client, self._server):
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for direction in (self._ask, self._answer):
            threading.Thread(target=self._run, args=[direction], daemon=True).start()

    def reset(self) -> None:
        for link in (self.client, self._server):
            with contextlib.suppress(OSError):
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                link.shutdown(socket.SHUT_RD)  # wakes the thread that reads from it
            link.close()

    def _run(self, direction: Callable[[], bool]) -> None:
        with contextlib.suppress(OSError):
            while direction():
                pass
        with contextlib.suppress(OSError):
            self.client.shutdown(socket.SHUT_RDWR)
            self._server.shutdown(socket.SHUT_RDWR)

    def _ask(self) -> bool:
        chunk = self.client.recv(65536)
        self.asked += chunk
        passed, cut = self._proxy.to_pass_on(self.asked, chunk)
        if not self._proxy.silent:
            self._server.sendall(passed)
        if cut:
            self.reset()
        return bool(chunk)

    def _answer(self) -> bool:
        chunk = self._server.recv(65536)
        if self._proxy.cuts(chunk):
            self.reset()
        if not self._proxy.silent:
            passed = self._proxy.rewrite(chunk)
            self.said += passed
            self.client.sendall(passed)
        return bool(chunk)
