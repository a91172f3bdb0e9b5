"""`afterword auth`, as people type it: at the desk, over ssh, with a code; and what `status` shows of it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, Home
from tests.servers.dovecot import Dovecot
from tests.servers.oauth import CLIENT_ID, SignInServer
from tests.servers.person import Person, at_home

CONFIG = """\
me: {{name: Alice}}
accounts:
  - {{name: google, connector: imap, address: alice@example.com, host: 127.0.0.1, port: {port}, tls: none,
     client: {home}/client_secret.json, authority: {authority}}}
  - {{name: my work, connector: imap, address: alice@example.com, host: 127.0.0.1, port: {port}, tls: none,
     client_id: {client_id}, authority: {authority}}}
  - {{name: home, connector: maildir, address: ana@example.org, path: ~/Mail}}
alerts: []
"""

BROWSER = """
import re, sys, requests
page = requests.get(sys.argv[1], timeout=10).text
if form := re.search('<form action="(.*?)"', page):
    requests.post(form[1], dict(re.findall('<input name="(.*?)" value="(.*?)">', page)), timeout=10)
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[SignInServer]:
    """Google and Microsoft."""
    with SignInServer() as one:
        yield one


@pytest.fixture(scope="module")
def server(provider: SignInServer) -> Iterator[Dovecot]:
    """Alice's mailbox, for whoever has her token."""
    settings = provider.home / "oauth2.conf"
    settings.write_text(
        f"tokeninfo_url = {provider.tokeninfo}\n"
        "username_attribute = email\nactive_attribute = active\nactive_value = true\n"
    )
    extra = f"auth_mechanisms = plain xoauth2\npassdb {{\n  driver = oauth2\n  args = {settings}\n}}"
    with Dovecot(extra=extra) as one:
        yield one


@pytest.fixture
def alice(home: Home, provider: SignInServer, server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Her home, with a browser that signs her in."""
    at_home(provider, home.folder, monkeypatch)
    home.configure(CONFIG.format(port=server.port, home=home.folder, authority=provider.address, client_id=CLIENT_ID))
    home.maildir()
    (home.folder / "client_secret.json").write_text(json.dumps(provider.client_secret()))
    (home.folder / "browser.py").write_text(BROWSER)
    provider.who, provider.testing, provider.granted = "alice@example.com", False, None
    return home


def at_the_desk(alice: Home, *arguments: str) -> Ended:
    return alice.run_alone(
        "auth", *arguments, DISPLAY=":0", BROWSER=f"{sys.executable} {alice.folder / 'browser.py'} %s"
    )


@pytest.mark.parametrize("account", ["google", "my work"])
def test_at_the_desk(account: str, alice: Home) -> None:
    """The browser opens, the mailbox is tried, and the next step is named."""
    ended = at_the_desk(alice, account)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0].startswith("Your browser opens.")
    assert lines[1].startswith("https://localhost:")
    assert lines[2:] == [f"Signed in to account {account}.", "Start Afterword: afterword run"]


@contextmanager
def in_a_terminal(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """The command as it runs, so that the person can act on what it prints."""
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-m", "agent.cli", "auth", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        yield running


@pytest.mark.parametrize("arguments", [["google", "--no-browser"], ["google"]])
def test_over_ssh(arguments: list[str], alice: Home, provider: SignInServer) -> None:
    """The link and the command that forwards the port, each on a line of its own; also where there is no screen."""
    with in_a_terminal(*arguments) as running:
        assert running.stdout
        said = [running.stdout.readline() for _ in range(4)]
        Person(provider).open(said[1].strip())
        rest = running.stdout.read()
    assert re.fullmatch(r"ssh -L (\d+):127\.0\.0\.1:\1 HOST\n", said[3])
    assert (running.returncode, rest.splitlines()[0]) == (0, "Signed in to account google.")


def test_with_a_code(alice: Home, provider: SignInServer) -> None:
    """Microsoft's page and the code to enter there."""
    with in_a_terminal("my work", "--device") as running:
        assert running.stdout
        said = running.stdout.readline()
        assert said.startswith("Open https://microsoft.com/devicelogin in any browser")
        provider.enter(said.split()[-1])
        rest = running.stdout.read()
    assert (running.returncode, rest.splitlines()[0]) == (0, "Signed in to account my work.")


def test_as_somebody_else(alice: Home, provider: SignInServer) -> None:
    """Bob's session was still open in the browser: told at once, exit code 78."""
    provider.who = "bob@example.com"
    ended = at_the_desk(alice, "google")
    assert ended.code == 78
    assert "it may be another person's" in ended.err
    assert "Signed in" not in ended.out


def test_a_mailbox_that_is_down(alice: Home, server: Dovecot) -> None:
    """The sign-in is kept; that it could not be tried is told."""
    server.stop()
    try:
        ended = at_the_desk(alice, "google")
    finally:
        server.start()
    assert ended.code == 0
    assert "could not be tried: nobody answers at 127.0.0.1" in ended.err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["gogle"], 1, "There is no account gogle. Did you mean google?"),
        (["x"], 1, "There is no account x. There are: google, my work, home."),
        (["home"], 78, "account `home` needs no sign-in"),
        (["google", "--device"], 78, "use `--no-browser`"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_cannot_be(arguments: list[str], code: int, sentence: str, alice: Home) -> None:
    """Each with its exit code and what to do instead."""
    ended = alice.run("auth", *arguments)
    assert ended.code == code
    assert sentence in " ".join(ended.err.replace("│", " ").split())


def test_status_shows_how_old_it_is(alice: Home, provider: SignInServer) -> None:
    """In words and as JSON, with the day on which a client in testing will want the user again."""
    assert alice.run("status", "--json").json["accounts"][0]["sign_in"] is None
    assert "no sign-in here; make one: afterword auth google" in alice.run("status").out
    assert "make one: afterword auth 'my work'" in alice.run("status").out
    provider.testing = True
    assert at_the_desk(alice, "google").code == 0
    [google, _, home] = alice.run("status", "--json").json["accounts"]
    found = {key: datetime.fromisoformat(value) for key, value in google["sign_in"].items()}
    assert set(found) == {"signed_in", "renewed", "ends"}
    assert timedelta(days=6.9) < found["ends"] - found["signed_in"] <= timedelta(days=7)
    assert home["sign_in"] is None
    out = alice.run("status").out
    assert "signed in just now, tokens renewed just now" in out
    assert "the sign-in ends in 6 d 23 h; make it anew: afterword auth google" in out


def test_status_of_a_sign_in_that_cannot_be_read(alice: Home) -> None:
    """Status still shows everything else."""
    assert at_the_desk(alice, "google").code == 0
    [file] = Path(alice.folder, "data/afterword/tokens").glob("*.json")
    file.write_text("{")
    assert alice.run("status").code == 0
    checked = alice.run("check")
    assert checked.code == 78
    assert "google: the stored sign-in of account `google` cannot be read; sign in again" in checked.err
