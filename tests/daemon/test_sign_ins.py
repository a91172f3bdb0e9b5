"""The daemon and sign-ins: a token that ends in the middle of IDLE, one that is revoked, one that soon will be over."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.config.load import load
from agent.journal import Journal
from agent.watch import Daemon, daemon
from connectors import oauth
from connectors.account import Account
from tests.daemon.household import ALICE, Household, invitation, rejection, wait_until
from tests.servers.dovecot import Dovecot
from tests.servers.oauth import CLIENT_ID, SignInServer
from tests.servers.person import Person, at_home

CONFIG = """\
me: {{name: Alice Sousa}}
accounts:
  - name: home
    connector: imap
    address: alice@example.com
    host: 127.0.0.1
    port: {port}
    tls: none
    client_id: {client_id}
    authority: {authority}
  - {{name: files, connector: maildir, address: alice@files.example, path: {home}/Mail}}
alerts: [{{command: [{python}, {home}/told.py]}}]
store: sqlite:///{home}/afterword.db
"""
TOLD = "import sys, pathlib; pathlib.Path(__file__).with_name('told').open('a').write(sys.stdin.read())"


class Signed(Household):
    """A household whose IMAP account signs in with Microsoft, and a Maildir beside it."""

    def __init__(self, server: Dovecot, provider: SignInServer, home: Path) -> None:
        super().__init__(server, home)
        self.provider = provider
        (home / "told.py").write_text(TOLD)
        for part in ("cur", "new", "tmp"):
            for folder in ("", ".Drafts", ".Sent"):
                (home / "Mail" / folder / part).mkdir(parents=True)
        self.config.write_text(
            CONFIG.format(
                port=server.port, client_id=CLIENT_ID, authority=provider.address, home=home, python=sys.executable
            )
        )

    @property
    def account(self) -> Account:
        found = load(self.config).account("home")
        assert found is not None
        return found

    def sign_in(self) -> None:
        oauth.sign_in(self.account, asking=Person(self.provider).with_a_link())

    def told(self, kind: str) -> list[str]:
        """The sentences of the alerts of that kind."""
        file = self.home / "told"
        alerts = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        return [alert["sentence"] for alert in alerts if alert["kind"] == kind]

    @contextmanager
    def watching(self) -> Iterator[Journal]:
        """The daemon, in this process."""
        settings = load(self.config)
        journal = Journal(settings.store)
        watching = Daemon(settings, journal)
        thread = threading.Thread(target=watching.run)
        thread.start()
        try:
            yield journal
        finally:
            watching.stop()
            thread.join(10)
            journal.close()


@pytest.fixture
def household(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Signed]:
    """Dovecot asks the provider whose token it is; its users may still sign in with a password by other hands."""
    monkeypatch.setattr(daemon, "HEARTBEAT", 0.3)
    with SignInServer() as provider:
        at_home(provider, tmp_path, monkeypatch)
        settings = tmp_path / "oauth2.conf"
        settings.write_text(
            f"tokeninfo_url = {provider.tokeninfo}\n"
            "username_attribute = email\nactive_attribute = active\nactive_value = true\n"
        )
        mechanism = getattr(request, "param", "xoauth2")
        extra = f"auth_mechanisms = plain {mechanism}\npassdb {{\n  driver = oauth2\n  args = {settings}\n}}"
        with Dovecot(rawlog=True, extra=extra) as server:
            yield Signed(server, provider, tmp_path / "home")


def trouble(journal: Journal, account: str = "home") -> str | None:
    with journal.reading() as reader:
        found: str | None = reader.account(account).trouble
        return found


def looked(journal: Journal, account: str = "home") -> datetime | None:
    with journal.reading() as reader:
        found: datetime | None = reader.account(account).last_turn
        return found


def idles(household: Household) -> int:
    """How many connections have gone idle."""
    return sum(b" IDLE\r\n" in each for each in household.server.raw_bytes_sent_by_clients())


@pytest.mark.parametrize("household", ["xoauth2", "oauthbearer"], indirect=True)
def test_a_token_ends_in_the_middle_of_idle(household: Signed) -> None:
    """The server ends the session and takes the token no more: renewed, connected, nobody told, one draft."""
    household.sign_in()
    household.deliver(invitation())
    with household.watching() as journal:
        wait_until(lambda: looked(journal), what="the first turn")
        for number in range(2):
            wait_until(lambda n=number: idles(household) > n, what="IDLE")
            household.provider.expire()
            household.server.doveadm("kick", ALICE)
            if number == 0:
                household.deliver(rejection())
            wait_until(lambda n=number: household.provider.renewals() == n + 1, what="the renewal")
        wait_until(household.drafts, what="the draft")
        household.deliver(rejection("second@acme.example"))
        before = looked(journal)
        wait_until(lambda: looked(journal) != before, what="a turn after it")
        assert trouble(journal) is None
        assert household.provider.renewals() == 2
    assert len(household.drafts()) == 1
    assert household.told("trouble") == []


def test_a_revoked_sign_in_stops_its_account_alone(household: Signed) -> None:
    """Told once, with the command; the other account goes on; after that command all is well within a heartbeat."""
    household.sign_in()
    with household.watching() as journal:
        wait_until(lambda: looked(journal) and looked(journal, "files"), what="the first turns")
        household.provider.revoke()
        household.server.doveadm("kick", ALICE)
        wait_until(lambda: household.told("trouble"), what="the alert")
        [sentence] = household.told("trouble")
        assert "sign in again: afterword auth home" in sentence
        assert trouble(journal) == sentence
        assert trouble(journal, "files") is None
        asked = len(household.provider.asked)
        threading.Event().wait(1.5)  # five heartbeats
        assert len(household.provider.asked) == asked
        household.sign_in()
        wait_until(lambda: trouble(journal) is None, seconds=5, what="the way back")
        household.provider.revoke()
        household.server.doveadm("kick", ALICE)
        wait_until(lambda: len(household.told("trouble")) == 2, what="the alert of the second time")


def test_somebody_elses_token(household: Signed) -> None:
    """Bob signed in by mistake: the server sees it, and the sentence names what to check."""
    household.provider.who = "bob@example.com"
    household.sign_in()
    with household.watching() as journal:
        wait_until(lambda: trouble(journal), what="the trouble")
        sentence = trouble(journal)
    assert sentence is not None
    assert "it may be another person's" in sentence
    assert "afterword auth home" in sentence
    assert "@" not in sentence.partition("The server says")[0]
    assert household.provider.renewals() == 1


def test_a_sign_in_that_ends_tomorrow(household: Signed) -> None:
    """Told a day ahead and not before; once, also after a restart; once more for the sign-in that follows."""
    household.sign_in()
    place = next(Path(household.home.parent, "data/afterword/tokens").glob("*.json"))
    kept = json.loads(place.read_text())
    now = datetime.now(UTC)
    for hours, times in ((25, 0), (23, 1), (23, 1), (22, 2)):
        kept["age"]["ends"] = (now + timedelta(hours=hours)).isoformat()
        place.write_text(json.dumps(kept))
        with household.watching() as journal:
            before = looked(journal)
            wait_until(lambda b=before: looked(journal) != b, what="a turn")
            household.deliver(invitation())
            before = looked(journal)
            wait_until(lambda b=before: looked(journal) != b, what="another turn")
            wait_until(lambda n=times: len(household.told("trouble")) >= n, what="the alert")
            threading.Event().wait(0.7)
        assert len(household.told("trouble")) == times
    assert "Renew it: afterword auth home" in household.told("trouble")[0]
