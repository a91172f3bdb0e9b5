"""What goes wrong between here and Microsoft: each failure by its name, the token in no wrong hands."""

import base64
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from connectors.outlook.failures import SaysNo
from connectors.outlook.service import Service
from connectors.port import Failure, Refused, Unavailable
from tests.contract.mails import ago, draft, mail
from tests.contract.outlook_world import OutlookWorld, account_on
from tests.contract.world import read_all
from tests.servers.graph import GraphServer

PORTAL = "<html><title>Free Wi-Fi</title><body>Welcome, victim@example.org! Please sign in.</body></html>"


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


def _service(world: OutlookWorld) -> tuple[Service, list[float]]:
    pauses: list[float] = []
    return Service(world.account, pause=pauses.append), pauses


# Tokens ---------------------------------------------------------------------------------------------------------------


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


# Whose mailbox --------------------------------------------------------------------------------------------------------


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


# The network and the service ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, PORTAL, {}),
        (511, PORTAL, {}),
        (302, "", {"Location": "/v1.0/me"}),
        (401, PORTAL, {}),
        (403, PORTAL, {}),
        (200, "", {}),
        (200, "[]", {}),
        (200, '{"value": "no list"', {}),
        (200, "[" * 100_000, {}),
        (200, "{}", {"Content-Encoding": "gzip"}),
    ],
)
def test_what_is_not_graph_is_a_pause(world: OutlookWorld, status: int, body: str, headers: dict[str, str]) -> None:
    """A captive portal and every other odd answer: tried again later, and no word of it shown."""
    world.server.fail("GET", "/me", status, body, headers=headers, times=2)
    with pytest.raises(Unavailable) as failure, world.open():
        pass
    assert "victim" not in str(failure.value)
    assert len(str(failure.value)) > 20


@pytest.mark.parametrize("status", [302, 500])
def test_a_long_refusal_is_not_read(world: OutlookWorld, status: int) -> None:
    """An error or a redirect of many megabytes costs no memory."""
    world.server.fail("GET", "/me", status, "x" * 30_000_000, headers={"Location": "/v1.0/me"})
    service, _ = _service(world)
    tracemalloc.start()
    try:
        with pytest.raises(Unavailable):
            service.row("/me")
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("ending", ["/me", "delta", r"/\$value"])
def test_a_truncated_answer_is_a_pause(world: OutlookWorld, ending: str) -> None:
    """Half a page, and half a mail: neither is taken for the whole."""
    world.server.fail("GET", ending, 200, cut=True, times=2)
    with pytest.raises(Unavailable), world.open() as mailbox:
        read_all(mailbox, not_before=ago(days=1))


def test_a_portal_is_not_read_as_a_mail(world: OutlookWorld) -> None:
    """Set aside as unreadable, the mail would be skipped for ever."""
    world.server.fail("GET", r"/\$value", 200, PORTAL, headers={"Content-Type": "text/html; charset=utf-8"})
    with world.open() as mailbox:
        with pytest.raises(Unavailable, match="web page"):
            read_all(mailbox, not_before=ago(days=1))
        assert len(read_all(mailbox, not_before=ago(days=1))) == 1


@pytest.mark.parametrize("value", ["null", '"x"', "[7]", '{"a": 1}'])
def test_a_page_of_something_else_is_no_crash(world: OutlookWorld, value: str) -> None:
    """Whatever stands where the list should be: a failure of the port, or rows that are skipped."""
    world.server.fail("GET", "delta", 200, f'{{"value": {value}, "@odata.deltaLink": 5}}')
    with pytest.raises(Failure), world.open() as mailbox:
        read_all(mailbox, not_before=ago(days=1))


def test_a_link_to_elsewhere_is_not_followed(world: OutlookWorld) -> None:
    """The token would go with it."""
    service, _ = _service(world)
    for link in ("https://evil.example/v1.0/me", world.server.url + ".evil.example/me", 5):
        world.server.fail("GET", "/me/messages", 200, {"value": [], "@odata.nextLink": link})
        with pytest.raises(Unavailable, match="elsewhere"):
            service.page("/me/messages")


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("ErrorAccessDenied", Refused, "Mail.ReadWrite"),
        ("Authorization_RequestDenied", Refused, "administrator"),
    ],
)
def test_missing_permissions_are_the_users_to_give(
    world: OutlookWorld, code: str, kind: type[Failure], words: str
) -> None:
    world.server.fail("GET", "/me", 403, {"error": {"code": code, "message": "victim@example.org"}})
    with pytest.raises(kind, match=words) as failure, world.open():
        pass
    assert "victim" not in str(failure.value)


def test_a_mailbox_on_the_companys_own_server_is_named(world: OutlookWorld) -> None:
    """Hybrid Exchange: Graph sees the person but not the mail."""
    world.server.fail("GET", "delta", 404, {"error": {"code": "MailboxNotEnabledForRESTAPI"}})
    with pytest.raises(Refused, match="connector: imap"), world.open() as mailbox:
        read_all(mailbox, not_before=ago(days=1))


def test_a_pause_that_is_asked_for_is_kept(world: OutlookWorld) -> None:
    """429 with Retry-After: waited so long and a little more, and the reading goes on."""
    service, pauses = _service(world)
    world.server.fail("GET", "/me", 429, {"error": {"code": "TooManyRequests"}}, headers={"Retry-After": "7"}, times=2)
    assert service.row("/me")["mail"] == world.account.address
    assert len(pauses) == 2
    assert all(7 <= each < 10 for each in pauses)
    assert pauses[0] != pauses[1], "no two clients come back at the same moment"


def test_pauses_are_bounded(world: OutlookWorld) -> None:
    """Three times, and never longer than half a minute: then the account rests, not its thread."""
    service, pauses = _service(world)
    busy = {"error": {"code": "ApplicationThrottled"}}
    world.server.fail("GET", "/me", 429, busy, times=9)
    with pytest.raises(Unavailable, match="pause"):
        service.row("/me")
    assert len(pauses) == 3
    world.server.faults.clear()
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1))
    for asked in ("3600", "9" * 50, until, "-5", "nonsense", "²"):
        world.server.fail("GET", "/me", 429, busy, headers={"Retry-After": asked} if asked != "²" else {}, times=9)
        with pytest.raises(Unavailable, match="pause"):
            service.row("/me")
        world.server.faults.clear()
    assert len(pauses) <= 3 + 4 * 3
    assert all(each < 30 for each in pauses)


def test_a_draft_that_was_put_off_is_placed(world: OutlookWorld) -> None:
    """429 means that nothing was done, so making a draft may be repeated; after 503 nobody knows."""
    busy = {"error": {"code": "TooManyRequests"}}
    world.server.fail("POST", "/me/messages", 429, busy, headers={"Retry-After": "0"})
    with world.open() as mailbox:
        mailbox.place_draft(draft(world.account.address))
        world.server.fail("POST", "/me/messages", 503, busy, headers={"Retry-After": "0"})
        with pytest.raises(Unavailable):
            mailbox.place_draft(draft(world.account.address))
    assert len(world.drafts()) == 1
    assert len(world.server.written()) == 3


def test_another_refusal_shows_only_its_code(world: OutlookWorld) -> None:
    service, _ = _service(world)
    for code, shown in (("ErrorInvalidIdMalformed", "ErrorInvalidIdMalformed"), ("a b@c.example", "an unknown code")):
        world.server.fail("GET", "/me", 400, {"error": {"code": code, "message": "victim@example.org"}})
        with pytest.raises(SaysNo, match=shown) as failure:
            service.row("/me")
        assert "@" not in str(failure.value)
