"""What may leave for Google: a short list of methods and paths, checked on the request itself.

This is the last place before the socket. A request that is not on the list is our own bug, so it raises before one
byte of it leaves, and nothing on top can talk its way around: not a method override, not another host.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_ID = r"[A-Za-z0-9_-]+"
_ALLOWED = {
    "GET": re.compile(
        r"/gmail/v1/users/me/(?:profile|labels|history"
        rf"|threads/{_ID}|drafts(?:/{_ID})?|messages(?:/{_ID}(?:/attachments/{_ID})?)?)"
    ),
    "POST": re.compile(r"/gmail/v1/users/me/drafts"),
}


class ForbiddenRequest(AssertionError):
    """Something that must never reach Google was about to. Holds the method and the reason, no part of a mail."""


class Gate:
    """Lets requests of the list through, to one address. ``root`` is that address: ``https://gmail.googleapis.com/``."""

    def __init__(self, root: str) -> None:
        self._origin = urlsplit(root)[:2]

    def judge(self, method: str, uri: str, headers: Mapping[str, str]) -> None:
        """Raises ``ForbiddenRequest``."""
        target = urlsplit(uri)
        if target[:2] != self._origin:
            raise ForbiddenRequest(f"{method} to another address")
        allowed = _ALLOWED.get(method)
        if allowed is None or not allowed.fullmatch(target.path):
            raise ForbiddenRequest(f"{method} in this form")
        if any("override" in name.lower() for name in headers):
            raise ForbiddenRequest(f"{method} that stands for another method")
