"""Gmail and Outlook as a user meets them: sign in, let `check` do what `run` does, and send by one's own hands."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from connectors.account import Account
from tests.agent.stage import FEEDBACK, INVITATION, REJECTION, eml
from tests.cli.conftest import Ended, Home
from tests.cli.test_auth import BROWSER
from tests.connectors.test_oauth_connectors import Owned, OwnedGraph
from tests.contract.gmail_world import GmailWorld
from tests.contract.outlook_world import OutlookWorld
from tests.servers import PASSWORD, USER
from tests.servers.dovecot import Dovecot
from tests.servers.gmail import Gmail
from tests.servers.oauth import CLIENT_ID, SignInServer
from tests.servers.person import at_home

ACCOUNTS = {
    "gmail": "client: {home}/client_secret.json",
    "outlook": "client_id: {client_id}",
}
CONFIG = """\
me: {{name: Alice Sousa}}
accounts:
  - {{name: mine, connector: {connector}, address: {user}, endpoint: {endpoint}, authority: {authority}, {client}}}
clock: {{timezone: Europe/Lisbon}}
alerts: [{{command: [{python}, {home}/told.py]}}]
"""
TOLD = "import sys, pathlib; pathlib.Path(__file__).with_name('told').open('a').write(sys.stdin.read())"


@dataclass
class Alice:
    """Her home, her mailbox, and her hands."""

    home: Home
    world: GmailWorld | OutlookWorld
    provider: SignInServer

    def auth(self) -> Ended:
        browser = f"{sys.executable} {self.home.folder / 'browser.py'} %s"
        return self.home.run_alone("auth", "mine", DISPLAY=":0", BROWSER=browser)

    def check(self) -> Ended:
        return self.home.run("check")

    def deliver(self, text: str, *, key: str, answers: str | None = None) -> None:
        raw = eml(text, key=key, to=f"Alice Sousa <{USER}>", answers=answers, date=datetime.now(UTC))
        self.world.deliver(raw, arrived=datetime.now(UTC))

    def draft(self) -> Message:
        [raw] = self.world.drafts()
        return message_from_bytes(raw)

    def state(self) -> str:
        [case] = self.home.run("status", "--json").json["cases"]
        return str(case["state"])

    def told(self) -> list[str]:
        file = self.home.folder / "told"
        return [json.loads(line)["sentence"] for line in file.read_text().splitlines()] if file.exists() else []


def _world(connector: str, provider: SignInServer) -> GmailWorld | OutlookWorld:
    if connector == "outlook":
        return OutlookWorld(OwnedGraph(provider), Account(name="mine", connector="outlook", addresses=(USER,)))
    server = Gmail(USER)
    server.tokens = Owned(provider)
    return GmailWorld(server, rotates=True)


@pytest.fixture(params=sorted(ACCOUNTS))
def alice(request: pytest.FixtureRequest, home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Alice]:
    """Configured, and not signed in yet."""
    with SignInServer() as provider:
        at_home(provider, home.folder, monkeypatch)
        world = _world(request.param, provider)
        (home.folder / "client_secret.json").write_text(json.dumps(provider.client_secret()))
        (home.folder / "browser.py").write_text(BROWSER)
        (home.folder / "told.py").write_text(TOLD)
        client = ACCOUNTS[request.param].format(home=home.folder, client_id=CLIENT_ID)
        home.configure(
            CONFIG.format(
                connector=request.param,
                user=USER,
                endpoint=world.server.url,
                authority=provider.address,
                client=client,
                python=sys.executable,
                home=home.folder,
            )
        )
        with world.server:
            yield Alice(home, world, provider)


def test_from_the_sign_in_to_the_thanks(alice: Alice) -> None:
    """A request in the thread of the rejection, sent with an id of the provider's; feedback, and one thank-you."""
    assert "afterword auth mine" in alice.check().err
    assert alice.auth().code == 0
    assert alice.check().code == 0
    alice.deliver(INVITATION, key="invitation@acme.example")
    alice.deliver(REJECTION, key="notice@acme.example", answers="invitation@acme.example")
    ended = alice.check()
    assert (ended.code, alice.state()) == (0, "request_drafted"), ended.err
    assert alice.draft()["In-Reply-To"] == "<notice@acme.example>"
    assert alice.check().code == 0
    alice.provider.expire()  # an hour later
    alice.world.send_draft(message_id="<minted-by-the-provider@mail.example>")
    assert alice.check().code == 0
    assert (alice.state(), alice.world.drafts()) == ("awaiting_feedback", [])
    alice.deliver(FEEDBACK, key="feedback@acme.example", answers="minted-by-the-provider@mail.example")
    assert alice.check().code == 0
    assert alice.state() == "thanks_drafted"
    assert alice.draft()["In-Reply-To"] == "<feedback@acme.example>"
    alice.world.send_draft(message_id="<minted-again@mail.example>")
    assert alice.check().code == 0
    assert (alice.state(), alice.world.drafts()) == ("closed", [])
    assert alice.world.unseen() == 3
    assert alice.provider.renewals() == 1


def test_an_imap_user_loads_neither_google_nor_msal(home: Home) -> None:
    """A whole `check` of a mailbox with a password: their libraries take memory and half a second."""
    script = (
        "import sys; from agent.cli import main; code = main(['check']); "
        "print([each for each in ('google', 'googleapiclient', 'httplib2', 'oauthlib', 'msal', 'requests') "
        "if each in sys.modules], code)"
    )
    with Dovecot() as server:
        home.configure(
            f"me: {{name: Alice}}\nalerts: []\naccounts:\n  - {{name: home, connector: imap, address: {USER}, "
            f"host: 127.0.0.1, port: {server.port}, tls: none, password: {{command: [echo, {PASSWORD}]}}}}\n"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] 0", done.stderr


def test_check_tells_of_a_sign_in_that_ends(alice: Alice) -> None:
    """From cron, too: a day ahead, and once, however often cron calls."""
    assert alice.auth().code == 0
    [place] = Path(alice.home.folder, "data/afterword/tokens").glob("*.json")
    kept = json.loads(place.read_text())
    now = datetime.now(UTC)
    for hours, times in ((25, 0), (23, 1), (23, 1)):
        kept["age"]["ends"] = (now + timedelta(hours=hours)).isoformat()
        place.write_text(json.dumps(kept))
        assert alice.check().code == 0
        assert len([each for each in alice.told() if "Renew it: afterword auth mine" in each]) == times
