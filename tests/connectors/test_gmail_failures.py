"""What goes wrong with Google has a name, a sentence that says what to do, and no word of a mail or an address."""

import gzip
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httplib2
import pytest

from connectors.account import Account
from connectors.gmail.failures import named
from connectors.oauth import scopes_of
from connectors.port import Failure, Query, Refused, Unavailable
from tests.contract.gmail_world import GmailWorld, account_on
from tests.contract.mails import ago, mail
from tests.contract.world import read_all
from tests.servers.certificates import usual_certificates
from tests.servers.gmail import TOKEN, Gmail
from tests.servers.gmail_trouble import Reply, answers, cut, error, fails, portal, truncated

ME = "ana@example.org"


@pytest.fixture
def world() -> Iterator[GmailWorld]:
    """An empty mailbox."""
    with Gmail() as server:
        yield GmailWorld(server)


@dataclass
class Rotating:
    """A program that prints another token each time it is asked."""

    tokens: list[str]

    def reveal(self) -> str:
        return self.tokens.pop(0)


def _open(world: GmailWorld) -> None:
    with world.open():
        pass


def test_the_scopes_are_two() -> None:
    """Reading, and drafts; nothing broader."""
    account = Account(name="gmail", connector="gmail", addresses=(ME,))
    assert scopes_of(account) == (
        "https://www.googleapis.com/auth/gmail.readonly",
        "https://www.googleapis.com/auth/gmail.compose",
    )


def test_an_expired_token_is_renewed_in_the_middle(world: GmailWorld) -> None:
    """Google refuses it, a new one is asked for, and the reading goes on; a draft is made once."""
    world.account = replace(world.account, token=Rotating([TOKEN, "ya29.new"]))
    with world.open() as mailbox:
        world.server.tokens = {"ya29.new"}
        world.deliver(mail(ME))
        assert len(read_all(mailbox, not_before=ago(days=1))) == 1


def test_a_revoked_sign_in_is_refused_after_one_renewal(world: GmailWorld) -> None:
    """Not asked for again and again: the sentence names the command."""
    world.server.tokens = set()
    with pytest.raises(Refused, match="the program under `token:` must give another"):
        _open(world)
    assert len(world.server.asked) == 2


def test_the_sign_in_of_another_mailbox_is_refused(world: GmailWorld) -> None:
    """Two Google accounts are easily mixed up; nothing is read or written."""
    world.server.store.address = "somebody.else@example.org"
    with pytest.raises(Refused, match="another mailbox") as refused:
        _open(world)
    assert "example.org" not in str(refused.value)
    assert [each.path for each in world.server.asked] == ["/gmail/v1/users/me/profile"]


@pytest.mark.parametrize(
    ("told", "configured"),
    [("ana.sousa@gmail.com", "AnaSousa@googlemail.com"), ("Ana@Example.org", "ana@example.org")],
)
def test_gmails_ways_to_write_an_address_are_one(world: GmailWorld, told: str, configured: str) -> None:
    """Dots, letter case and the older domain do not make another mailbox."""
    world.server.store.address = told
    world.account = replace(world.account, addresses=(configured,))
    _open(world)


NO = {
    "a right is missing": (403, "insufficientPermissions", Refused, "both boxes"),
    "the API is off": (403, "accessNotConfigured", Refused, "step 2"),
    "the administrator": (403, "domainPolicy", Refused, "administrator"),
    "the day's quota": (403, "dailyLimitExceeded", Unavailable, "tomorrow"),
    "another 403": (403, "forbidden", Unavailable, "403 forbidden"),
    "a 400": (400, "failedPrecondition", Unavailable, "400 failedprecondition"),
}


@pytest.mark.parametrize(("status", "reason", "kind", "words"), NO.values(), ids=list(NO))
def test_a_no_says_what_to_do(world: GmailWorld, status: int, reason: str, kind: type[Failure], words: str) -> None:
    """By Google's reason, once asked."""
    world.server.next("GET .*/profile", fails(status, reason))
    with pytest.raises(kind, match=words):
        _open(world)
    assert len(world.server.asked) == 1


