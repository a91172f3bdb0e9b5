"""What may leave for Microsoft Graph: a short list of methods and paths, checked on the prepared request itself.

This is the last place before the socket. A request that is not on the list is our own bug (or an id that broke out of
its place in the path), so it raises before one byte of it leaves. Not on the list, on purpose: ``sendMail``, ``send``,
``reply``, ``forward``, ``move``, ``copy``, DELETE, ``$batch`` (which could carry any of them), rules and settings.
"""

import json
import re
from collections.abc import Mapping

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

_SEGMENT = r"(?:[\w.=~'()-]|%(?!2[fF])[0-9A-Fa-f]{2})+"
_KEYED = rf"(?:/{_SEGMENT}|\({_SEGMENT}\))"
"""Links that Graph gives for paging write a key as ``users('...')`` or ``users/...``."""
_ME = rf"(?:/me|/users{_KEYED})"
_MESSAGE = rf"/me/messages/{_SEGMENT}"

_READS = re.compile(
    rf"""/me
    | {_ME}/mailFolders(?:{_KEYED}(?:/childFolders)?)?
    | {_ME}/mailFolders{_KEYED}/messages(?:/(?:microsoft\.graph\.)?delta(?:\(\))?)?
    | {_ME}/messages
    | {_ME}/messages{_KEYED}/attachments
    | {_MESSAGE}(?:/\$value)?
    | {_MESSAGE}/attachments/{_SEGMENT}/\$value
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_MAKES = re.compile(rf"/me/messages | {_MESSAGE}/createReply", re.VERBOSE | re.ASCII)
_MENDS = re.compile(_MESSAGE, re.ASCII)
_MENDED = frozenset({"body", "toRecipients"})
"""What is set right on a draft just made. Graph itself refuses a new ``body`` for anything but a draft."""


class ForbiddenRequest(AssertionError):
    """Something that must never reach the server was about to. Holds the method, no path."""


class Gate(HTTPAdapter):
    """The only transport of the session. ``base``: the API's address, without a slash at its end."""

    def __init__(self, base: str) -> None:
        super().__init__(max_retries=0)
        self._base = base

    def send(self, request: PreparedRequest, *arguments: object, **settings: object) -> Response:
        """Let the request out, or raise ``ForbiddenRequest``."""
        self._judge(request)
        return super().send(request, *arguments, **settings)  # type: ignore[arg-type]  # passed on as they came

    def _judge(self, request: PreparedRequest) -> None:
        url, method = request.url or "", request.method or ""
        path = url.removeprefix(self._base)
        path = path.partition("?")[0] if method == "GET" else path
        if not url.startswith(self._base + "/") or not _allowed(method, path, request.body):
            raise ForbiddenRequest(f"a {method} request that is not on the list")


def _allowed(method: str, path: str, body: object) -> bool:
    match method:
        case "GET":
            return _READS.fullmatch(path) is not None
        case "POST":
            return _MAKES.fullmatch(path) is not None
        case "PATCH":
            return _MENDS.fullmatch(path) is not None and _is_mending(body)
    return False


def _is_mending(body: object) -> bool:
    """Only marking as unread again, or words and recipients of a draft."""
    fields = json.loads(body) if isinstance(body, str | bytes) else None
    if not isinstance(fields, Mapping) or not fields:
        return False
    return fields == {"isRead": False} or _MENDED.issuperset(fields)
