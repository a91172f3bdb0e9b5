"""What a token may do. Mail.Send is refused: what was not granted, nothing on this machine can make Graph do."""

import base64
import binascii
import json
from collections.abc import Mapping

from connectors.port import Refused


def check_permissions(token: str, name: str) -> None:
    """Raise ``Refused`` when the token could send mail. Tokens of personal accounts are opaque and say nothing.

    ``scp``: learn.microsoft.com/entra/identity-platform/access-token-claims-reference. Nothing is trusted by this,
    so the signature need not be checked.
    """
    granted = _granted(token)
    if any(each.rpartition("/")[2].startswith("Mail.Send") for each in granted):
        raise Refused(
            f"the sign-in of account `{name}` could send mail (Mail.Send), and Afterword must not be able to. "
            f"Remove that permission from the registration, see docs/outlook.md, then: afterword auth {name}"
        )


def _granted(token: str) -> list[str]:
    parts = token.split(".")
    if len(parts) != 3 or len(token) > 100_000:
        return []
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return []
    scopes = claims.get("scp") if isinstance(claims, Mapping) else None
    return scopes.split() if isinstance(scopes, str) else []