def test_the_newer_form_of_an_error_is_understood() -> None:
    """As cloud.google.com/apis/design/errors has it: a status and details with a reason."""
    body = b'{"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [{"reason": "SERVICE_DISABLED"}]}}'
    assert "step 2" in str(named(_response(403), body, _CLIENT))
    body = b'{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}'
    assert "pause" in str(named(_response(429), body, _CLIENT))


_CLIENT = Account(name="my gmail", connector="gmail", addresses=(ME,))


def test_the_user_is_told_how_to_sign_in_again() -> None:
    """By the command, as it must be typed."""
    assert "afterword auth 'my gmail'" in str(named(_response(401), b"{}", _CLIENT))


def _response(status: int) -> httplib2.Response:
    return httplib2.Response({"status": str(status)})


def test_a_pause_is_kept_and_ends(world: GmailWorld) -> None:
    """As long as Google says and a little more, so that not all come back in the same moment."""
    world.server.next("GET .*/profile", fails(429, "rateLimitExceeded", retry_after="1"))
    start = time.monotonic()
    _open(world)
    assert 1 <= time.monotonic() - start < 2.5


def test_a_pause_without_a_time_is_short_at_first(world: GmailWorld) -> None:
    """A second, then two."""
    world.server.next("GET .*/profile", fails(403, "userRateLimitExceeded"))
    start = time.monotonic()
    _open(world)
    assert 1 <= time.monotonic() - start < 2.5


@pytest.mark.parametrize("after", ["3600", "999999"])
def test_a_long_pause_is_left_to_the_next_turn(world: GmailWorld, after: str) -> None:
    """The thread is not held for an hour."""
    world.server.next("GET .*/profile", fails(429, "rateLimitExceeded", retry_after=after))
    start = time.monotonic()
    with pytest.raises(Unavailable, match="pause") as failure:
        _open(world)
    assert time.monotonic() - start < 1
    assert failure.value.rest == float(after), "the daemon has to know"


def test_a_server_in_trouble_is_left_alone_after_some_tries(world: GmailWorld) -> None:
    """Six times, then the daemon's own pause."""
    world.server.next("GET .*/profile", *[fails(503, "backendError", retry_after="0")] * 20)
    with pytest.raises(Unavailable, match="trouble of its own"):
        _open(world)
    assert len(world.server.asked) == 6


def test_the_quota_of_a_minute_is_waited_for(world: GmailWorld) -> None:
    """A first reading of more mail than a minute's quota comes to its end."""
    for _ in range(30):
        world.deliver(mail(ME))
    world.server.allowance, world.server.window = 400, 1.0
    with world.open() as mailbox:
        assert len(read_all(mailbox, not_before=ago(days=1))) == 30


