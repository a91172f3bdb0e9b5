"""Where the API lies: Microsoft's own address, a sovereign cloud's, or a test server's on this machine."""

import ipaddress
from urllib.parse import urlsplit

from connectors.account import Account
from connectors.port import Refused

GLOBAL = "https://graph.microsoft.com/v1.0"
_PERMISSIONS = ("Mail.ReadWrite", "User.Read")
"""All that is asked for. ``Mail.Send`` is never among it: what was not granted, Microsoft's servers refuse."""


def base_of(account: Account) -> str:
    """The API's address without a slash at its end. Sovereign clouds: learn.microsoft.com/graph/deployments.

    Raises ``Refused`` for one that is not protected and not on this machine.
    """
    base = account.endpoint.rstrip("/") or GLOBAL
    parts = urlsplit(base)
    if not (parts.scheme == "https" and parts.hostname) and not (parts.scheme == "http" and is_loopback(base)):
        raise Refused(
            f"`endpoint:` of account `{account.name}` must begin with https:// "
            "(http:// only for this machine), as in https://graph.microsoft.us/v1.0"
        )
    return base if parts.path.strip("/") else base + "/v1.0"


def scopes_of(base: str) -> tuple[str, ...]:
    """The permissions to sign in for; other clouds want their own address before them."""
    if base == GLOBAL or is_loopback(base):
        return _PERMISSIONS
    parts = urlsplit(base)
    return tuple(f"{parts.scheme}://{parts.netloc}/{each}" for each in _PERMISSIONS)


def is_loopback(base: str) -> bool:
    """Whether the address is one of this machine."""
    host = urlsplit(base).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
