"""`afterword doctor` as it is typed."""

import pytest

from tests.cli.conftest import CONFIG, Home

KEYS = ["name", "account", "state", "sentence", "todo"]
BROKEN = "  - {name: gone, connector: imap, address: b@example.org, host: localhost, port: 9, password: {file: pw}}\n"


def broken(home: Home, *, with_password: bool) -> None:
    home.configure(CONFIG.replace("accounts:\n", "accounts:\n" + BROKEN))
    if with_password:
        secret = home.config.parent / "pw"
        secret.write_text("x\n")
        secret.chmod(0o600)


def test_all_is_well_enough(configured: Home) -> None:
    """Exit code 0, also with warnings; one finding a line in a pipe; nothing is written anywhere but by the lock."""
    ended = configured.run("doctor")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0].startswith("ok   program: Afterword")
    assert any(line.startswith("warn daemon: Afterword is not running") and "afterword run" in line for line in lines)
    assert "ok   home: mailbox: the folder is there" in lines
    assert lines[-1].startswith("All works.")
    assert list((configured.folder / "Mail/.Drafts/cur").iterdir()) == []
    assert not (configured.folder / ".local/share/afterword/afterword.db").exists()


def test_as_json(configured: Home) -> None:
    """The documented form; the worst state stands in front."""
    ended = configured.run("doctor", "--json")
    assert list(ended.json) == ["version", "now", "state", "findings"]
    assert (ended.json["version"], ended.json["state"]) == (1, "warn")
    assert all(list(each) == KEYS for each in ended.json["findings"])
    assert {
        "program",
        "configuration",
        "rules",
        "time zone",
        "clock",
        "disk",
        "store",
        "daemon",
        "alerts",
        "mailbox",
    } <= {each["name"] for each in ended.json["findings"]}


@pytest.mark.parametrize(("with_password", "code"), [(False, 78), (True, 1)])
def test_exit_codes(configured: Home, with_password: bool, code: int) -> None:
    """78 when the user has to put something right, 1 for a server that is down; the other account is looked at too."""
    broken(configured, with_password=with_password)
    ended = configured.run("doctor")
    assert ended.code == code
    assert "home: mailbox: the folder is there" in ended.out
    assert "1 thing must be put right" in ended.out


def test_without_a_usable_configuration(home: Home) -> None:
    """The program is told of, and what is wrong with the file; no traceback, exit code 78."""
    ended = home.run("doctor")
    assert ended.code == 78
    assert "fail configuration: There is no configuration file" in ended.out
    home.configure(CONFIG.replace("alerts", "alert"))
    ended = home.run("doctor", "--json")
    assert ended.code == 78
    assert [each["name"] for each in ended.json["findings"]] == ["program", "configuration"]


def test_a_draft_and_an_alert_on_request(configured: Home) -> None:
    """Each is told, with what is left to do; without being asked neither is made."""
    got = configured.folder / "got"
    program = configured.folder / "tell"
    program.write_text(f'#!/bin/sh\ncat > "{got}"\n')
    program.chmod(0o700)
    configured.configure(CONFIG.replace("alerts: []", f"alerts: [{{command: [{program}]}}]"))
    assert configured.run("doctor").code == 0
    assert not got.exists()
    ended = configured.run("doctor", "--try-draft", "--try-alert")
    assert ended.code == 0
    assert "Delete it: “Afterword: a test draft, please delete it”" in ended.out
    [draft] = (configured.folder / "Mail/.Drafts/cur").iterdir()
    assert b"It was not sent to anybody" in draft.read_bytes()
    assert "This is a test alert." in got.read_text()


def test_a_report_does_not_overwrite(configured: Home) -> None:
    """Whatever lies there stays."""
    there = configured.folder / "there.txt"
    there.write_text("mine")
    ended = configured.run("doctor", "--report", str(there))
    assert ended.code == 1
    assert "is there already" in ended.err
    assert there.read_text() == "mine"
