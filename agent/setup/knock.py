"""Whether an IMAP server answers at a place, and how: one connection each, on which nobody signs in."""

import contextlib
import hashlib
import socket
import ssl
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from agent.setup.discover import at_once
from agent.setup.values import Server
from connectors.account import Tls

PATIENCE = 5.0
"""Seconds for connecting, and again for each answer."""
_LINE = 4096


class Answer(StrEnum):
    """What happened at the door."""

    IMAP = "imap"
    UNTRUSTED = "untrusted"
    """It may be IMAP, but the certificate leads to no authority that is trusted here."""
    OTHER = "other"
    """Somebody answers, and it is not IMAP with this kind of TLS."""
    CLOSED = "closed"
    SILENT = "silent"
    UNKNOWN = "unknown"
    """There is no such name."""


@dataclass(frozen=True, kw_only=True)
class Knock:
    """One server, and what it answered. ``fingerprint`` and ``reason`` tell of a certificate that is not trusted."""

    server: Server
    answer: Answer
    fingerprint: str = ""
    reason: str = ""


def knock(server: Server) -> Knock:
    """Try one place. Never raises, and takes at most a few times ``PATIENCE``."""
    try:
        with socket.create_connection((server.host, server.port), PATIENCE) as link:
            link.settimeout(PATIENCE)
            return _greeted(link, server)
    except (socket.gaierror, UnicodeError):
        return Knock(server=server, answer=Answer.UNKNOWN)
    except TimeoutError:
        return Knock(server=server, answer=Answer.SILENT)
    except ssl.SSLCertVerificationError as doubt:
        return Knock(
            server=server, answer=Answer.UNTRUSTED, fingerprint=_fingerprint(server), reason=doubt.verify_message
        )
    except (ssl.SSLError, _NotImap):
        return Knock(server=server, answer=Answer.OTHER)
    except (OSError, ValueError):
        return Knock(server=server, answer=Answer.CLOSED)


def knock_at(servers: Sequence[Server], *, enough: Collection[Answer] = (Answer.IMAP,)) -> list[Knock]:
    """Try several at once; one that takes too long counts as silent. After one of ``enough`` nobody waits for long."""
    answers = at_once([partial(knock, each) for each in servers], 2.5 * PATIENCE, good=lambda one: one.answer in enough)
    return [
        answer or Knock(server=server, answer=Answer.SILENT) for server, answer in zip(servers, answers, strict=True)
    ]


class _NotImap(Exception):
    """The greeting is none of IMAP's (RFC 9051 7.1)."""


def _greeted(link: socket.socket, server: Server, *, trusting: bool = True) -> Knock:
    context = ssl.create_default_context()
    if not trusting:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if server.tls is Tls.IMPLICIT:
        link = context.wrap_socket(link, server_hostname=server.host)
    with contextlib.closing(link):
        if not _line(link).startswith((b"* OK", b"* PREAUTH")):
            raise _NotImap
        if server.tls is Tls.STARTTLS:
            link.sendall(b"a STARTTLS\r\n")
            if not _line(link).startswith(b"a OK"):
                raise _NotImap
            link = context.wrap_socket(link, server_hostname=server.host)
        shown = link.getpeercert(binary_form=True) if isinstance(link, ssl.SSLSocket) else None
        found = f"sha256:{hashlib.sha256(shown).hexdigest()}" if shown else ""
        link.close()
        return Knock(server=server, answer=Answer.IMAP, fingerprint=found)


def _fingerprint(server: Server) -> str:
    """Of the certificate that is not trusted, over a second connection; empty when it is no IMAP server at all."""
    with (
        contextlib.suppress(OSError, ValueError, _NotImap),
        socket.create_connection((server.host, server.port), PATIENCE) as link,
    ):
        link.settimeout(PATIENCE)
        return _greeted(link, server, trusting=False).fingerprint
    return ""


def _line(link: socket.socket) -> bytes:
    """One line, byte by byte: what comes behind it belongs to TLS."""
    line = bytearray()
    while not line.endswith(b"\n") and len(line) < _LINE:
        byte = link.recv(1)
        if not byte:
            break
        line += byte
    return bytes(line)
