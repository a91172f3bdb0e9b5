"""``Bell``: rings a waiting account thread awake. A socket pair, since ``select`` takes nothing else on Windows."""

import contextlib
import socket
import threading


class Bell:
    """A ``Wake``: rung by any thread, waited for with ``select`` by one."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._rung = threading.Event()
        self._changing = threading.Lock()
        """The flag and the byte in the pair say the same: a ring in the midst of ``clear`` must not be half forgotten,
        or no later one would wake anybody."""

    def fileno(self) -> int:
        return self._reader.fileno()

    def pending(self) -> bool:
        return self._rung.is_set()

    def ring(self) -> None:
        """Wake the waiting thread; ringing twice wakes it once."""
        with self._changing:
            if not self._rung.is_set():
                self._rung.set()
                with contextlib.suppress(OSError):  # a full or closed pair is as good as rung
                    self._writer.send(b"!")

    def clear(self) -> None:
        """Forget the rings so far."""
        with self._changing:
            self._rung.clear()
            with contextlib.suppress(OSError):
                while self._reader.recv(64):
                    pass

    def close(self) -> None:
        self._reader.close()
        self._writer.close()
