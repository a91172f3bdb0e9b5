"""Access tokens: where they come from and how they are renewed. Nobody here knows a mail protocol.

An account gets its token from a program (``token:``), from Google (``client:``) or from Microsoft (``client_id:``).
The concrete source is imported late, so that a password user loads neither Google's nor Microsoft's library.
"""

from connectors.account import Account
from connectors.oauth.source import scopes_of, source_of
from connectors.oauth.store import Store
from connectors.oauth.stored import StoredTokens, keep
from connectors.oauth.tokens import AccessTokens, FromProgram
from connectors.oauth.values import Asking, TokenAge, command, needs_library, sign_in_again
from connectors.port import Refused

__all__ = [
    "AccessTokens",
    "Asking",
    "FromProgram",
    "TokenAge",
    "age",
    "command",
    "needs_library",
    "scopes_of",
    "sign_in",
    "sign_in_again",
    "signs_in",
    "tokens_of",
]


def tokens_of(account: Account, *, scopes: tuple[str, ...]) -> AccessTokens:
    """Where this account's tokens come from. ``scopes`` are what the connector needs, and all it may be granted.

    Raises ``Refused`` for an account that is configured without any way to sign in, or whose ``client:`` is none.
    """
    if account.token is not None:
        return FromProgram(account.token)
    source = source_of(account)
    if source is None:
        raise Refused(f"account `{account.name}` has no way to sign in; see docs/config.md")
    return StoredTokens(
        account,
        client_id=source.client_id(),
        scopes=scopes,
        renew=lambda renewal: source.renew(scopes, renewal),
    )


def signs_in(account: Account) -> bool:
    """Whether the account has a sign-in of its own to be made with ``sign_in`` and kept here."""
    return account.token is None and source_of(account) is not None


def sign_in(account: Account, *, asking: Asking, device: bool = False) -> None:
    """Sign in interactively and keep what it gives. ``device``: with a code that is entered on any device.

    Raises ``Refused`` when the user or the provider says no, ``Unavailable`` when the sign-in server does not answer.
    """
    source = source_of(account)
    if source is None or account.token is not None:
        raise Refused(f"account `{account.name}` needs no sign-in: its password or token comes from its own source")
    scopes, client_id = scopes_of(account), source.client_id()
    keep(account, source.sign_in(scopes, asking, device=device), client_id=client_id, scopes=scopes)


def age(account: Account) -> TokenAge | None:
    """How old the stored sign-in is; None when there is none. Quick: no keyring is asked. Raises ``Refused``."""
    if not signs_in(account):
        return None
    kept = Store(account).glance()
    return kept.age if kept is not None else None
