"""The file that is written: new, changed, and never at anybody's cost."""

import stat
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from agent.config.load import load
from agent.setup.write import Choices, Written, write
from connectors.account import Tls
from connectors.secrets import FromCommand, FromKeyring
from rules.source import Problems

HOME = {
    "name": "home", "connector": "imap", "address": "ana@example.org", "host": "imap.example.org",
    "password": {"keyring": "yes"},
}  # fmt: skip
CHOICES = Choices(name="Ana Sousa", account=HOME, quiet_hours="22:00-08:00")

OWN = """\
# my own words on top
me: {name: Ana Sousa}   # me
accounts:
- name: home            # at home
  connector: imap
  address: ana@example.org
  # the old server, until May
  host: old.example.org # soon gone
  port: 1993
  password: {command: [pass, show, "mail/home"]}
# alerts go to my phone
alerts: [{command: [ntfy-me]}]
lookback: 5d
"""


def test_a_new_file(tmp_path: Path) -> None:
    """Commented, for this user alone, and what was answered."""
    path = tmp_path / "new/config.yaml"
    assert write(path, replace(CHOICES, signature="Ana Sousa\n+351 200: 000")) == Written(changed=True)
    settings = load(path)
    assert settings.me.signature == "Ana Sousa\n+351 200: 000"
    assert settings.accounts[0].password == FromKeyring("home")
    assert settings.clock.quiet is not None
    assert settings.clock.quiet.start == time(22)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().count("#") > 10
    assert [each.name for each in path.parent.iterdir()] == ["config.yaml"]


@pytest.mark.parametrize(
    "name", ["null", "yes", "1e5", "Ana: Sousa", "O'Neil # 2", "- x", "{a}", "名前", "\\", '"', "&a"]
)
def test_any_name(tmp_path: Path, name: str) -> None:
    """What YAML would take for something else comes back as it was typed."""
    path = tmp_path / "config.yaml"
    write(path, replace(CHOICES, name=name, signature=f"{name}\n{name}"))
    assert load(path).me.name == name
    assert load(path).me.signature == f"{name}\n{name}"


def test_again_changes_nothing(tmp_path: Path) -> None:
    """The same answers leave the file as it is, to the byte, and make no copy."""
    path = tmp_path / "config.yaml"
    write(path, CHOICES)
    before = path.read_bytes()
    assert write(path, CHOICES) == Written(changed=False)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_of_the_users_own(tmp_path: Path) -> None:
    """An account is set up anew in its place; every comment, and everything that was not asked about, stays."""
    path = tmp_path / "config.yaml"
    path.write_text(OWN)
    path.chmod(0o640)
    written = write(path, replace(CHOICES, account=HOME | {"tls": "starttls"}))
    assert written.backup is not None
    assert written.backup.read_text() == OWN
    after = path.read_text()
    for words in ("# my own words on top", "# me", "# at home", "# the old server, until May", "# soon gone"):
        assert words in after
    assert "# alerts go to my phone\nalerts: [{command: [ntfy-me]}]\nlookback: 5d\n" in after
    account = load(path).accounts[0]
    assert (account.host, account.port, account.tls) == ("imap.example.org", 143, Tls.STARTTLS)
    assert account.password == FromKeyring("home")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_another_mailbox(tmp_path: Path) -> None:
    """It is put behind those that are there, and each change keeps a copy of its own."""
    path = tmp_path / "config.yaml"
    path.write_text(OWN)
    for name in ("work", "club"):
        write(path, replace(CHOICES, account=HOME | {"name": name, "address": f"{name}@example.org"}))
    settings = load(path)
    assert [account.name for account in settings.accounts] == ["home", "work", "club"]
    assert settings.accounts[0].password == FromCommand(("pass", "show", "mail/home"))
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "config.yaml", "config.yaml.1.bak", "config.yaml.2.bak",
    ]  # fmt: skip


def test_folders_that_were_named(tmp_path: Path) -> None:
    """Only those that changed; without a word they stay."""
    path = tmp_path / "config.yaml"
    path.write_text(
        OWN.replace("  port: 1993\n", "  folders:\n    drafts: Konzepte   # mine\n    watch: [INBOX, Junk]\n")
    )
    write(path, CHOICES)
    assert load(path).accounts[0].folders.watch == ("INBOX", "Junk")
    write(path, replace(CHOICES, account=HOME | {"folders": {"watch": ["INBOX"]}}))
    assert load(path).accounts[0].folders.watch == ("INBOX",)
    assert "    drafts: Konzepte   # mine\n" in path.read_text()


def test_the_example(tmp_path: Path) -> None:
    """The shipped example, of which people begin."""
    path = tmp_path / "config.yaml"
    path.write_text((Path(__file__).parents[2] / "deploy/config.example.yaml").read_text())
    lines = path.read_text().count("#")
    write(path, replace(CHOICES, languages=("en", "de"), enquire_after="7 working days"))
    settings = load(path)
    assert (settings.languages, settings.follow_up.enquire_after) == (("en", "de"), 7)
    assert path.read_text().count("#") == lines


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """People keep their configuration elsewhere."""
    (tmp_path / "dotfiles").mkdir()
    path = tmp_path / "config.yaml"
    path.symlink_to(tmp_path / "dotfiles/afterword.yaml")
    write(path, CHOICES)
    assert path.is_symlink()
    assert load(path).me.name == "Ana Sousa"


def test_what_would_be_wrong_is_not_written(tmp_path: Path) -> None:
    """The old file stays, and nothing lies about."""
    path = tmp_path / "config.yaml"
    path.write_text(OWN)
    with pytest.raises(Problems):
        write(path, replace(CHOICES, quiet_hours="late"))
    assert path.read_text() == OWN
    assert len(list(tmp_path.iterdir())) == 1
