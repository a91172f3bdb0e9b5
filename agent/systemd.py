"""Tells systemd how the daemon fares (sd_notify(3)): one datagram to ``$NOTIFY_SOCKET``; elsewhere, nothing."""

import contextlib
import os
import socket


def notify(*assignments: str) -> None:
    """Send ``READY=1``, ``STATUS=...``, ``WATCHDOG=1`` or ``STOPPING=1``. Never raises: nobody may be listening."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path or not hasattr(socket, "AF_UNIX"):
        return
    address = "\0" + path[1:] if path.startswith("@") else path
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.connect(address)
        sender.sendall("\n".join(assignments).encode())
