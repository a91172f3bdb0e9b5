"""The HTTP connection to Google: httplib2, held to one try, bounded answers and the gate's list.

httplib2 by itself sends a request again when the connection breaks before the answer, a POST too: that would be a
second draft. So the connection below turns the failures that it repeats into those that it does not.
"""

import http.client
import ipaddress
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httplib2

from connectors.account import Account
from connectors.gmail.gate import Gate
from connectors.port import Refused

ROOT = "https://gmail.googleapis.com/"
TIMEOUT = 30.0
"""Seconds without a byte from the other side."""
PATIENCE = 90.0
"""Seconds that one whole answer may take, however busily it drips."""
ANSWER_LIMIT = 16 * 1024 * 1024
"""Bytes of one answer. The text of a mail comes in it whole; attachments do not."""
_CHUNK = 64 * 1024


class TooMuch(OSError):
    """The answer is longer than ``ANSWER_LIMIT``."""


class _Bounded(http.client.HTTPResponse):
    """An answer that ends: by its size or by its time."""

    def read(self, amt: int | None = None) -> bytes:
        if amt is not None:
            return super().read(amt)
        if self.headers.get("content-encoding", "identity") != "identity":
            raise ValueError("compressed, which was not asked for")  # unpacked it would have no bound
        end, found, size = time.monotonic() + PATIENCE, [], 0
        while chunk := self._next(size):
            found.append(chunk)
            size += len(chunk)
            if size > ANSWER_LIMIT:
                raise TooMuch("the answer has no end")
            if time.monotonic() > end:
                raise TimeoutError("the answer takes too long")
        self.close()
        return b"".join(found)

    def _next(self, size: int) -> bytes:
        """What one look at the socket gives. Not ``read1``: before Python 3.12 it waits for more than there is."""
        if self.chunked or self.length is None or self.fp is None:
            return self.read1(_CHUNK)
        return self.fp.read1(min(_CHUNK, self.length - size))


class _Once:
    """One try. ``RemoteDisconnected`` and other ``HTTPException`` are what httplib2 answers with a second one."""

    response_class = _Bounded

    def request(self, *arguments: Any, **named: Any) -> None:
        _once(lambda: super(_Once, self).request(*arguments, **named))  # type: ignore[misc]  # mixed into connections

    def getresponse(self) -> Any:
        return _once(super().getresponse)  # type: ignore[misc]  # mixed into connections only


class _Secure(_Once, httplib2.HTTPSConnectionWithTimeout):  # type: ignore[misc]  # httplib2 has no types
    pass


class _Plain(_Once, httplib2.HTTPConnectionWithTimeout):  # type: ignore[misc]  # httplib2 has no types
    pass


class Line:
    """What the service speaks through, in place of ``httplib2.Http``. One thread."""

    def __init__(self, account: Account, token: Callable[[], str]) -> None:
        self.root = _root(account)
        self._token = token
        self._gate = Gate(self.root)
        self._connection = _Secure if self.root.startswith("https:") else _Plain
        self._http = httplib2.Http(timeout=TIMEOUT, ca_certs=str(account.ca) if account.ca else None)
        self._http.follow_redirects = False  # whoever redirects is not Google's API

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> Any:
        """One request and its answer. Raises ``ForbiddenRequest`` before anything leaves."""
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        self._gate.judge(method, uri, sent)
        sent["authorization"] = f"Bearer {self._token()}"
        sent["accept-encoding"] = "identity"
        return self._http.request(uri, method, body, sent, connection_type=self._connection)

    def close(self) -> None:
        """Let go of the connection; the next request makes a new one."""
        self._http.close()


def _once(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except http.client.HTTPException as broken:
        raise ConnectionResetError("the connection broke") from broken


def _root(account: Account) -> str:
    """Where the API is. A token goes to another host than this computer over TLS only."""
    root = (account.endpoint or ROOT).rstrip("/") + "/"
    try:
        parts = urlsplit(root)
        plain, host = parts.scheme == "http", parts.hostname or ""
        good = bool(host) and (parts.scheme == "https" or (plain and ipaddress.ip_address(host).is_loopback))
    except ValueError:
        good = False
    if not good:
        raise Refused(f"`endpoint:` of account `{account.name}` must be an https:// address")
    return root
