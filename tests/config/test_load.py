"""The config file becomes settings: the whole of it, the least of it, where it is looked for."""

from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.config.load import NoConfig, load, locate
from agent.config.settings import CommandAlert, FollowUp, Me, Quiet
from agent.policy import Entry, Then, When
from connectors.account import Account, Folders, Tls
from connectors.secrets import FromCommand, FromCredential, FromFile, FromKeyring
from rules.source import Problems

LEAST = """\
me: {name: Ana Sousa}
accounts:
  - {name: local, connector: maildir, address: ana@example.org, path: ~/Mail}
"""

WHOLE = """\
version: 1
me:
  name: Ana Sousa
  signature: |
    Ana Sousa
    +351 000 000 000
accounts:
  - name: home
    connector: imap
    address: ana@example.org
    addresses: [a.sousa@example.org, ANA@example.org]
    host: imap.example.org
    port: 1993
    tls: starttls
    fingerprint: sha256:AA:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99
    ca: ca.pem
    username: sousa
    password: {command: [pass, show, mail/home]}
    folders: {watch: [INBOX, Junk], drafts: Entwürfe, sent: Gesendet}
  - {name: local, connector: maildir, address: ana@acme.example, path: ~/Mail}
  - {name: google, connector: gmail, address: ana@gmail.example, client: ~/.config/afterword/client_secret.json}
  - name: work
    connector: outlook
    address: ana@contoso.example
    tenant: common
    client_id: 00000000-0000-0000-0000-000000000000
    endpoint: http://127.0.0.1:9000/
    authority: https://login.microsoftonline.us
clock:
  ask_within: 12h
  remind_before: [30m, 8h, 2h]
  quiet_hours: "22:00-08:00"
  timezone: Europe/Lisbon
  country: pt
follow_up:
  thanks: no
  close_after: never
  enquire_after: 1 working day
alerts: [{command: [ntfy-me, --quiet]}]
lookback: 0d
brake: 3
languages: [en]
rules: [my-rules.yaml]
policy:
  - when: {employer: "Acme*", account: home, from: [person, machine]}
    then: ignore
  - when: {meaning: rejection, stage: interviewed, language: de}
    then: request
  - when: {}
    then: note
store: sqlite:///~/letters.db
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with everything the whole config names."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AFTERWORD_CONFIG", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "ca.pem").write_text("")
    (tmp_path / "my-rules.yaml").write_text("[]\n")
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text)
    return path


def test_the_least_config_gets_every_default(folder: Path) -> None:
    """A name and one account are enough; the rest is as documented."""
    settings = load(written(folder, LEAST))
    assert settings.me == Me(name="Ana Sousa")
    assert settings.accounts == (
        Account(name="local", connector="maildir", addresses=("ana@example.org",), path=folder / "Mail"),
    )
    assert settings.clock.ask_within == timedelta(hours=24)
    assert settings.clock.remind_before == (timedelta(hours=8), timedelta(hours=2))
    assert settings.clock.quiet is None
    assert settings.follow_up == FollowUp(thanks=True, close_after=7, enquire_after=None)
    assert settings.desktop_alerts
    assert settings.command_alerts == ()
    assert (settings.lookback, settings.brake) == (timedelta(days=3), 10)
    assert (settings.languages, settings.rules, settings.policy) == (None, (), ())
    assert settings.store == f"sqlite:///{folder}/.local/share/afterword/afterword.db"
    assert settings.source == folder / "config.yaml"


def test_every_key_reaches_the_settings(folder: Path) -> None:
    """The whole example of the documentation, each value where it belongs."""
    settings = load(written(folder, WHOLE))
    home, local, google, work = settings.accounts
    assert settings.me == Me(name="Ana Sousa", signature="Ana Sousa\n+351 000 000 000")
    assert home == Account(
        name="home",
        connector="imap",
        addresses=("ana@example.org", "a.sousa@example.org"),
        folders=Folders(watch=("INBOX", "Junk"), drafts="Entwürfe", sent="Gesendet"),
        host="imap.example.org",
        port=1993,
        tls=Tls.STARTTLS,
        fingerprint="sha256:" + "aabbccddeeff00112233445566778899" * 2,
        ca=folder / "ca.pem",
        username="sousa",
        password=FromCommand(("pass", "show", "mail/home")),
    )
    assert local.path == folder / "Mail"
    assert google.client == folder / ".config/afterword/client_secret.json"
    assert (work.tenant, work.client_id) == ("common", "00000000-0000-0000-0000-000000000000")
    assert (work.endpoint, work.authority) == ("http://127.0.0.1:9000", "https://login.microsoftonline.us")
    assert settings.clock.ask_within == timedelta(hours=12)
    assert settings.clock.remind_before == (timedelta(hours=8), timedelta(hours=2), timedelta(minutes=30))
    assert settings.clock.quiet == Quiet(start=time(22), end=time(8))
    assert settings.clock.timezone == ZoneInfo("Europe/Lisbon")
    assert settings.clock.country == "PT"
    assert settings.follow_up == FollowUp(thanks=False, close_after=None, enquire_after=1)
    assert not settings.desktop_alerts
    assert settings.command_alerts == (CommandAlert(argv=("ntfy-me", "--quiet")),)
    assert (settings.lookback, settings.brake, settings.languages) == (timedelta(0), 3, ("en",))
    assert settings.rules == (folder / "my-rules.yaml",)
    assert settings.policy == (
        Entry(
            when=When(employer=("Acme*",), account=("home",), sender=("person", "machine")),
            then=Then.IGNORE,
        ),
        Entry(when=When(meaning=("rejection",), stage=("interviewed",), language=("de",)), then=Then.REQUEST),
        Entry(when=When(), then=Then.NOTE),
    )
    assert settings.store == f"sqlite:///{folder}/letters.db"


def imap(password: str, more: str = "") -> str:
    return (
        "me: {name: A}\naccounts:\n"
        f"  - {{name: home, connector: imap, address: a@example.org, host: localhost, {password}{more}}}\n"
    )


@pytest.mark.parametrize(
    ("written_as", "secret"),
    [
        ("password: {command: [cat, pw]}", FromCommand(("cat", "pw"))),
        ("password: {keyring: yes}", FromKeyring("home")),
        ("password: {credential: mail}", FromCredential("mail")),
        ("password: {file: /etc/pw}", FromFile(Path("/etc/pw"))),
    ],
)
def test_a_password_comes_from_four_sources(folder: Path, written_as: str, secret: object) -> None:
    """Each source becomes the secret that asks it; the keyring's entry is the account's name, not an address."""
    assert load(written(folder, imap(written_as))).accounts[0].password == secret


def test_a_token_takes_the_place_of_a_password(folder: Path) -> None:
    """An OAuth account on IMAP names a program and needs no password."""
    account = load(written(folder, imap("token: {command: [oama, access]}"))).accounts[0]
    assert (account.password, account.token) == (None, FromCommand(("oama", "access")))


@pytest.mark.parametrize(("more", "port"), [("", 993), (", tls: starttls", 143), (", tls: none", 143)])
def test_the_port_follows_from_tls(folder: Path, more: str, port: int) -> None:
    """993 is for implicit TLS, 143 for the others; `none` is allowed on this machine."""
    assert load(written(folder, imap("password: {keyring: yes}", more))).accounts[0].port == port


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.org",
        "ana@acme.example",
        "ana@a.test",
        "ana@localhost",
        "ana@nas.local",
        "ana+jobs@mail.example.org",
    ],
)
def test_addresses_of_test_and_private_domains_pass(folder: Path, address: str) -> None:
    """Nothing is looked up, and names reserved for private use are addresses too."""
    assert load(written(folder, LEAST.replace("ana@example.org", address))).accounts[0].address == address


def test_null_and_empty_keys_count_as_left_out(folder: Path) -> None:
    """A key with nothing behind it keeps its default."""
    text = LEAST + "clock:\n  # all commented out\nstore: null\nlanguages: auto\n"
    assert load(written(folder, text)) == load(written(folder, LEAST))


def test_yes_and_no_are_words_and_booleans(folder: Path) -> None:
    """YAML 1.2 reads `yes` as text; true means the same."""
    for word, value in (("yes", True), ("no", False), ("true", True), ("false", False), ('"yes"', True)):
        assert load(written(folder, LEAST + f"follow_up: {{thanks: {word}}}\n")).follow_up.thanks is value


def test_relative_paths_start_at_the_config_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at the folder that the command happens to run in."""
    monkeypatch.chdir("/")
    settings = load(written(folder, LEAST.replace("~/Mail", "Mail") + "store: sqlite:///here.db\n"))
    assert settings.accounts[0].path == folder / "Mail"
    assert settings.store == f"sqlite:///{folder}/here.db"


