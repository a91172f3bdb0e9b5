"""`check` and `run` as the user starts them, on a real Maildir; the daemon's own tests are in tests/daemon."""

import mailbox
import os
from datetime import UTC, datetime, timedelta

from agent.lock import daemon_lock
from tests.agent.stage import INVITATION, REJECTION, eml
from tests.cli.conftest import CONFIG, Home

NOW = datetime.now(UTC)


def deliver(home: Home) -> None:
    """An invitation three days ago, a rejection two hours ago."""
    for number, (text, key, age) in enumerate(
        [(INVITATION, "i@acme.example", timedelta(days=3)), (REJECTION, "r@acme.example", timedelta(hours=2))]
    ):
        answers = {"answers": "i@acme.example"} if number else {}
        path = home.folder / f"Mail/new/{int((NOW - age).timestamp())}.M{number}.host"
        path.write_bytes(eml(text, key=key, date=NOW - age, **answers))
        os.utime(path, ((NOW - age).timestamp(),) * 2)


def drafts(home: Home) -> list[str]:
    box = mailbox.Maildir(home.folder / "Mail").get_folder("Drafts")
    return [str(message["In-Reply-To"]) for message in box]


def test_one_check_writes_the_draft_and_another_writes_no_second(configured: Home) -> None:
    """From the mail in a folder to the draft in another, by the command alone; the mail stays unread."""
    deliver(configured)
    for _ in range(2):
        ended = configured.run_alone("check")
        assert (ended.code, ended.out) == (0, "home: done\n"), ended.err
        assert drafts(configured) == ["<r@acme.example>"]
    assert len(list((configured.folder / "Mail/new").iterdir())) == 2
    (case,) = configured.run("status", "--json").json["cases"]
    assert (case["state"], case["waits_for"]) == ("request_drafted", "you")
    assert "jane" not in ended.err.lower()


def test_one_accounts_trouble_does_not_hinder_the_next(configured: Home) -> None:
    """A missing sign-in is 78, a dead server is 1; the mailbox that can be read is read."""
    gone = "  - {name: gone, connector: imap, address: b@example.org, host: localhost, port: 9, password: {file: pw}}\n"
    oauth = "  - {name: work, connector: outlook, address: c@contoso.example, client_id: x}\n"
    (configured.config.parent / "pw").write_text("x\n")
    (configured.config.parent / "pw").chmod(0o600)
    deliver(configured)
    configured.configure(CONFIG.replace("accounts:\n", "accounts:\n" + gone))
    ended = configured.run("check")
    assert ended.code == 1
    assert ended.err.count("gone: ") == 1
    assert drafts(configured) == ["<r@acme.example>"]
    configured.configure(CONFIG.replace("accounts:\n", "accounts:\n" + oauth + gone))
    ended = configured.run("check")
    assert ended.code == 78
    assert "work: nobody signed in to account `work` yet. Do it: afterword auth work" in ended.err
    troubles = {each["name"]: bool(each["trouble"]) for each in configured.run("status", "--json").json["accounts"]}
    assert troubles == {"work": True, "gone": True, "home": False}


def test_a_broken_rule_file_is_told_and_the_rest_goes_on(configured: Home) -> None:
    """The packs stay in force; the exit code asks for the user."""
    (configured.config.parent / "own.yaml").write_text("rules:\n  - rul: x\n")
    configured.configure(CONFIG + "rules: [own.yaml]\n")
    deliver(configured)
    ended = configured.run("check")
    assert ended.code == 78
    assert "own.yaml:2:" in ended.err
    assert drafts(configured) == ["<r@acme.example>"]


def test_a_second_daemon_is_turned_away(configured: Home) -> None:
    """One works on a store at a time: exit code 1 and what to do."""
    with daemon_lock(configured.store):
        for command in ("run", "check"):
            ended = configured.run(command)
            assert ended.code == 1
            assert "Another Afterword is already at work on this store." in ended.err


def test_run_ends_when_every_account_needs_the_user(configured: Home) -> None:
    """Starting again would change nothing: 78, which systemd takes as the end."""
    configured.configure(CONFIG.replace("maildir", "gmail").replace("path: ~/Mail", "client: x"))
    ended = configured.run_alone("run")
    assert ended.code == 78
    assert "`client:` names your client_secret.json" in ended.err
