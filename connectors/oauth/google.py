"""Google's sign-in, with the user's own desktop client (developers.google.com/identity/protocols/oauth2/native-app)."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from connectors.account import Account
from connectors.oauth import stored
from connectors.oauth.redirect import Callback
from connectors.oauth.values import Asking, Fresh, Tokens, command, needs_library, sign_in_again
from connectors.oauth.web import guard, guarded, secure
from connectors.port import Refused, Unavailable

_CONNECTIONS = "https://myaccount.google.com/connections"
_LIMIT = 64 * 1024
_LONGEST = timedelta(days=400)
_FOR_NOW = frozenset({"temporarily_unavailable", "server_error", "internal_failure", "missing_token"})
"""Errors that say nothing about the sign-in; the last is oauthlib's word for an answer without a token."""


@dataclass(frozen=True, kw_only=True)
class Client:
    """What the user downloaded as ``client_secret.json``; the secret of a desktop client is none (RFC 8252 8.5)."""

    client_id: str
    secret: str = field(repr=False)
    auth_uri: str
    token_uri: str

    def written(self) -> dict[str, Any]:
        """In Google's own form."""
        return {
            "installed": {
                "client_id": self.client_id,
                "client_secret": self.secret,
                "auth_uri": self.auth_uri,
                "token_uri": self.token_uri,
            }
        }


def client_of(path: Path, authority: str) -> Client:
    """The client in the file, moved to ``authority`` if there is one. Raises ``Refused`` for a file that is none."""
    found = _installed(path)
    try:
        given = [found[key] for key in ("client_id", "client_secret", "auth_uri", "token_uri")]
    except KeyError as missing:
        raise Refused(f"{path} lacks {missing}; download it again from Google's console") from missing
    if not all(isinstance(each, str) and each for each in given):
        raise Refused(f"{path} is no client_secret.json; download it again from Google's console")
    auth_uri, token_uri = (secure(authority) + urlsplit(each).path if authority else each for each in given[2:])
    return Client(client_id=given[0], secret=given[1], auth_uri=secure(auth_uri), token_uri=secure(token_uri))


def _installed(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            whole = json.loads(file.read(_LIMIT))
    except OSError as missing:
        raise Refused(
            f"{path} cannot be read: {missing.strerror}; `client:` names your client_secret.json"
        ) from missing
    except (ValueError, RecursionError) as broken:
        raise Refused(f"{path} is no client_secret.json; download it again from Google's console") from broken
    if isinstance(whole, dict) and isinstance(found := whole.get("installed"), dict):
        return found
    raise Refused(f"{path} is no client of the type “Desktop app”; create one of that type in Google's console")


def sign_in(account: Account, client: Client, scopes: tuple[str, ...], asking: Asking) -> Fresh:
    """By browser. Raises ``Refused`` when the user, Google or the scopes say no, ``Unavailable``."""
    _need_library(account)
    from google_auth_oauthlib.flow import Flow  # loaded for signing in with Google only

    with Callback(asking) as callback:
        flow = Flow.from_client_config(client.written(), scopes, redirect_uri=f"http://127.0.0.1:{callback.port}/")
        guard(flow.oauth2session)
        # A refresh token comes with every consent, but with the first sign-in only if consent is not asked for.
        link, _ = flow.authorization_url(state=callback.state, prompt="consent", login_hint=account.address)
        answer = callback.answer_to(link)
    if "code" not in answer:
        _refuse(account, answer.get("error", ""))
    found = _exchange(flow, account, answer["code"])
    _must_be(account, scopes, _words(found.get("scope"), scopes))
    if not isinstance(found.get("refresh_token"), str):
        raise Refused(f"Google gave nothing to stay signed in with; remove Afterword at {_CONNECTIONS} and try again")
    ends = found.get("refresh_token_expires_in")  # clients in testing: seven days
    return Fresh(
        tokens=Tokens(
            access=str(found["access_token"]),
            expires=stored.expiry(found.get("expires_in")),
            renewal=found["refresh_token"],
        ),
        ends=stored.expiry(ends, at_most=_LONGEST) if ends is not None else None,
    )


def _exchange(flow: Any, account: Account, code: str) -> dict[str, Any]:
    """The code for tokens. oauthlib raises a ``Warning`` that carries them when the user ticked other scopes."""
    from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped] # oauthlib ships no types

    try:
        return dict(flow.fetch_token(code=code))
    except OAuth2Error as no:
        _refuse(account, str(no.error))
    except Warning as other_scopes:
        return dict(getattr(other_scopes, "token", {}))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as odd:
        raise _odd() from odd


