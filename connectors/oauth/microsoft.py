"""Microsoft's sign-in through msal, as a public client (learn.microsoft.com/entra/msal/python).

Nothing is kept by msal itself: its cache is the text that renews the tokens, and the caller stores it.
"""

import logging
import time
from collections.abc import Iterable
from typing import Any, NoReturn
from urllib.parse import quote

from connectors.account import Account
from connectors.oauth import stored
from connectors.oauth.redirect import Callback
from connectors.oauth.values import Asking, Fresh, Tokens, command, sign_in_again, unreadable
from connectors.oauth.web import guarded, secure
from connectors.port import Refused, Unavailable

# What is wrong comes back as an answer; some of its versions log the claims of a token, and those hold addresses.
logging.getLogger("msal").setLevel(logging.CRITICAL)

_AUTHORITY = "https://login.microsoftonline.com"
_LONGEST_CODE = 900
"""Seconds a device code is waited for, whatever the server says."""
_FOR_NOW = frozenset({"temporarily_unavailable", "server_error", "service_not_available"})
_CONSENTS = "https://myapps.microsoft.com or https://account.live.com/consent/Manage"

_CODES = {
    50020: "this Microsoft account is not one of the tenant in `tenant:`; choose another `tenant:`",
    50059: "Microsoft does not know the tenant in `tenant:`; check it",
    53003: "your organisation forbids this way to sign in; try a browser instead of `--device`, or ask its help desk",
    65001: "nobody agreed yet that Afterword may read mail and write drafts; an administrator may have to",
    65004: "you did not agree that Afterword may read mail and write drafts",
    90002: "Microsoft does not know the tenant in `tenant:`; check it",
    90094: "an administrator of your organisation has to agree first; ask its help desk",
    700016: "Microsoft does not know the application in `client_id:`; check it, and `tenant:`",
    7000218: "the application in `client_id:` is none for desktops: turn on “Allow public client flows” in Entra",
}
"""What the numbers mean that people meet (learn.microsoft.com/entra/identity-platform/reference-error-codes)."""


def sign_in(account: Account, scopes: tuple[str, ...], asking: Asking, *, device: bool) -> Fresh:
    """By browser, or with a code on any device. Raises ``Refused``, ``Unavailable``."""
    cache = _cache("", account)
    app = _app(account, cache)
    try:
        found = (_by_code if device else _by_browser)(app, list(scopes), asking, account)
    except _ODD as odd:
        raise _no_use() from odd
    return _fresh(account, scopes, found, cache)


def _by_browser(app: Any, scopes: list[str], asking: Asking, account: Account) -> dict[str, Any]:
    with Callback(asking) as callback:
        # Entra knows `http://localhost` with any port; an address in digits would need an entry of its own.
        flow = app.initiate_auth_code_flow(
            scopes,
            redirect_uri=f"http://localhost:{callback.port}",
            state=callback.state,
            login_hint=account.address,
            prompt="select_account",
            response_mode="form_post",  # so that the code stays out of the browser's history (RFC 9700 4.3.1)
        )
        answer = callback.answer_to(flow["auth_uri"])
    return dict(app.acquire_token_by_auth_code_flow(flow, answer))


def _by_code(app: Any, scopes: list[str], asking: Asking, account: Account) -> dict[str, Any]:
    flow = app.initiate_device_flow(scopes)
    if "user_code" not in flow:
        _refuse(account, flow)
    flow["interval"] = min(max(flow["interval"], 1), 60)
    flow["expires_at"] = min(flow["expires_at"], time.time() + _LONGEST_CODE)
    asking.say(f"Open {flow['verification_uri']} in any browser, on any device, and enter the code {flow['user_code']}")
    return dict(app.acquire_token_by_device_flow(flow))


def renew(account: Account, scopes: tuple[str, ...], renewal: str) -> Fresh:
    """New tokens, and a new cache: Microsoft's refresh tokens rotate. Raises ``Refused``, ``Unavailable``."""
    cache = _cache(renewal, account)
    app = _app(account, cache)
    try:
        [known, *_] = app.get_accounts() or [None]
        if known is None or not list(cache.search(cache.CredentialType.REFRESH_TOKEN)):
            raise unreadable(account)
        found = app.acquire_token_silent_with_error(list(scopes), known, force_refresh=True)
    except _ODD as odd:
        raise _no_use() from odd
    return _fresh(account, scopes, dict(found or {}), cache)


