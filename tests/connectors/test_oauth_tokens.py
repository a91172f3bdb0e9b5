"""Tokens that are kept: renewed in time, rotated without loss, and refused with a sentence."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from connectors import oauth
from connectors.account import Account
from connectors.oauth import AccessTokens, sign_in, tokens_of
from connectors.oauth.source import GMAIL, GRAPH, MICROSOFT_IMAP
from connectors.port import Refused, Unavailable
from tests.servers import USER
from tests.servers.oauth import Grant, SignInServer
from tests.servers.person import Person, at_home, google, microsoft


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SignInServer]:
    """The provider, trusted; a home without a keyring."""
    with SignInServer() as one:
        at_home(one, tmp_path, monkeypatch)
        yield one


@pytest.fixture(params=["google", "microsoft"])
def account(request: pytest.FixtureRequest, server: SignInServer, tmp_path: Path) -> Account:
    """Signed in."""
    one = google(server, tmp_path) if request.param == "google" else microsoft(server)
    sign_in(one, asking=Person(server).with_a_link())
    return one


def tokens(account: Account) -> AccessTokens:
    """What a connector asks."""
    return tokens_of(account, scopes=GMAIL if account.client else GRAPH)


def refusal(account: Account) -> str:
    with pytest.raises(Refused) as refused:
        tokens(account).current()
    assert USER not in str(refused.value)
    return str(refused.value)


def kept(tmp_path: Path, account: Account) -> Path:
    return tmp_path / f"data/afterword/tokens/{account.name}.json"


def test_a_token_is_asked_for_once(server: SignInServer, account: Account) -> None:
    """While it lives it comes from memory, and for the next connection from the store: no request."""
    before = len(server.asked)
    first = tokens(account)
    assert {first.current(), first.current(), tokens(account).current()} == {first.current()}
    assert len(server.asked) == before


def test_a_token_is_renewed_ahead_of_its_end(server: SignInServer, account: Account) -> None:
    """Five minutes before, so that what is begun with it is still answered."""
    mine = tokens(account)
    first = mine.current()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=54), tick=True):
        assert mine.current() == first
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=56), tick=True):
        assert mine.current() != first
    assert server.renewals() == 1


def test_a_refused_token_is_renewed_whatever_the_clock_says(server: SignInServer, account: Account) -> None:
    """The clock may be wrong by a day either way: the server's word counts, and nothing is renewed for ever."""
    mine = tokens(account)
    for days in (-1, 1):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days), tick=True):
            mine.current()
            server.expire()
            assert server.owner(mine.current()) is None
            assert server.owner(mine.renewed()) == USER
            done = server.renewals()
            assert server.owner(mine.current()) == USER
            assert server.renewals() == done


def test_a_rotated_token_is_kept_before_it_is_used(server: SignInServer, tmp_path: Path) -> None:
    """Microsoft's refresh tokens are good once: whoever comes after a crash finds the new one."""
    account = microsoft(server)
    sign_in(account, asking=Person(server).with_a_link())
    for _ in range(3):
        server.expire()
        first = tokens(account)
        first.current()
        given = first.renewed()
        assert given in kept(tmp_path, account).read_text()
        assert tokens(account).current() == given  # the crash: another process starts from the store
    assert server.renewals() == 3


