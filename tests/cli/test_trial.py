"""`rules try`: what the user's rules would change, on the user's own mail, which stays as it was."""

import os
import pathlib
from datetime import UTC, datetime, timedelta

import pytest

from tests.agent.stage import INVITATION, eml
from tests.cli.conftest import CONFIG, Home
from tests.cli.test_books import RULES

NOW = datetime.now(UTC)
STRANGE = "Dear Ana,\n\nabout your application: the frobnicator has spoken.\n\nJane\n"


def deliver(home: Home, text: str, key: str, age: timedelta = timedelta(days=1)) -> None:
    path = home.folder / f"Mail/new/{int((NOW - age).timestamp())}.M{key[0]}.host"
    path.write_bytes(eml(text, key=key, date=NOW - age))
    os.utime(path, ((NOW - age).timestamp(),) * 2)


def seen(folder: pathlib.Path) -> list[tuple[str, bytes]]:
    return sorted((str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def tried(configured: Home) -> Home:
    """A user with a mail that only their own rule understands, and one that every rule does."""
    deliver(configured, STRANGE, "s@acme.example")
    deliver(configured, INVITATION, "i@acme.example")
    (configured.config.parent / "own.yaml").write_text(RULES)
    return configured


def test_what_own_rules_change_is_shown_and_nothing_is_written(tried: Home) -> None:
    """With a file, without one, and when it changes nothing any more since it is in force."""
    own = str(tried.config.parent / "own.yaml")
    before = seen(tried.folder / "Mail")
    ended = tried.run("rules", "try", own)
    assert ended.code == 0
    assert "2 mails read, 1 mail judged differently. Nothing was written." in ended.out
    assert "Your application as Data Engineer" in ended.out
    assert "-> rejection (applied" in ended.out
    assert "frobnicator: “the frobnicator has spoken”" in ended.out
    assert "no mail judged differently" in tried.run("rules", "try").out
    tried.configure(CONFIG + "rules: [own.yaml]\n")
    assert "1 mail judged differently" in tried.run("rules", "try").out
    assert "no mail judged differently" in tried.run("rules", "try", own).out
    assert seen(tried.folder / "Mail") == before
    assert not (tried.folder / ".local").exists()


def test_it_looks_back_as_far_as_it_is_told(tried: Home) -> None:
    """Ninety days unless told."""
    deliver(tried, STRANGE, "old@acme.example", timedelta(days=100))
    assert "2 mails read" in tried.run("rules", "try").out
    assert "3 mails read" in tried.run("rules", "try", "--since", "120d").out
    ended = tried.run("rules", "try", "--since", "long")
    assert ended.code == 2
    assert "no duration" in ended.err


def test_an_account_that_cannot_be_read_is_told(tried: Home) -> None:
    """And the others are read all the same."""
    gone = "  - {name: gone, connector: maildir, address: b@example.org, path: ~/None}\n"
    tried.configure(CONFIG.replace("accounts:\n", "accounts:\n" + gone))
    ended = tried.run("rules", "try")
    assert ended.code == 1
    assert "gone: " in ended.err
    assert "2 mails read" in ended.out


def test_a_mistake_in_a_rule_ends_it(tried: Home) -> None:
    """Before any mailbox is opened, with its line."""
    (tried.config.parent / "own.yaml").write_text(RULES.replace("decisive", "heavy"))
    ended = tried.run("rules", "try", str(tried.config.parent / "own.yaml"))
    assert ended.code == 78
    assert "own.yaml:4:" in ended.err
