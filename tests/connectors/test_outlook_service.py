"""What goes wrong between here and Microsoft: each failure by its name."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.outlook import news as outlook_news
from connectors.outlook import service as outlook_service
from connectors.outlook.failures import SaysNo
from connectors.outlook.service import Service
from connectors.port import Failure, Refused, Unavailable
from tests.contract.mails import ago, draft, mail
from tests.contract.outlook_world import OutlookWorld
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


def _service(world: OutlookWorld) -> tuple[Service, list[float]]:
    pauses: list[float] = []
    return Service(world.account, pause=pauses.append), pauses


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


def test_a_list_without_an_end_is_a_pause(world: OutlookWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty pages that lead to themselves, in a list and in the changes."""
    for module in (outlook_service, outlook_news):
        monkeypatch.setattr(module, "PAGES", 10)
    page = {"value": [], "@odata.nextLink": f"{world.server.url}/me/messages?$skip=1"}
    with world.open() as mailbox:
        world.server.fail("GET", "/me/messages", 200, page, times=100)
        with pytest.raises(Unavailable, match="without an end"):
            mailbox.place_draft(draft(world.account.address))
        page["@odata.nextLink"] = f"{world.server.url}/me/mailFolders/inbox/messages/delta?$skiptoken=1"
        world.server.fail("GET", "delta", 200, page, times=100)
        with pytest.raises(Unavailable, match="on and on"):
            list(mailbox.changes(None, not_before=ago(days=1)))
    assert len(world.server.requests) < 40


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
        with pytest.raises(Unavailable, match="pause") as failure:
            service.row("/me")
        world.server.faults.clear()
        if asked in ("3600", until):
            assert 3590 < failure.value.rest <= 3600, "the daemon has to know"
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
