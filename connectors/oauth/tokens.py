"""``AccessTokens``: what a connector asks for, and the simplest source of them."""

from typing import Protocol

from connectors.secrets import Secret


class AccessTokens(Protocol):
    """The access tokens of one account (RFC 6749 1.4). Safe to ask before every request: answers come from memory."""

    def current(self) -> str:
        """A token that is valid now, renewed when its time is over.

        Raises ``Refused`` when the user must sign in again (the sentence names ``afterword auth ACCOUNT``),
        ``Unavailable`` when the sign-in server does not answer.
        """
        ...

    def renewed(self) -> str:
        """A new token, because the server has just refused ``current``; the same failures."""
        ...


class FromProgram:
    """Tokens that the user's own program prints and keeps fresh (``token: {command: [...]}``)."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._token: str | None = None

    def current(self) -> str:
        if self._token is None:
            self._token = self._secret.reveal()
        return self._token

    def renewed(self) -> str:
        self._token = None
        return self.current()