NOT_GOOGLE = {
    "a portal": portal,
    "half an answer": truncated,
    "no JSON": answers(b"{"),
    "no UTF-8": answers(b'{"a": "\xff"}'),
    "a list": answers(b"[]"),
    "nothing": answers(b""),
    "depth": answers(b'{"a":' * 100_000),
    "a portal's 403": lambda _: Reply(403, b"<html>blocked</html>", {"Content-Type": "text/html"}),
    "an error of no shape": lambda _: Reply(400, b'{"error": "x"}'),
    "packed": lambda _: Reply(200, gzip.compress(b'{"a": "' + b" " * 10_000 + b'"}'), {"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("chunked", [False, True], ids=["", "chunked"])
@pytest.mark.parametrize("act", NOT_GOOGLE.values(), ids=list(NOT_GOOGLE))
def test_what_is_no_answer_of_googles_is_unavailable(world: GmailWorld, act: object, chunked: bool) -> None:
    """A hotel's page, a cut line, a proxy's error: later it will be Google again."""
    world.server.chunked = chunked
    world.server.next("GET .*/profile", *[act] * 9)  # type: ignore[list-item]  # acts of several shapes
    with pytest.raises(Unavailable) as failure:
        _open(world)
    assert len(str(failure.value)) > 20
    assert "<html" not in str(failure.value)


def test_a_redirect_is_not_followed(world: GmailWorld) -> None:
    """Whoever sends us elsewhere is not Google, and gets no token."""
    with Gmail() as other:
        target = f"{other.url}/gmail/v1/users/me/profile"
        world.server.next("GET .*/profile", lambda _: Reply(302, b"", {"Location": target}))
        with pytest.raises(Unavailable, match="no answer of Google's"):
            _open(world)
        assert other.asked == []


def test_no_verb_lets_anything_else_out(world: GmailWorld) -> None:
    """A portal at any request of any verb is Unavailable, and afterwards all is as before."""
    world.deliver(mail(ME))
    with world.open() as mailbox:
        for verb in (
            lambda: read_all(mailbox, not_before=ago(days=1)),
            lambda: list(mailbox.search(Query(since=ago(days=9), correspondents=frozenset({"@acme.example"})))),
        ):
            for _ in range(3):
                world.server.next("GET", portal)
                with pytest.raises(Unavailable):
                    verb()
            verb()


def test_an_idle_connection_that_died_is_made_anew(world: GmailWorld) -> None:
    """Google closes what lies idle; that is no reason to call the mailbox unavailable."""
    with world.open() as mailbox:
        world.server.next("GET .*/messages", cut)
        assert read_all(mailbox, not_before=ago(days=1)) == []


def test_a_drip_does_not_hold_the_thread(world: GmailWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that comes byte by byte ends by the clock, not by its own will."""
    monkeypatch.setattr("connectors.gmail.line.PATIENCE", 0.3)

    def dripping(_: object) -> Reply:
        return Reply(200, b'{"historyId": "1"' + b" " * 200, drip=0.05)

    world.server.next("GET .*/profile", dripping)
    start = time.monotonic()
    with pytest.raises(Unavailable, match="does not answer"):
        _open(world)
    assert time.monotonic() - start < 3


def test_a_certificate_that_is_not_trusted_names_clock_and_network(tmp_path: Path) -> None:
    """With the authority given, the same server is good."""
    made = usual_certificates(tmp_path)
    with Gmail(certificates=made) as server:
        world = GmailWorld(server)
        with pytest.raises(Unavailable, match="clock may be wrong"):
            _open(world)
        assert server.asked == [], "no token left"
        world.account = account_on(server, ca=made.ca)
        _open(world)


def test_what_the_library_cannot_read_is_not_logged(world: GmailWorld, caplog: pytest.LogCaptureFixture) -> None:
    """Google's client logs a 403 that is no JSON, whole, as a warning."""
    world.server.next(
        "GET .*/profile", lambda _: Reply(403, b"<p>victim@example.org</p>", {"Content-Type": "text/html"})
    )
    with pytest.raises(Unavailable):
        _open(world)
    assert "victim" not in caplog.text


def test_no_token_and_no_address_is_in_a_failure(world: GmailWorld) -> None:
    """Nor in what it was raised from."""
    world.server.next("GET .*/profile", lambda _: error(400, f"{ME} said {TOKEN}"))
    with pytest.raises(Unavailable) as failure:
        _open(world)
    told = repr(failure.value) + repr(failure.value.__cause__) + repr(failure.value.args)
    assert ME not in told
    assert TOKEN not in told


def test_a_wait_costs_two_units_a_look(world: GmailWorld) -> None:
    """Four of the 6,000 units a minute, at two looks a minute."""
    from connectors.wake import Bell

    with world.open() as mailbox:
        before = world.server.spent
        mailbox.wait(timedelta(seconds=0.5), Bell())
        looks = world.server.count("/history")
        assert world.server.spent - before == 2 * looks
        assert 2 <= looks <= 5
