"""Whose tokens an account takes, and what it asks them for. Google's and Microsoft's halves are imported when used."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from connectors.account import Account
from connectors.oauth.values import Asking, Fresh
from connectors.port import Refused

if TYPE_CHECKING:
    from connectors.oauth import google

GMAIL = ("https://www.googleapis.com/auth/gmail.readonly", "https://www.googleapis.com/auth/gmail.compose")
"""Reading, and drafts; there is no smaller scope for drafts (developers.google.com/workspace/gmail/api/auth/scopes)."""
GRAPH = ("Mail.ReadWrite", "User.Read")
"""Reading and drafts, and whose mailbox it is. Never Mail.Send (learn.microsoft.com/graph/permissions-reference)."""
GOOGLE_IMAP = "https://mail.google.com/"
"""Google has no smaller scope for IMAP (developers.google.com/workspace/gmail/imap/xoauth2-protocol)."""
MICROSOFT_IMAP = "https://outlook.office.com/IMAP.AccessAsUser.All"
"""learn.microsoft.com: Authenticate an IMAP, POP or SMTP connection using OAuth."""
_SOVEREIGN = ("login.microsoftonline.us", "login.partner.microsoftonline.cn", "login.chinacloudapi.cn")
"""The sign-in servers of the American government's cloud and of China's (learn.microsoft.com/graph/deployments)."""


class Source(Protocol):
    """A provider's sign-in for one account."""

    def client_id(self) -> str:
        """Which client the provider knows us as: tokens of one are nothing to another."""
        ...

    def sign_in(self, scopes: tuple[str, ...], asking: Asking, *, device: bool) -> Fresh:
        """Ask the user."""
        ...

    def renew(self, scopes: tuple[str, ...], renewal: str) -> Fresh:
        """Ask the provider."""
        ...


def source_of(account: Account) -> Source | None:
    """None for an account with a password, a program, or nothing."""
    if account.client is not None:
        return _Google(account, account.client)
    if account.client_id:
        return _Microsoft(account)
    return None


def scopes_of(account: Account) -> tuple[str, ...]:
    """What the account's connector needs, and nothing else."""
    if account.connector == "gmail":
        return GMAIL
    if account.connector == "outlook":
        return _graph(account.endpoint)
    return (GOOGLE_IMAP,) if account.client is not None else (_microsoft_imap(account),)


def _microsoft_imap(account: Account) -> str:
    """A sovereign cloud's Exchange is a resource of its own, named as its host (learn.microsoft.com: API endpoints of
    Office 365 operated by 21Vianet); an authority of any other name is believed to be Microsoft's usual one."""
    if urlsplit(account.authority).hostname in _SOVEREIGN:
        return MICROSOFT_IMAP.replace("outlook.office.com", account.host)
    return MICROSOFT_IMAP


def _graph(endpoint: str) -> tuple[str, ...]:
    """Sovereign clouds want their own address before each scope (learn.microsoft.com/graph/deployments)."""
    cloud = urlsplit(endpoint)
    if cloud.scheme != "https" or cloud.hostname == "graph.microsoft.com":
        return GRAPH
    return tuple(f"https://{cloud.netloc}/{each}" for each in GRAPH)


@dataclass(frozen=True)
class _Google:
    account: Account
    path: Path

    def client_id(self) -> str:
        return self._client().client_id

    def sign_in(self, scopes: tuple[str, ...], asking: Asking, *, device: bool) -> Fresh:
        from connectors.oauth import google  # imported when used: a password user waits for no web library

        if device:
            raise Refused("Google gives no device codes for mail; use `--no-browser` and open the link elsewhere")
        return google.sign_in(self.account, self._client(), scopes, asking)

    def renew(self, scopes: tuple[str, ...], renewal: str) -> Fresh:
        from connectors.oauth import google  # as above

        return google.renew(self.account, self._client(), scopes, renewal)

    def _client(self) -> "google.Client":
        from connectors.oauth import google  # as above

        return google.client_of(self.path, self.account.authority)


@dataclass(frozen=True)
class _Microsoft:
    account: Account

    def client_id(self) -> str:
        return self.account.client_id

    def sign_in(self, scopes: tuple[str, ...], asking: Asking, *, device: bool) -> Fresh:
        from connectors.oauth import microsoft  # as above

        return microsoft.sign_in(self.account, scopes, asking, device=device)

    def renew(self, scopes: tuple[str, ...], renewal: str) -> Fresh:
        from connectors.oauth import microsoft  # as above

        return microsoft.renew(self.account, scopes, renewal)
