"""Access tokens out of a stored sign-in: given from memory, renewed when their time is over or the server says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connectors.account import Account
from connectors.oauth.store import Store
from connectors.oauth.values import Fresh, SignIn, TokenAge, Tokens, command, sign_in_again
from connectors.port import Refused

_EARLY = timedelta(minutes=5)
"""A token is renewed so long before its end: what is begun with it shall still be answered."""

Renew = Callable[[str], Fresh]
"""What was kept for renewing to new tokens; raises ``Refused`` when the sign-in is over, and ``Unavailable``."""


class StoredTokens:
    """The tokens of one account. Several of these, in several processes too, share one store."""

    def __init__(self, account: Account, *, client_id: str, scopes: tuple[str, ...], renew: Renew) -> None:
        self._account, self._client_id, self._scopes, self._renew = account, client_id, scopes, renew
        self._store = Store(account)
        self._tokens: Tokens | None = None

    def current(self) -> str:
        """As ``AccessTokens`` has it."""
        if self._tokens is None or not _lasts(self._tokens):
            self._tokens = self._kept_or_renewed(refused=None)
        return self._tokens.access

    def renewed(self) -> str:
        """As ``AccessTokens`` has it. Our clock is not asked: the server knows better, and ours may be wrong."""
        self._tokens = self._kept_or_renewed(refused=self._tokens.access if self._tokens else None)
        return self._tokens.access

    def _kept_or_renewed(self, *, refused: str | None) -> Tokens:
        """Another process may have renewed already; a refresh token that rotates must not be used twice."""
        with self._store.locked():
            kept, tokens = self._ours()
            if _lasts(tokens) and tokens.access != refused:
                return tokens
            fresh = self._renew(tokens.renewal)
            age = replace(kept.age, renewed=now(), ends=fresh.ends or kept.age.ends)
            self._store.save(replace(kept, age=age), fresh.tokens)  # before anybody uses what it gives
        return fresh.tokens

    def _ours(self) -> tuple[SignIn, Tokens]:
        """What is stored, if it was stored for this account as it is configured now."""
        found = self._store.load()
        if found is None:
            raise Refused(f"nobody signed in to account `{self._account.name}` yet. Do it: {command(self._account)}")
        kept, again = found[0], sign_in_again(self._account)
        if not self._account.owns(kept.address):
            raise Refused(f"the stored sign-in of account `{self._account.name}` is for another address; {again}")
        if kept.client_id != self._client_id or not set(self._scopes) <= set(kept.scopes):
            raise Refused(
                f"the stored sign-in of account `{self._account.name}` was made for another client or another "
                f"connector; {again}"
            )
        return found


def keep(account: Account, fresh: Fresh, *, client_id: str, scopes: tuple[str, ...]) -> None:
    """Store a sign-in that the user has just made, in the place of the former one."""
    store, moment = Store(account), now()
    age = TokenAge(signed_in=moment, renewed=moment, ends=fresh.ends)
    with store.locked():
        store.save(SignIn(address=account.address, client_id=client_id, scopes=scopes, age=age), fresh.tokens)


def expiry(seconds: object, *, at_most: timedelta = timedelta(days=1)) -> datetime:
    """When a token ends that lives so many seconds (RFC 6749 5.1); without a sensible number, in an hour."""
    try:
        length = timedelta(seconds=float(seconds))  # type: ignore[arg-type] # whatever the server said
    except (TypeError, ValueError, OverflowError):
        length = timedelta(hours=1)
    return now() + max(timedelta(0), min(length, at_most))


def now() -> datetime:
    """The computer's clock. When it is wrong a token is renewed too early, or when the server refuses it."""
    return datetime.now(UTC)


def _lasts(tokens: Tokens) -> bool:
    return tokens.expires - now() > _EARLY