def test_a_full_disk_gives_no_token(
    server: SignInServer, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be kept is not used either, and the old file is still whole."""
    mine = tokens(account)
    mine.current()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match="No space left on device"):
            mine.renewed()
    assert oauth.age(account) is not None
    assert not list(kept(tmp_path, account).parent.glob(".*"))


def test_two_renew_at_once(server: SignInServer, account: Account) -> None:
    """Eight connections whose token was refused: one renewal, one new token for all."""
    all_of_them = [tokens(account) for _ in range(8)]
    assert len({each.current() for each in all_of_them}) == 1
    server.expire()
    given: list[str] = []
    threads = [threading.Thread(target=lambda each=each: given.append(each.renewed())) for each in all_of_them]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 8
    assert len(set(given)) == 1
    assert server.renewals() == 1


_RENEW = """
import sys
from pathlib import Path
from connectors.account import Account
from connectors.oauth import tokens_of
name, authority, client_id = sys.argv[1:]
addresses = ("alice@example.com",)
mine = tokens_of(
    Account(name=name, connector="outlook", addresses=addresses, authority=authority, client_id=client_id),
    scopes=("Mail.ReadWrite", "User.Read"),
)
print(mine.current(), flush=True)
sys.stdin.readline()
print(mine.renewed())
"""


def test_two_processes_renew_at_once(server: SignInServer) -> None:
    """The lock is between processes: the daemon and a command never use the same refresh token twice."""
    account = microsoft(server)
    sign_in(account, asking=Person(server).with_a_link())
    command = [sys.executable, "-c", _RENEW, account.name, account.authority, account.client_id]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        for _ in range(2)
    ]
    firsts = {each.stdout.readline() for each in both if each.stdout}
    server.expire()
    seconds = {each.communicate("\n", timeout=30)[0] for each in both}
    assert len(firsts) == len(seconds) == 1
    assert firsts != seconds
    assert server.renewals() == 1


def test_a_revoked_sign_in(server: SignInServer, account: Account) -> None:
    """Refused, with the command that signs in again; the same when it is asked again."""
    mine = tokens(account)
    mine.current()
    server.revoke()
    for _ in range(2):
        with pytest.raises(Refused, match=f"sign in again: afterword auth {account.name}"):
            mine.renewed()
    sign_in(account, asking=Person(server).with_a_link())
    assert server.owner(tokens(account).current()) == USER


@pytest.mark.parametrize(
    "spoilt", ["html", "portal", "truncated", "cut", "list", "empty", "busy", "throttled", "endless"]
)
def test_no_answer_of_a_sign_in_server(spoilt: str, server: SignInServer, account: Account) -> None:
    """A captive portal, half an answer, a server in trouble: unavailable for now, and afterwards all is well."""
    mine = tokens(account)
    server.spoilt = spoilt
    mine.current()
    begun = time.monotonic()
    with pytest.raises(Unavailable) as unavailable:
        mine.renewed()
    assert "tries again by itself" in str(unavailable.value)
    assert time.monotonic() - begun < 5
    server.spoilt = ""
    assert server.owner(mine.renewed()) == USER


def test_a_dead_sign_in_server(server: SignInServer, account: Account) -> None:
    """Nobody there: unavailable, and the sentence says whom we looked for."""
    mine = tokens(account)
    mine.current()
    server.__exit__()
    with pytest.raises(Unavailable, match="localhost does not answer"):
        mine.renewed()


def test_a_renewal_that_grants_less(server: SignInServer, account: Account) -> None:
    """The user took a right away: named, with what to do."""
    one = ("User.Read", GMAIL[0])
    server._refresh = {key: Grant(who=USER, scopes=one) for key in server._refresh}
    mine = tokens(account)
    mine.current()
    with pytest.raises(Refused, match=r"has lost a right|\(Mail\.ReadWrite\)"):
        mine.renewed()


def test_a_renewal_that_grants_more(server: SignInServer, account: Account) -> None:
    """Nor is a right used that came later: Google is asked for ours alone, Microsoft may not add sending."""
    more = (*GRAPH, "Mail.Send", *GMAIL, "https://www.googleapis.com/auth/gmail.modify")
    server._refresh = {key: Grant(who=USER, scopes=more) for key in server._refresh}
    mine = tokens(account)
    before = mine.current()
    with pytest.raises(Refused, match=r"granted more|send mail through this application"):
        mine.renewed()
    assert mine.current() == before


@pytest.mark.parametrize("lifetime", [0, -5, "3600", "soon", None, [1], 10**30, 10**400])
def test_odd_lifetimes(lifetime: object, server: SignInServer, tmp_path: Path) -> None:
    """Whatever the server says of how long a token lives, there is a token or a named failure."""
    server.lifetime = lifetime
    for account in (google(server, tmp_path), microsoft(server)):
        with contextlib.suppress(Unavailable, Refused):
            sign_in(account, asking=Person(server).with_a_link())
            assert server.owner(tokens(account).renewed()) == USER


def test_the_seven_days_of_a_client_in_testing(server: SignInServer, tmp_path: Path) -> None:
    """Google says when; renewing does not put it off."""
    server.testing = True
    account = google(server, tmp_path)
    sign_in(account, asking=Person(server).with_a_link())
    first = oauth.age(account)
    assert first is not None
    assert first.ends is not None
    assert timedelta(days=6.9) < first.ends - datetime.now(UTC) < timedelta(days=7)
    mine = tokens(account)
    mine.current()
    server.expire()
    mine.renewed()
    second = oauth.age(account)
    assert second is not None
    assert (second.signed_in, second.ends) == (first.signed_in, first.ends)
    assert second.renewed > first.renewed


def test_somebody_elses_sign_in(server: SignInServer, account: Account) -> None:
    """The configuration was changed under it: another address, another client, another connector."""
    other = replace(account, addresses=("bob@example.com",))
    assert "is for another address" in refusal(other)
    with pytest.raises(Refused, match="another client or another connector"):
        tokens_of(replace(account, connector="imap"), scopes=(MICROSOFT_IMAP,)).current()
    if account.client_id:
        assert "another client" in refusal(replace(account, client_id="99999999"))
    alias = replace(account, addresses=("a.sousa@example.org", USER))
    assert tokens(alias).current()


def test_nobody_signed_in_yet(server: SignInServer) -> None:
    """Names the command; a name with a space is quoted in it."""
    assert "Do it: afterword auth m" in refusal(microsoft(server))
    assert "Do it: afterword auth 'my work'" in refusal(microsoft(server, name="my work"))
