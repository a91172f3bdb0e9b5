"""The connectors on tokens that are signed in for, kept and renewed: a token that ends while mail is being read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import connect
from connectors.account import Account
from connectors.oauth import sign_in
from connectors.port import Refused
from tests.contract.mails import ago, fresh_id, mail
from tests.contract.world import read_all
from tests.servers import USER
from tests.servers.gmail import Gmail
from tests.servers.graph import GraphServer
from tests.servers.oauth import SignInServer
from tests.servers.person import Person, at_home, google, microsoft


class Owned(set[str]):
    """The tokens that are the mailbox owner's at the provider, now."""

    def __init__(self, provider: SignInServer) -> None:
        super().__init__()
        self._provider = provider

    def __contains__(self, token: object) -> bool:
        return self._provider.owner(str(token)) == USER


class OwnedGraph(GraphServer):
    """Takes the token that the provider gave last, while it lives."""

    def __init__(self, provider: SignInServer) -> None:
        self._provider = provider
        super().__init__(USER)

    @property
    def token(self) -> str:
        return self._provider.latest() or "none"

    @token.setter
    def token(self, _: str) -> None:
        """The provider decides."""


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SignInServer]:
    """Trusted; a home without a keyring."""
    with SignInServer() as one:
        at_home(one, tmp_path, monkeypatch)
        yield one


@pytest.fixture(params=["gmail", "outlook"])
def account(request: pytest.FixtureRequest, provider: SignInServer, tmp_path: Path) -> Iterator[Account]:
    """A mailbox with one mail, signed in to."""
    raw = mail(USER, message_id=fresh_id())
    server: Gmail | GraphServer
    if request.param == "gmail":
        server = Gmail(USER)
        server.tokens = Owned(provider)
        server.store.insert(raw, {"INBOX", "UNREAD"})
        account = google(provider, tmp_path, endpoint=server.url)
    else:
        server = OwnedGraph(provider)
        server.store.put_mime(raw, "inbox")
        account = microsoft(provider, endpoint=server.url)
    sign_in(account, asking=Person(provider).with_a_link())
    with server:
        yield account


def test_a_token_that_ends_on_the_way(account: Account, provider: SignInServer) -> None:
    """Renewed once; nothing is missed, and the next connection begins with the new one."""
    with connect(account) as mailbox:
        assert len(read_all(mailbox, not_before=ago(days=1))) == 1
        provider.expire()
        assert len(read_all(mailbox, not_before=ago(days=1))) == 1
    with connect(account) as mailbox:
        assert len(read_all(mailbox, not_before=ago(days=1))) == 1
    assert provider.renewals() == 1


def test_a_sign_in_that_is_over(account: Account, provider: SignInServer) -> None:
    """Refused with the command, in the middle and for every connection after it; a new sign-in opens the mailbox."""
    with connect(account) as mailbox:
        provider.revoke()
        with pytest.raises(Refused, match=f"afterword auth {account.name}"):
            read_all(mailbox, not_before=ago(days=1))
    with pytest.raises(Refused, match=f"afterword auth {account.name}"), connect(account) as mailbox:
        read_all(mailbox, not_before=ago(days=1))
    sign_in(account, asking=Person(provider).with_a_link())
    with connect(account) as mailbox:
        assert len(read_all(mailbox, not_before=ago(days=1))) == 1
