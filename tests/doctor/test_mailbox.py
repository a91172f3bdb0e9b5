"""What is found of an account, on real servers: a healthy one, and one mistake at a time."""

import contextlib
import mailbox as maildir
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.config.settings import Me
from agent.doctor import Finding, State
from agent.doctor.machine import compared
from agent.doctor.mailbox import mailbox
from connectors.account import Account, Folders, Tls
from connectors.oauth.store import Store
from connectors.oauth.values import SignIn, TokenAge, Tokens
from connectors.secrets import FromCommand, FromFile
from tests.servers.dovecot import STRIPPED, Dovecot
from tests.servers.graph import GraphServer

NOW = datetime.now(UTC)
ME = Me(name="Alice")


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with Dovecot(tls=True, rawlog=True) as one:
        yield one


def account(server: Dovecot, **changes: object) -> Account:
    plain = Account(
        name="home", connector="imap", addresses=(server.user,), host=server.host, port=server.port, tls=Tls.NONE,
        username=server.user, password=FromCommand(("echo", server.password)),
    )  # fmt: skip
    return replace(plain, **changes)


def looked(account: Account, *, try_draft: bool = False) -> dict[str, Finding]:
    found = list(mailbox(account, NOW, me=ME, try_draft=try_draft))
    assert len({each.name for each in found}) == len(found)
    return {each.name: each for each in found}


def test_all_is_well(server: Dovecot) -> None:
    """Over TLS, with the authority named: each part is told, and the password nowhere."""
    assert server.certificates
    found = looked(account(server, port=server.tls_port, tls=Tls.IMPLICIT, ca=server.ca))
    assert [name for name, each in found.items() if each.state is State.FAIL] == []
    assert list(found) == ["secret", "server", "mailbox", "folders", "drafts", "sent", "extensions"]
    assert found["server"].state is State.WARN  # the test's own certificate ends the day after tomorrow
    assert "its certificate ends on" in found["server"].sentence
    assert "certificate days 1" in found["server"].facts
    assert found["drafts"].sentence.startswith("drafts go to `Drafts`")
    assert "IDLE" in found["extensions"].facts
    assert server.password not in str(found)


def test_it_only_looks(server: Dovecot) -> None:
    """No command that writes leaves for the server."""
    looked(account(server))
    said = b"".join(server.raw_bytes_sent_by_clients())
    assert b"EXAMINE" in said
    assert not any(word in said for word in (b"APPEND", b"CREATE", b"STORE", b"SELECT", b"FETCH"))


def test_a_pinned_certificate(server: Dovecot) -> None:
    """It is the pin that counts, not the authority and not the day it ends."""
    assert server.certificates
    pinned = account(server, port=server.tls_port, tls=Tls.IMPLICIT, fingerprint=server.certificates.fingerprint)
    found = looked(pinned)["server"]
    assert (found.state, found.facts[1]) == (State.OK, "pinned")
    assert "the one you pinned" in found.sentence


@pytest.mark.parametrize(
    ("changes", "name", "sentence", "needs_user"),
    [
        ({"password": FromCommand(("echo", "wrong"))}, "mailbox", "does not accept the user name or password", True),
        ({"password": FromFile(Path("/nowhere/pw"))}, "secret", "the password file /nowhere/pw cannot be read", True),
        ({"port": 9}, "server", "nobody answers at 127.0.0.1 port 9", False),
        ({"host": "nowhere.invalid", "tls": Tls.STARTTLS}, "server", "the name nowhere.invalid is not known", False),
        ({"tls": Tls.IMPLICIT}, "server", "no TLS at 127.0.0.1", False),
        ({"folders": Folders(watch=("INBX",))}, "folders", "there is no folder `INBX` in this mailbox", False),
    ],
    ids=["password", "file", "port", "host", "tls", "folder"],
)
def test_one_mistake(server: Dovecot, changes: dict[str, object], name: str, sentence: str, needs_user: bool) -> None:
    """Each is named once; what hangs on it is not tried; facts for strangers hold no word of it."""
    found = looked(account(server, **changes), try_draft=True)
    wrong = [each for each in found.values() if each.state is State.FAIL]
    assert [each.name for each in wrong] == [name]
    assert sentence in wrong[0].sentence
    assert wrong[0].needs_user is needs_user
    assert wrong[0].facts
    assert server.user not in str(wrong[0].facts)
    assert "127.0.0.1" not in str(wrong[0].facts)
    assert "draft" not in found or found["draft"].facts == ("not tried",)


