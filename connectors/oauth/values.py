"""What a sign-in is, and how it is written down."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from connectors.account import Account
from connectors.port import Refused

_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class TokenAge:
    """What ``status`` shows of a stored sign-in. ``ends`` is None when it lives until it is revoked."""

    signed_in: datetime
    renewed: datetime
    ends: datetime | None = None


@dataclass(frozen=True)
class Asking:
    """How the user is asked: ``say`` prints a line, ``visit`` opens a link in a browser; None: there is none here."""

    say: Callable[[str], None]
    visit: Callable[[str], object] | None = None


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The secret half. ``renewal`` is Google's refresh token, or for Microsoft the whole cache that msal keeps."""

    access: str = field(repr=False)
    expires: datetime
    renewal: str = field(repr=False)

    def written(self) -> str:
        """As JSON, for the keyring."""
        return json.dumps(_plain(asdict(self)))


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """What a sign-in server gave. ``ends``: when it will want the user again, where it says so."""

    tokens: Tokens
    ends: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """What is no secret of a sign-in: for whom, for which client and scopes, since when."""

    address: str
    client_id: str
    scopes: tuple[str, ...]
    age: TokenAge

    def written(self, tokens: Tokens | None) -> str:
        """As JSON, for the file. Without ``tokens`` they are in the keyring."""
        secret = _plain(asdict(tokens)) if tokens is not None else None
        return json.dumps({"version": _VERSION, **_plain(asdict(self)), "tokens": secret}, indent=1)


def _plain(parts: dict[str, Any]) -> dict[str, Any]:
    """Dates as ISO 8601, at any depth."""
    return {
        key: value.isoformat() if isinstance(value, datetime) else _plain(value) if isinstance(value, dict) else value
        for key, value in parts.items()
    }


def sign_in_from(text: str, account: Account) -> tuple[SignIn, Tokens | None]:
    """Back from JSON. Raises ``Refused`` for what is none: a file can be half a file after a bad disk."""
    try:
        found = json.loads(text)
        sign_in = SignIn(
            address=_text(found["address"]),
            client_id=_text(found["client_id"]),
            scopes=tuple(_text(each) for each in found["scopes"]),
            age=_age(found["age"]),
        )
        known, secret = found["version"] == _VERSION, found["tokens"]
    except (ValueError, TypeError, KeyError, RecursionError) as broken:
        raise unreadable(account) from broken
    if not known:
        raise unreadable(account)
    return sign_in, tokens_from(json.dumps(secret), account) if secret is not None else None


def tokens_from(text: str, account: Account) -> Tokens:
    """The secret half, from the keyring or from within the file; the same failure."""
    try:
        found = json.loads(text)
        return Tokens(access=_text(found["access"]), expires=_moment(found["expires"]), renewal=_text(found["renewal"]))
    except (ValueError, TypeError, KeyError, RecursionError) as broken:
        raise unreadable(account) from broken


def unreadable(account: Account) -> Refused:
    """What is stored cannot be used any more."""
    return Refused(f"the stored sign-in of account `{account.name}` cannot be read; {sign_in_again(account)}")


def needs_library(account: Account) -> Refused:
    """Google's libraries come with the extra alone. A name without a folder would be looked for among strangers'."""
    return Refused(
        f"account `{account.name}` needs Google's client library (the extra `afterword[gmail]`), which is not "
        "installed. In the folder that Afterword was installed from, run: pipx install --force '.[gmail]' "
        "(or in an environment of your own: pip install '.[gmail]')"
    )


def command(account: Account) -> str:
    """What the user types to sign in."""
    return f"afterword auth '{account.name}'" if " " in account.name else f"afterword auth {account.name}"


def sign_in_again(account: Account) -> str:
    """The same as advice."""
    return f"sign in again: {command(account)}"


def _age(found: dict[str, str | None]) -> TokenAge:
    ends = found["ends"]
    return TokenAge(
        signed_in=_moment(found["signed_in"]),
        renewed=_moment(found["renewed"]),
        ends=_moment(ends) if ends is not None else None,
    )


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
