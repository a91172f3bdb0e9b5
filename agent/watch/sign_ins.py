"""What the daemon sees of an account's stored sign-in: that the user made it anew, and that it will soon be over."""

from datetime import datetime, timedelta

from agent.alerts import Alert, AlertKind
from agent.config.settings import Settings
from connectors import oauth
from connectors.account import Account
from connectors.port import Refused

AHEAD = timedelta(days=1)
"""How long before its end the user is told: time for a day without a desk."""


class SignInWatch:
    """One account's; accounts with a password have nothing to be seen."""

    def __init__(self, account: Account, settings: Settings) -> None:
        self._account, self._settings = account, settings
        self._tried: datetime | None = None
        self._told: datetime | None = None

    def remember(self) -> None:
        """The account is tried now, with the sign-in that is there."""
        self._tried = self._made()

    def is_new(self) -> bool:
        """Whether the user has signed in since; renewing alone does not count, or a refusal would repeat itself."""
        return self._made() != self._tried

    def ending(self, now: datetime) -> Alert | None:
        """What the user is told, once, when the sign-in ends within a day (Google's clients in testing)."""
        age = self._age()
        if age is None or age.ends is None or age.ends == self._told or age.ends - now > AHEAD:
            return None
        self._told = age.ends
        when = age.ends.astimezone(self._settings.clock.timezone).strftime("%Y-%m-%d %H:%M")
        return Alert(
            kind=AlertKind.TROUBLE,
            case=None,
            title=f"Account {self._account.name}",
            sentence=f"Its sign-in ends at {when}. Until then all goes on. Renew it: {oauth.command(self._account)}",
        )

    def _made(self) -> datetime | None:
        age = self._age()
        return age.signed_in if age is not None else None

    def _age(self) -> oauth.TokenAge | None:
        try:
            return oauth.age(self._account)
        except Refused:  # cannot be read: who connects is told so
            return None
