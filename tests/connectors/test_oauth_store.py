"""Where sign-ins are kept: the keyring, a systemd credential, a file; whole, and read by nobody else."""

import contextlib
import json
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from connectors import oauth
from connectors.account import Account
from connectors.oauth import AccessTokens, sign_in, store, tokens_of
from connectors.oauth.source import GMAIL, GRAPH
from connectors.port import Refused, Unavailable
from tests.servers import USER
from tests.servers.oauth import SignInServer
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


def test_nobody_else_can_read_it(server: SignInServer, account: Account, tmp_path: Path) -> None:
    """Folder 0700, file 0600; once others could read it, it is not used."""
    file = kept(tmp_path, account)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    file.chmod(0o640)
    assert "chmod 600" in refusal(account)
    file.chmod(0o600)
    file.parent.chmod(0o750)
    assert "chmod 700" in refusal(account)
    file.parent.chmod(0o700)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert "cannot be read" in refusal(account)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"version": 1}', "\x00", "[" * 100_000, '{"version": 2, "address": 1}']
)
def test_a_broken_file(text: str, server: SignInServer, account: Account, tmp_path: Path) -> None:
    """After a bad disk: signing in again is what helps, and it does."""
    kept(tmp_path, account).write_text(text)
    assert "cannot be read; sign in again: afterword auth" in refusal(account)
    sign_in(account, asking=Person(server).with_a_link())
    assert tokens(account).current()


def test_each_part_of_the_file_may_be_broken(server: SignInServer, account: Account, tmp_path: Path) -> None:
    """Any value replaced by another kind of value: refused or used, never a crash."""
    file = kept(tmp_path, account)
    whole = json.loads(file.read_text())
    for key in whole:
        for odd in (None, 1, "x", [], {}, {"access": 1}):
            file.write_text(json.dumps(whole | {key: odd}))
            with contextlib.suppress(Refused, Unavailable):
                tokens(account).current()


class Ring(keyring.backend.KeyringBackend):
    """A keyring as desktops have one."""

    priority = 9.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.trouble: Exception | None = None
        self.asked = threading.Event()
        """Not set: the question waits on a screen that nobody sees."""
        self.asked.set()
        self.forgetful = False

    def get_password(self, service: str, username: str) -> str | None:
        self._ask()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask()
        if not self.forgetful:
            self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.entries.pop((service, username))

    def _ask(self) -> None:
        self.asked.wait(30)
        if self.trouble:
            raise self.trouble


@pytest.fixture
def ring(server: SignInServer) -> Ring:
    """In use; the fixture of the server puts the former one back."""
    one = Ring()
    keyring.set_keyring(one)
    return one


def test_the_keyring_has_the_tokens(ring: Ring, server: SignInServer, tmp_path: Path) -> None:
    """Where there is one, the file holds no secret: only since when, and for whom."""
    account = microsoft(server)
    sign_in(account, asking=Person(server).with_a_link())
    given = tokens(account).current()
    [(place, secret)] = ring.entries.items()
    assert place == ("afterword", "sign-in of m")
    assert given in secret
    text = kept(tmp_path, account).read_text()
    assert given not in text
    assert json.loads(text)["tokens"] is None
    mine = tokens(account)
    mine.current()
    server.expire()
    assert mine.renewed() in ring.entries[place]


@pytest.mark.parametrize(
    "trouble",
    [keyring.errors.NoKeyringError(), keyring.errors.KeyringLocked(), OSError("too long"), RuntimeError("dbus")],
)
def test_a_keyring_that_takes_nothing(
    trouble: Exception, ring: Ring, server: SignInServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Headless, locked, too small, or broken: the file takes them, and only a debug line says so."""
    ring.trouble = trouble
    account = microsoft(server)
    with caplog.at_level("DEBUG", "afterword"):
        sign_in(account, asking=Person(server).with_a_link())
    assert tokens(account).current() in kept(tmp_path, account).read_text()
    assert [each.levelname for each in caplog.records if each.name.startswith("afterword")] == ["DEBUG"]


def test_a_keyring_that_forgets(ring: Ring, server: SignInServer, tmp_path: Path) -> None:
    """One that says yes and keeps nothing is no keyring."""
    ring.forgetful = True
    account = microsoft(server)
    sign_in(account, asking=Person(server).with_a_link())
    assert tokens(account).current() in kept(tmp_path, account).read_text()


def test_a_keyring_that_asks_nobody(
    ring: Ring, server: SignInServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question on no screen holds nothing up, and is asked once, however often tokens are renewed."""
    monkeypatch.setattr(store, "_KEYRING_PATIENCE", 0.2)
    ring.asked.clear()
    account = microsoft(server)
    begun = time.monotonic()
    sign_in(account, asking=Person(server).with_a_link())
    mine = tokens(account)
    assert mine.current() in kept(tmp_path, account).read_text()
    for _ in range(3):
        assert mine.renewed() in kept(tmp_path, account).read_text()
    assert server.renewals() == 3
    assert time.monotonic() - begun < 5
    assert sum(each.name == "keyring" for each in threading.enumerate()) == 1
    ring.asked.set()


def test_a_keyring_that_was_locked_since(ring: Ring, server: SignInServer) -> None:
    """After a restart without a login: unavailable until it is unlocked, and `status` still shows the age."""
    account = microsoft(server)
    sign_in(account, asking=Person(server).with_a_link())
    ring.trouble = keyring.errors.KeyringLocked()
    with pytest.raises(Unavailable, match="is locked; unlock it"):
        tokens(account).current()
    assert oauth.age(account) is not None
    ring.trouble = None
    assert tokens(account).current()
    ring.entries.clear()
    assert "cannot be read; sign in again" in refusal(account)


def test_a_systemd_credential_is_where_it_begins(
    server: SignInServer, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sign-in made elsewhere and handed over read-only; what is renewed lies in the file from then on."""
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    kept(tmp_path, account).rename(credentials / f"afterword-{account.name}")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    mine = tokens(account)
    first = mine.current()
    assert not kept(tmp_path, account).exists()
    server.expire()
    second = mine.renewed()
    assert tokens(account).current() == second != first
    assert second in kept(tmp_path, account).read_text()
