"""The token in the right hands, for the right mailbox, and never one that could send."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.outlook.service import Service
from connectors.port import Refused
from tests.contract.mails import ago, mail
from tests.contract.outlook_world import OutlookWorld, account_on
from tests.contract.world import read_all
from tests.servers.graph import GraphServer


@pytest.fixture
def world() -> Iterator[OutlookWorld]:
    """A mailbox with one mail."""
    with GraphServer() as server:
        one = OutlookWorld(server)
        one.deliver(mail(one.account.address))
        yield one


@dataclass
class Prints:
    """A program that prints these tokens, one after the other, and the last for ever."""

    tokens: list[str]

    def reveal(self) -> str:
        return self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]


def _jwt(**claims: str) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in ({}, claims)]
    return ".".join([*parts, "signature"])


def _read(world: OutlookWorld) -> int:
    with world.open() as mailbox:
        return len(read_all(mailbox, not_before=ago(days=1)))


def test_an_expired_token_is_renewed_once(world: OutlookWorld) -> None:
    world.account = account_on(world.server, token=Prints(["old", world.server.token]))
    assert _read(world) == 1


def test_a_token_that_expires_in_the_middle_is_renewed(world: OutlookWorld) -> None:
    """Between two requests of one connection."""
    with world.open() as mailbox:
        world.server.token = "token-2"
        assert len(read_all(mailbox, not_before=ago(days=1))) == 1


def test_a_refused_token_is_the_users_to_renew(world: OutlookWorld) -> None:
    """Asked for anew once, not for ever; the sentence names the command."""
    world.account = account_on(world.server, token=Prints(["wrong"]))
    with pytest.raises(Refused, match="afterword auth outlook"), world.open():
        pass
    assert len(world.server.requests) == 2


@pytest.mark.parametrize(
    "scope", ["Mail.ReadWrite Mail.Send", "Mail.Send.Shared", "https://graph.microsoft.com/Mail.Send"]
)
def test_a_token_that_could_send_is_not_used(world: OutlookWorld, scope: str) -> None:
    """Not one request is made with it."""
    world.server.token = _jwt(scp=scope)
    with pytest.raises(Refused, match=r"Mail\.Send"), world.open():
        pass
    assert world.server.requests == []


@pytest.mark.parametrize(
    "token", [_jwt(scp="Mail.ReadWrite User.Read"), _jwt(aud="x"), "EwB4A8l6opaque", "a.%%%.c", "..", "a.W10.c"]
)
def test_other_tokens_are_used(world: OutlookWorld, token: str) -> None:
    """Personal accounts have opaque tokens, which say nothing of their scopes."""
    world.server.token = token
    assert _read(world) == 1


@pytest.mark.parametrize("token", ["naïve", "two words", "tab\there", "\x00", "“quoted”"])
def test_what_is_no_token_is_the_users_to_mend(world: OutlookWorld, token: str) -> None:
    """A program that prints a sentence instead: no crash, no request."""
    world.account = account_on(world.server, token=Prints([token]))
    with pytest.raises(Refused, match="no access token"), world.open():
        pass
    assert world.server.requests == []


def test_no_netrc_takes_the_tokens_place(world: OutlookWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """requests would send a password of the user's own there, instead of the token."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ana password hunter2\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    assert _read(world) == 1
    assert {each.headers["authorization"] for each in world.server.requests} == {"Bearer token-1"}


def test_an_unprotected_endpoint_is_refused(world: OutlookWorld) -> None:
    """http:// is for this machine only: a token is a password."""
    for endpoint in (
        "http://graph.microsoft.com/v1.0",
        "ftp://127.0.0.1",
        "graph.microsoft.us",
        "http://127.0.0.1.evil.example",
    ):
        with pytest.raises(Refused, match="https://"):
            Service(account_on(world.server, endpoint=endpoint))


def test_a_sovereign_cloud_needs_no_version(world: OutlookWorld) -> None:
    assert (
        Service(account_on(world.server, endpoint="https://graph.microsoft.us/")).base
        == "https://graph.microsoft.us/v1.0"
    )
    assert Service(account_on(world.server, endpoint="")).base == "https://graph.microsoft.com/v1.0"


def test_another_persons_mailbox_is_refused(world: OutlookWorld) -> None:
    """A sign-in that opens another mailbox than the configured one: nothing of it is read."""
    world.account = account_on(world.server, addresses=("somebody.else@example.org",))
    with pytest.raises(Refused, match="another mailbox") as failure, world.open():
        pass
    assert "example" not in str(failure.value)
    assert {each.path for each in world.server.requests} == {"/me"}


def test_an_alias_is_ones_own(world: OutlookWorld) -> None:
    """Proxy addresses count, in any letter case."""
    world.server.graph.proxies = ["SMTP:ana@contoso.example", "smtp:A.Sousa@Contoso.example", "X500:/o=x"]
    world.account = account_on(world.server, addresses=("a.sousa@contoso.example",))
    assert _read(world) == 1


def test_an_account_without_proxies_is_asked_in_vain(world: OutlookWorld) -> None:
    """Personal accounts may refuse the property: that is no crash, and no match."""
    world.server.fail("GET", "/me", 200, {"userPrincipalName": 7, "mail": None})
    world.server.fail("GET", "/me", 400, {"error": {"code": "BadRequest"}})
    with pytest.raises(Refused, match="another mailbox"), world.open():
        pass
