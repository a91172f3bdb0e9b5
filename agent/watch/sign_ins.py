"""What is seen of an account's stored sign-in: that the user made it anew, and that it will soon be over."""

from collections.abc import Callable
from datetime import datetime, timedelta

from agent.alerts import Alert, AlertKind
from agent.config.settings import Settings
from agent.journal import Journal
from agent.timetable import is_quiet
from connectors import oauth
from connectors.account import Account
from connectors.port import Refused

AHEAD = timedelta(days=1)
"""How long before its end the user is told: time for a day without a desk."""


class SignInWatch:
    """Whether one account's sign-in was made anew; accounts with a password have nothing to be seen."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._tried: datetime | None = None

    def remember(self) -> None:
        """The account is tried now, with the sign-in that is there."""
        self._tried = self._made()

    def is_new(self) -> bool:
        """Whether the user has signed in since; renewing alone does not count, or a refusal would repeat itself."""
        return self._made() != self._tried

    def _made(self) -> datetime | None:
        age = _age(self._account)
        return age.signed_in if age is not None else None


def tell_ending(
    account: Account, settings: Settings, journal: Journal, now: datetime, tell: Callable[[Alert], None]
) -> None:
    """Tell the user that the sign-in ends within a day (Google's clients in testing): once, whoever looks and however
    often. In quiet hours it waits for later. Raises ``StoreTrouble``."""
    age = _age(account)
    if age is None or age.ends is None or age.ends - now > AHEAD or is_quiet(now, settings.clock):
        return
    with journal.writing() as writer:
        if writer.account(account.name).told_ending == age.ends:
            return
        writer.note_account(account.name, told_ending=age.ends)
    when = age.ends.astimezone(settings.clock.timezone).strftime("%Y-%m-%d %H:%M")
    tell(
        Alert(
            kind=AlertKind.TROUBLE,
            case=None,
            title=f"Account {account.name}",
            sentence=f"Its sign-in ends at {when}. Until then all goes on. Renew it: {oauth.command(account)}",
        )
    )


def _age(account: Account) -> oauth.TokenAge | None:
    try:
        return oauth.age(account)
    except Refused:  # cannot be read: who connects is told so
        return None
