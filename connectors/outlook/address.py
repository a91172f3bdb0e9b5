"""Where the API lies: Microsoft's own address, a sovereign cloud's, or a test server's on this machine."""

import ipaddress
from urllib.parse import urlsplit

from connectors.account import Account
from connectors.port import Refused

GLOBAL = "https://graph.microsoft.com/v1.0"


def base_of(account: Account) -> str:
    """The API's address without a slash at its end. Sovereign clouds: learn.microsoft.com/graph/deployments.

    Raises ``Refused`` for one that is not protected and not on this machine.
    """
    base = account.endpoint.rstrip("/") or GLOBAL
    parts = urlsplit(base)
    if not (parts.scheme == "https" and parts.hostname) and not (parts.scheme == "http" and is_loopback(base)):
        raise Refused(
            f"`endpoint:` of account `{account.name}` must begin with https:// "
            "(http:// only for this machine), as in https://graph.microsoft.us"
        )
    return base if parts.path.strip("/") else base + "/v1.0"


def is_loopback(base: str) -> bool:
    """Whether the address is one of this machine."""
    host = urlsplit(base).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
