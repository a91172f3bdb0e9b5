"""What goes wrong on an IMAP connection, by what to do about it (``connectors.port``)."""

import contextlib
import imaplib
import re
from collections.abc import Iterator

from imapclient.exceptions import ProtocolError

from connectors.port import Unavailable

_ADDRESS = re.compile(r"\S*@\S*")
_TRAPPINGS = re.compile(
    r"""\A\w+\ (?:failed|command\ error):\     # what imaplib and imapclient put in front
    | \[[A-Z][A-Z-]*(?:\ [^\]]*)?\]\ ?        # the response code, which is for programs
    | \[?b['"] | ['"]\]?\Z                     # bytes shown as Python shows them
    | \ \([\d.+ ]+\ secs\)                    # Dovecot's stop-watch
    """,
    re.VERBOSE,
)
_SHOWN = 200
_LOOKED_AT = 1000


class SaysNo(Unavailable):
    """The server answered NO or BAD to one command; the connection is still good.

    Whoever knows what that means for the user raises something better; uncaught it is a pause, as any ``Unavailable``.
    ``code`` is the response code of RFC 5530 in capitals (``OVERQUOTA``), or nothing.
    """

    def __init__(self, answer: str) -> None:
        self.answer = presentable(answer)
        found = re.search(r"\[([A-Z-]+)", answer)
        self.code = found[1] if found else ""
        super().__init__(f"the mail server would not do that now: {self.answer}")


def presentable(text: str) -> str:
    """A server's sentence for the user's eyes: one short line without anything like an address in it."""
    plain = _TRAPPINGS.sub("", text[:_LOOKED_AT])
    line = " ".join("".join(each if each.isprintable() else " " for each in plain).split())
    return _ADDRESS.sub("(an address)", line)[:_SHOWN].rstrip(" .") or "it gives no reason"


@contextlib.contextmanager
def as_failures(host: str) -> Iterator[None]:
    """Turn what imaplib, imapclient and the socket raise into the port's failures."""
    try:
        yield
    except ProtocolError as odd:
        raise Unavailable(f"{host} gave an answer that makes no sense; the connection is made anew") from odd
    except imaplib.IMAP4.abort as gone:
        raise Unavailable(f"{host} closed the connection") from gone
    except imaplib.IMAP4.error as no:
        raise SaysNo(str(no)) from no
    except TimeoutError as slow:
        raise Unavailable(f"{host} does not answer; the network may be down") from slow
    except OSError as gone:
        raise Unavailable(f"the connection to {host} is lost") from gone