def test_an_untrusted_certificate(server: Dovecot) -> None:
    """The pin that would accept it is shown, and nobody signs in."""
    assert server.certificates
    found = looked(account(server, port=server.tls_port, tls=Tls.IMPLICIT))
    assert found["server"].needs_user
    assert server.certificates.fingerprint in found["server"].sentence
    assert found["mailbox"].state is State.WARN


def test_a_poor_server() -> None:
    """No IDLE, no Drafts, nothing said of Sent: it works, and says what is different."""
    with Dovecot(capability=STRIPPED, drafts=None, special_use=False) as poor:
        found = looked(account(poor))
    assert found["drafts"].facts == ("missing",)
    assert found["sent"].facts == ("there",)
    assert "new mail is seen only at the next look" in found["extensions"].sentence


def test_a_draft_on_request(server: Dovecot) -> None:
    """One, named for what it is, to nobody; it is found again, and left for the user to delete."""
    found = looked(account(server), try_draft=True)["draft"]
    assert (found.state, found.facts) == (State.OK, ("untouched",))
    assert "Delete it" in found.todo
    raw = server.doveadm("fetch", "-u", server.user, "hdr", "mailbox", "Drafts", "all")
    assert raw.count("Subject: Afterword: a test draft, please delete it") == 1
    assert "\nTo:" not in raw


def test_drafts_that_take_none() -> None:
    """A mailbox without room says so before the first letter is due."""
    quota = (
        "mail_plugins = quota\nplugin {\n  quota = count:User quota\n  quota_rule = *:bytes=1\n  quota_vsizes = yes\n}"
    )
    with Dovecot(extra=quota) as full:
        found = looked(account(full), try_draft=True)["draft"]
    assert found.state is State.FAIL
    assert "the mailbox is full" in found.sentence


def test_a_maildir(tmp_path: Path) -> None:
    """There is no server and no secret; folders that are not there yet are told; the draft is a file."""
    box = maildir.Maildir(tmp_path / "Mail")
    own = Account(name="local", connector="maildir", addresses=("ana@example.org",), path=tmp_path / "Mail")
    found = looked(own, try_draft=True)
    assert list(found) == ["mailbox", "folders", "drafts", "sent", "draft"]
    assert [each.name for each in found.values() if each.state is not State.OK] == ["drafts", "sent"]
    assert [found[name].facts for name in ("drafts", "sent")] == [("missing",)] * 2
    assert len(box.get_folder("Drafts")) == 1


@pytest.mark.parametrize(
    ("ends", "state", "word"),
    [
        (None, State.OK, "signed in on"),
        (NOW + timedelta(days=5), State.OK, "it ends on"),
        (NOW + timedelta(hours=5), State.WARN, "it ends on"),
        (NOW - timedelta(hours=5), State.FAIL, "the sign-in has ended"),
    ],
)
def test_the_age_of_a_sign_in(
    ends: datetime | None, state: State, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How old, and when the provider wants the user again; then the command that does it is named."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    own = Account(
        name="work", connector="outlook", addresses=("a@contoso.example",), client_id="x", endpoint="http://127.0.0.1:9"
    )
    assert looked(own)["secret"].sentence == "nobody signed in yet"
    age = TokenAge(signed_in=NOW - timedelta(days=2), renewed=NOW, ends=ends)
    kept = SignIn(address="a@contoso.example", client_id="x", scopes=(), age=age)
    Store(own).save(kept, Tokens(access="a", expires=NOW, renewal="r"))
    found = looked(own)["secret"]
    assert (found.state, word in found.sentence) == (state, True)
    assert ("afterword auth work" in found.todo) is (state is not State.OK)


def test_the_clock_of_an_api() -> None:
    """The provider's own Date is compared with ours."""
    with GraphServer() as graph:
        own = Account(
            name="work", connector="outlook", addresses=(graph.store.owner,), endpoint=graph.url,
            token=FromCommand(("echo", graph.token)),
        )  # fmt: skip
        found = looked(own)
    assert found["clock"].sentence == "this computer's clock agrees with the provider's"
    assert found["mailbox"].state is State.OK


@pytest.mark.parametrize(("off", "said"), [(300, "5 min ahead of"), (-7200, "120 min behind"), (30, "agrees")])
def test_a_clock_that_is_off(off: int, said: str) -> None:
    """By how much and whither; half a minute is the network's."""
    found = compared(NOW, NOW + timedelta(seconds=off))
    assert said in found.sentence
    assert found.state is (State.OK if said == "agrees" else State.FAIL)


def test_a_server_that_hangs_up_on_us(server: Dovecot) -> None:
    """Stopped between two visits: a sentence, no exception."""
    gone = account(server)
    server.stop()
    try:
        with contextlib.suppress(StopIteration):
            found = looked(gone)
    finally:
        server.start()
    assert found["server"].state is State.FAIL