_ODD = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RuntimeError)
"""What msal raises on answers it did not expect."""


def _cache(text: str, account: Account) -> Any:
    from msal import SerializableTokenCache  # loaded for Microsoft accounts only

    cache = SerializableTokenCache()
    try:
        cache.deserialize(text or None)
    except _ODD as broken:
        raise unreadable(account) from broken
    return cache


def _app(account: Account, cache: Any) -> Any:
    """msal's application. It asks the authority for its endpoints at once."""
    from msal import PublicClientApplication  # as above

    authority = secure(account.authority or _AUTHORITY)
    try:
        return PublicClientApplication(
            account.client_id,
            authority=f"{authority}/{quote(account.tenant, safe='')}",
            token_cache=cache,
            http_client=guarded(),
            # Which hosts are Microsoft's is not asked for: it is theirs by default, and else the user's own word.
            instance_discovery=False,
            enable_broker_on_windows=False,
        )
    except _ODD as unknown:
        raise Refused(
            f"Microsoft does not know the tenant of account `{account.name}`; `tenant:` is common, organizations, "
            "consumers or the id of your organisation"
        ) from unknown


def _fresh(account: Account, scopes: tuple[str, ...], found: dict[str, Any], cache: Any) -> Fresh:
    if "access_token" not in found:
        _refuse(account, found)
    granted = str(found.get("scope", "")).split() or list(scopes)
    _must_be(account, scopes, {_last(each) for each in granted})
    return Fresh(
        tokens=Tokens(
            access=str(found["access_token"]),
            expires=stored.expiry(found.get("expires_in")),
            renewal=cache.serialize(),
        )
    )


def _last(scope: str) -> str:
    """``Mail.ReadWrite``: Microsoft writes scopes with and without the resource before them."""
    return scope.rpartition("/")[2].casefold()


def _must_be(account: Account, asked: Iterable[str], granted: set[str]) -> None:
    """All that is needed, and nothing that sends: that Microsoft itself refuses to send for us is the guarantee."""
    if any("send" in each for each in granted):
        raise Refused(
            f"Microsoft would let account `{account.name}` send mail through this application, so nothing was kept. "
            f"Remove Mail.Send from its API permissions in Entra and from {_CONSENTS}, then: {command(account)}"
        )
    if missing := [each for each in asked if _last(each) not in granted]:
        names = ", ".join(each.rpartition("/")[2] for each in missing)
        raise Refused(
            f"Microsoft did not grant all that account `{account.name}` needs ({names}). Add it to the application's "
            f"API permissions in Entra, then {sign_in_again(account)}"
        )


def _refuse(account: Account, answer: dict[str, Any]) -> NoReturn:
    """Microsoft's error as a sentence."""
    error, numbers = str(answer.get("error", "")), answer.get("error_codes")
    known = [_CODES[each] for each in numbers if each in _CODES] if isinstance(numbers, list) else []
    if known:
        raise Refused(f"account `{account.name}`: {known[0]}. Then {sign_in_again(account)}")
    if error in ("invalid_grant", "interaction_required", "login_required", "consent_required"):
        raise Refused(
            f"Microsoft has ended the sign-in of account `{account.name}` (revoked, a changed password, a new rule of "
            f"your organisation, or 90 days without use); {sign_in_again(account)}"
        )
    if error in ("access_denied", "authorization_declined"):
        raise Refused(f"access was not granted to account `{account.name}`; {sign_in_again(account)}")
    if error in ("authorization_pending", "expired_token", "slow_down", "code_expired"):
        raise Refused(f"nobody entered the code in time; {sign_in_again(account)}")
    if not error or error in _FOR_NOW:
        raise _no_use()
    named = error if error.isascii() and error.replace("_", "").isalnum() and len(error) < 50 else "unknown"
    raise Refused(f"Microsoft does not sign in account `{account.name}` ({named}); {sign_in_again(account)}")


def _no_use() -> Unavailable:
    return Unavailable("Microsoft's sign-in server gave no answer that can be used. Afterword tries again by itself")
