"""The one way to a sign-in server: bounded in time and size, and whatever is no sign-in server's answer has a name.

Google's and Microsoft's libraries both speak through ``requests``, so this adapter stands under both of them.
"""

import time
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from connectors.port import Refused, Unavailable

_PATIENCE = 20.0
"""Seconds for one answer, the first byte and the last."""
_LIMIT = 256 * 1024
"""Bytes of one answer; tokens and Microsoft's description of its endpoints take a few thousand."""
_BUSY = (408, 429)
_AGAIN = "Afterword tries again by itself"


def guarded() -> requests.Session:
    """A session that raises ``Unavailable`` for everything but JSON from the server that was asked."""
    return guard(requests.Session())


def guard(session: requests.Session) -> requests.Session:
    """The same for a session that a library made. Plain http has no adapter: a token never goes in the clear."""
    session.adapters.clear()
    session.mount("https://", _Guard())
    return session


def secure(address: str) -> str:
    """The address of a sign-in server, without a slash at its end. Raises ``Refused`` unless it is https."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise Refused("a sign-in server must be reached by https; check `authority:` and the addresses in `client:`")
    return address.rstrip("/")


class _Guard(HTTPAdapter):
    """One request, one whole answer."""

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        host = urlsplit(request.url or "").hostname or "the sign-in server"
        end = time.monotonic() + _PATIENCE
        try:
            answer = super().send(request, **(options | {"stream": True, "timeout": _PATIENCE}))
            answer._content = _whole(answer, host, end)
            answer._content_consumed = True
        except requests.exceptions.SSLError as untrusted:
            raise Unavailable(
                f"the certificate of {host} is not trusted: this network may want you to sign in first, or this "
                f"computer's clock is wrong. {_AGAIN}"
            ) from untrusted
        except (requests.RequestException, HTTPError, OSError) as silent:
            raise Unavailable(f"{host} does not answer; check the network. {_AGAIN}") from silent
        _must_be_an_answer(answer, host)
        return answer


def _whole(answer: requests.Response, host: str, end: float) -> bytes:
    """``read1`` gives what has come, so that a server that drips is noticed."""
    body = bytearray()
    while chunk := answer.raw.read1(16384, decode_content=True):
        body += chunk
        if len(body) > _LIMIT or time.monotonic() > end:
            raise Unavailable(f"{host} gave an answer without an end. {_AGAIN}")
    return bytes(body)


def _must_be_an_answer(answer: requests.Response, host: str) -> None:
    """RFC 6749 5.1, 5.2: an answer is a JSON object, also when it says no."""
    if answer.status_code >= 500 or answer.status_code in _BUSY:
        asked = answer.headers.get("Retry-After", "")
        rest = float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0.0
        raise Unavailable(f"{host} has a problem of its own (HTTP {answer.status_code}). {_AGAIN}", rest=rest)
    try:
        understood = isinstance(answer.json(), dict)
    except (ValueError, RecursionError):
        understood = False
    if not understood or answer.is_redirect:
        raise Unavailable(
            f"what came from {host} is no answer of a sign-in server. This network may want you to sign in first: "
            f"open any page in a browser. {_AGAIN}"
        )