def test_a_database_server_is_named_as_it_is(folder: Path) -> None:
    """A PostgreSQL address is handed on unchanged."""
    url = "postgresql+psycopg://ana:secret@db.example.org/afterword"
    assert load(written(folder, LEAST + f"store: {url}\n")).store == url


def test_the_file_is_looked_for_in_order(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option, then the environment, then ~/.config/afterword/config.yaml."""
    usual = folder / ".config/afterword/config.yaml"
    assert locate(None) == usual
    monkeypatch.setenv("AFTERWORD_CONFIG", "~/other.yaml")
    assert locate(None) == folder / "other.yaml"
    assert locate(Path("/third.yaml")) == Path("/third.yaml")


def test_no_file_says_where_and_how_to_make_one(folder: Path) -> None:
    """The example in the sentence is itself a right configuration."""
    with pytest.raises(NoConfig) as caught:
        load(None)
    sentence = str(caught.value)
    assert str(folder / ".config/afterword/config.yaml") in sentence
    example = "".join(line[4:] + "\n" for line in sentence.splitlines() if line.startswith("    "))
    assert load(written(folder, example)).me.name == "Ana Sousa"


def test_a_folder_is_no_config_file(folder: Path) -> None:
    """What cannot be read is a problem, not a crash."""
    with pytest.raises(Problems, match="cannot be read"):
        load(folder)
