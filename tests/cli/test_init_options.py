"""``afterword init`` with nobody there: options, defaults, and what is said when they do not do."""

from pathlib import Path

import pytest

from agent.config.load import load
from connectors.account import Tls
from connectors.secrets import FromCommand, FromFile
from tests.cli.conftest import CONFIG, Home
from tests.servers.dovecot import Dovecot

WHO = ("--non-interactive", "--name", "Ana Sousa", "--address", "ana@example.org")


def secret(home: Home, word: str = "pw") -> str:
    path = home.folder / "secret"
    path.write_text(word)
    path.chmod(0o600)
    return str(path)


def test_everything_given(home: Home) -> None:
    """Against a real server; the password is only pointed at."""
    with Dovecot(tls=True) as server:
        assert server.certificates is not None
        pin = server.certificates.fingerprint
        ended = home.run(
            "init", "--non-interactive", "--name", "Alice", "--address", "a.adams@example.com", "--account", "mine",
            "--signature", "Alice Adams\\n+1 555", "--host", server.host, "--port", str(server.tls_port),
            "--fingerprint", pin, "--username", server.user, "--password-command", "echo 'pw'", "--watch", "INBOX",
            "--watch", "Junk", "--languages", "en,de", "--quiet-hours", "none", "--enquire-after", "7 working days",
        )  # fmt: skip
    assert ended.code == 0, ended.out + ended.err
    settings = load(home.config)
    [account] = settings.accounts
    assert (account.name, account.username, account.fingerprint) == ("mine", server.user, pin)
    assert account.password == FromCommand(("echo", "pw"))
    assert account.folders.watch == ("INBOX", "Junk")
    assert settings.me.signature == "Alice Adams\n+1 555"
    assert (settings.languages, settings.clock.quiet, settings.follow_up.enquire_after) == (("en", "de"), None, 7)
    assert home.run("config", "check").code == 0


def test_offline(home: Home) -> None:
    """Nobody is contacted: a provider of the table, and a server that there is not."""
    path = secret(home)
    assert home.run("init", *WHO[:3], "--address", "ana@icloud.com", "--password-file", path, "--offline").code == 0
    ended = home.run(
        "init", *WHO, "--account", "work", "--host", "imap.no-such-host.example", "--tls", "starttls", "--offline",
        "--password-file", path,
    )  # fmt: skip
    assert ended.code == 0
    assert "Trying" not in ended.out
    cloud, work = load(home.config).accounts
    assert (cloud.name, cloud.host, cloud.username) == ("home", "imap.mail.me.com", "ana")
    assert (work.host, work.port, work.tls) == ("imap.no-such-host.example", 143, Tls.STARTTLS)
    assert work.password == FromFile(Path(path))


def test_mail_in_files(configured: Home) -> None:
    """A Maildir that is there; and one that is not."""
    configured.config.unlink()
    (configured.folder / "Mail/.Jobs.Answers/cur").mkdir(parents=True)
    ended = configured.run("init", *WHO, "--maildir", "~/Mail")
    assert ended.code == 0, ended.err
    [account] = load(configured.config).accounts
    assert account.path == configured.folder / "Mail"
    assert account.folders.watch == ("INBOX", "Jobs/Answers")
    ended = configured.run("init", *WHO, "--maildir", "~/Nowhere")
    assert ended.code == 1
    assert "is not there" in ended.err