def renew(account: Account, client: Client, scopes: tuple[str, ...], renewal: str) -> Fresh:
    """New tokens for a refresh token. Raises ``Refused`` when it is over, ``Unavailable``."""
    _need_library(account)
    from google.auth.exceptions import GoogleAuthError, RefreshError  # loaded for Google accounts only
    from google.auth.transport.requests import Request
    from google.oauth2.credentials import Credentials

    given = Credentials(  # type: ignore[no-untyped-call] # google-auth is half typed
        None,
        refresh_token=renewal,
        token_uri=client.token_uri,
        client_id=client.client_id,
        client_secret=client.secret,
        scopes=scopes,  # asked for again, since only then the answer's scopes are looked at
    )
    try:
        given.refresh(Request(guarded()))  # type: ignore[no-untyped-call] # as above
    except RefreshError as no:
        answer = no.args[1] if len(no.args) > 1 and isinstance(no.args[1], dict) else {}
        _refuse(account, str(answer.get("error", "")))
    except (GoogleAuthError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as odd:
        raise _odd() from odd
    _must_be(account, scopes, _words(given.granted_scopes, scopes))
    return Fresh(tokens=_tokens(given))


def _tokens(given: Any) -> Tokens:
    if not isinstance(given.token, str) or not isinstance(given.refresh_token, str):
        raise _odd()
    left = (given.expiry.replace(tzinfo=stored.now().tzinfo) - stored.now()).total_seconds() if given.expiry else None
    return Tokens(access=given.token, expires=stored.expiry(left), renewal=given.refresh_token)


def _words(scope: object, asked: tuple[str, ...]) -> set[str]:
    """Granted scopes; an answer without any grants what was asked for (RFC 6749 5.1)."""
    if scope is None:
        return set(asked)
    return set(scope.split() if isinstance(scope, str) else map(str, scope) if isinstance(scope, list | tuple) else ())


def _must_be(account: Account, asked: tuple[str, ...], granted: set[str]) -> None:
    """Neither more nor less than asked for: with more, a thief of the token could do more than Afterword does."""
    if granted - set(asked):
        raise Refused(
            f"Google granted more than account `{account.name}` needs, so nothing was kept. Remove Afterword at "
            f"{_CONNECTIONS}, then: {command(account)}"
        )
    if missing := set(asked) - granted:
        names = ", ".join(sorted(each.rstrip("/").rpartition("/")[2] for each in missing))
        raise Refused(
            f"Google did not grant all that account `{account.name}` needs ({names}). Tick every box on Google's "
            f"page when you {sign_in_again(account)}"
        )


def _refuse(account: Account, code: str) -> NoReturn:
    """Google's error as a sentence (RFC 6749 4.1.2.1, 5.2)."""
    if code == "invalid_grant":
        raise Refused(
            f"Google has ended the sign-in of account `{account.name}` (revoked, a changed password, six months "
            f"without use, or the seven days of a client in testing); {sign_in_again(account)}"
        )
    if code == "access_denied":
        raise Refused(
            f"access was not granted to account `{account.name}`. If Google said that the app is being tested, add "
            f"yourself to its test users, or publish it; then {sign_in_again(account)}"
        )
    if code in ("invalid_client", "unauthorized_client", "deleted_client", "disabled_client"):
        raise Refused(
            f"Google does not know the client of account `{account.name}` any more ({code}); download a new "
            f"client_secret.json, then {sign_in_again(account)}"
        )
    if code == "invalid_scope":
        raise Refused(
            f"account `{account.name}` has lost a right that it needs. Tick every box on Google's page when you "
            f"{sign_in_again(account)}"
        )
    if code in _FOR_NOW or not code:
        raise _odd()
    named = code if code.isascii() and code.replace("_", "").isalnum() and len(code) < 50 else "unknown"
    raise Refused(f"Google does not sign in account `{account.name}` ({named}); {sign_in_again(account)}")


def _odd() -> Unavailable:
    return Unavailable("Google's sign-in server gave no answer that can be used. Afterword tries again by itself")


def _need_library(account: Account) -> None:
    try:
        import google_auth_oauthlib  # noqa: F401 - only looked whether it is there
    except ImportError as missing:
        raise needs_library(account) from missing