def test_the_apis(home: Home) -> None:
    """Microsoft's and Google's own, without signing in yet."""
    client = home.folder / "client_secret.json"
    client.write_text("{}")
    microsoft = ("--address", "ana@outlook.com", "--client-id", "0000-11", "--tenant", "consumers", "--offline")
    assert home.run("init", *WHO[:3], *microsoft).code == 0
    assert home.run("init", *WHO[:3], "--address", "ana@gmail.com", "--client", str(client), "--offline").code == 0
    outlook, gmail = load(home.config).accounts
    assert (outlook.connector, outlook.client_id, outlook.tenant) == ("outlook", "0000-11", "consumers")
    assert (gmail.connector, gmail.client) == ("gmail", client)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--name", "Ana"), "Your email address. Give it with --address."),
        ((*WHO[1:3], "--address", "ana"), "This is no email address such as ana@example.org"),
        ((*WHO[1:], "--host", "x y", "--offline"), "Write the name of the server alone"),
        ((*WHO[1:], "--host", "127.0.0.1", "--port", "9"), "Nobody answers at 127.0.0.1, port 9"),
        ((*WHO[1:], "--host", "no-such-host.invalid"), "There is no server called no-such-host.invalid"),
        ((*WHO[1:], "--autoconfig", "http://example.org/x"), "write an https address"),
        ((*WHO[1:], "--maildir", "/x", "--offline", "--languages", "xx"), "There are no rules for the language `xx`"),
        ((*WHO[1:], "--maildir", "/none", "--offline", "--quiet-hours", "late"), "Write two times of day"),
        ((*WHO[1:], "--host", "x", "--offline", "--password-command", "a 'b"), "a quote without its other half"),
        (("--name", "Ana", "--address", "a@outlook.com", "--offline"), "(client) ID. Give it with --client-id."),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong(home: Home, arguments: tuple[str, ...], sentence: str) -> None:
    """One sentence, and nothing is written."""
    ended = home.run("init", "--non-interactive", *arguments)
    assert ended.code == 1
    assert sentence in ended.err
    assert ended.err.endswith("Nothing was written.\n")
    assert not home.config.exists()


def test_a_wrong_password(home: Home) -> None:
    with Dovecot() as server:
        ended = home.run(
            "init", *WHO, "--host", server.host, "--port", str(server.port), "--password-file", secret(home, "no")
        )
    assert ended.code == 1
    assert "does not accept the user name or password" in ended.err
    assert not home.config.exists()


def test_another_certificate_than_the_pinned_one(home: Home) -> None:
    pin = "sha256:" + "0" * 64
    with Dovecot(tls=True) as server:
        ended = home.run("init", *WHO, "--host", server.host, "--port", str(server.tls_port), "--fingerprint", pin)
    assert ended.code == 1
    assert "shows another certificate than the one of --fingerprint" in ended.err


def test_a_fingerprint_that_is_none(home: Home) -> None:
    with Dovecot(tls=True) as server:
        ended = home.run("init", *WHO, "--host", server.host, "--port", str(server.tls_port), "--fingerprint", "sha1:x")
    assert ended.code == 1
    assert "--fingerprint: Write `sha256:` and the certificate's 64 hexadecimal digits." in ended.err


def test_an_alias_is_known(home: Home) -> None:
    """It belongs to the account that has it; the main address stays the main one."""
    home.configure(CONFIG.replace("address: ana@example.org", "address: ana@example.org, addresses: [a@example.org]"))
    home.maildir()
    assert home.run("init", *WHO[:3], "--address", "A@example.org", "--maildir", "~/Mail").code == 0
    assert [account.addresses for account in load(home.config).accounts] == [("ana@example.org", "a@example.org")]


def test_a_broken_file_is_left_alone(home: Home) -> None:
    """Its mistakes are told as ever, and it is for the user to put them right."""
    home.configure("me: [\n")
    ended = home.run("init", *WHO, "--maildir", "~/Mail", "--offline")
    assert ended.code == 78
    assert "This is not YAML" in ended.err
    assert home.config.read_text() == "me: [\n"


def test_again(home: Home) -> None:
    """What there is answers in the place of defaults, and its account is the one that is set up anew."""
    home.configure(CONFIG + "languages: [en, pt]\nfollow_up: {enquire_after: 3 working days}\n")
    home.maildir()
    before = home.config.read_text()
    ended = home.run("init", "--non-interactive", "--address", "ana@example.org", "--maildir", "~/Mail")
    assert ended.code == 0, ended.err
    settings = load(home.config)
    assert (settings.languages, settings.follow_up.enquire_after) == (("en", "pt"), 3)
    assert settings.clock.quiet is not None
    assert "The account home has this address: it is set up anew." in ended.out
    [backup] = home.config.parent.glob("*.bak")
    assert backup.read_text() == before


def test_nobody_at_the_terminal(home: Home) -> None:
    """A pipe is told so, instead of a crash in the middle."""
    ended = home.run_alone("init")
    assert ended.code == 1
    assert "no terminal is there to answer them" in ended.err


def test_a_narrow_terminal(home: Home) -> None:
    """Forty columns: nothing but what cannot be broken is longer."""
    ended = home.run_alone("init", *WHO, "--maildir", "/", "--offline", COLUMNS="40")
    assert ended.code == 0, ended.err
    assert [line for line in ended.out.splitlines() if len(line) > 40 and " " in line.strip()] == []
