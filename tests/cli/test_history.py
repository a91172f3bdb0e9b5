"""`import`, `export`: the past known, taken along."""

import csv
import json
import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from agent.case import Trigger
from agent.case.events import Logged
from agent.cli import clock
from agent.journal import Journal
from agent.lock import daemon_lock
from tests.agent.facts import NOON, filed, mail, placed, promised
from tests.agent.stage import ANA, FEEDBACK, INVITATION, JANE, REJECTION, eml
from tests.cli.conftest import CONFIG, Home

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def deliver(home: Home, name: str, raw: bytes, *, folder: str = "", age: float = 200) -> None:
    """Into the Maildir, as of so many days ago."""
    path = home.folder / "Mail" / folder / "cur" / f"{name}:2,S"
    path.write_bytes(raw)
    at = (NOON - age * DAY).timestamp()
    os.utime(path, (at, at))


def story(home: Home, age: float = 200) -> None:
    """An application of so many days ago, up to the feedback that the user asked for on their own."""
    deliver(home, "inv", eml(INVITATION, key="inv@acme.example", date=NOON - age * DAY), age=age)
    no = eml(REJECTION, key="no@acme.example", answers="inv@acme.example", date=NOON - (age - 1) * DAY)
    deliver(home, "no", no, age=age - 1)
    own = {"sender": ANA, "to": JANE, "answers": "no@acme.example", "date": NOON - (age - 2) * DAY}
    deliver(home, "own", eml("Thanks. What can I improve?", key="own@x.example", **own), folder=".Sent", age=age - 2)
    answer = {"answers": "own@x.example", "date": NOON - (age - 3) * DAY, "subject": "Feedback on your interview"}
    deliver(home, "fb", eml(FEEDBACK, key="fb@acme.example", **answer), age=age - 3)


def test_import_says_what_it_learned(configured: Home) -> None:
    """And writes nothing into the mailbox; a second time there is nothing new."""
    story(configured)
    before = snapshot(configured)
    ended = configured.run("import")
    assert ended.code == 0, ended.err
    assert "home: reading since 2024-06-03" in ended.out
    assert "home: 4 messages read" in ended.out
    assert "1 application learned of: 1 with an interview, 1 turned down," in ended.out
    assert "No letter comes of this." in ended.out
    assert snapshot(configured) == before
    again = configured.run("import", "--since", "1y")
    assert "going on with the import since 2024-06-03" in again.out
    assert "Nothing new about your applications." in again.out
    assert configured.run("check").code == 0
    assert snapshot(configured) == before


def snapshot(home: Home) -> dict[str, bytes]:
    tree = home.folder / "Mail"
    return {str(path.relative_to(tree)): path.read_bytes() for path in tree.rglob("*") if path.is_file()}


def test_import_goes_back_as_far_as_asked(configured: Home) -> None:
    story(configured)
    assert "0 messages read" in configured.run("import", "--since", "90d").out
    assert "4 messages read" in configured.run("import", "--since", "2025-01-01").out


def test_import_while_the_daemon_runs(configured: Home) -> None:
    """It needs no lock: every batch is one transaction."""
    story(configured)
    with daemon_lock(configured.store):
        assert configured.run("import").code == 0


def test_import_stopped_with_ctrl_c_goes_on(configured: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is kept, and that is said."""
    story(configured)
    from agent.turn import past

    read = past.read_past

    def stopped(given, since):  # type: ignore[no-untyped-def] # the same as `read_past`
        for number, step in enumerate(read(given, since)):
            yield step
            if number == 0:
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(past, "read_past", stopped)
    ended = configured.run("import")
    assert (ended.code, "what was read is kept" in ended.err) == (1, True)
    monkeypatch.setattr(past, "read_past", read)
    assert "going on with the import since 2024-06-03" in configured.run("import").out
    assert len(cases(configured)) == 1


def cases(home: Home) -> list[str]:
    journal = Journal(home.store)
    try:
        with journal.reading() as reader:
            return [case.id for case in reader.cases()]
    finally:
        journal.close()


def test_one_accounts_trouble_hinders_no_other(configured: Home) -> None:
    """Told on standard error, with its exit code at the end."""
    configured.configure(
        CONFIG.replace(
            "accounts:", "accounts:\n  - {name: gone, connector: maildir, address: x@y.example, path: ~/Gone}"
        )
    )
    story(configured)
    ended = configured.run("import")
    assert ended.code != 0
    assert "gone: " in ended.err
    assert "1 application learned of" in ended.out


@pytest.mark.parametrize(
    ("arguments", "words"), [(("--since", "ages"), "no length and no day"), (("--account", "x"), "you have home")]
)
def test_import_with_wrong_words(configured: Home, arguments: tuple[str, ...], words: str) -> None:
    ended = configured.run("import", *arguments)
    assert (ended.code, words in " ".join(ended.err.replace("│", " ").split())) == (2, True)


def known(home: Home) -> str:
    """A case with everything: a mail, feedback, a letter, a call. Its id."""
    first = mail("rejection", key="<no@acme.example>", employer="Acme", subject="Unforgettable", thread="t9")
    answer = mail("feedback", key="<fb@acme.example>", text="=Talk about trade-offs.", arrived=NOON)
    call = Logged(at=NOON, what="call", account="home", asked=True, note="More numbers.")
    letter = (promised(), placed(parent="<no@acme.example>", to="unforgettable@acme.example"))
    return home.happened(filed(first, Trigger.NOTICE), *letter, filed(answer, Trigger.FEEDBACK), call).id


def test_export_as_json(configured: Home) -> None:
    """To standard output or into a file for the user alone; the form is that of `show --json`, and more."""
    id_ = known(configured)
    form = configured.run("export").json
    assert list(form) == ["version", "now", "accounts", "cases"]
    [one] = form["cases"]
    assert list(one) == ["case", "mails", "letters", "events"]
    assert one["case"]["id"] == id_
    assert one["mails"][1]["text"] == "=Talk about trade-offs."
    assert one["events"][-1]["note"] == "More numbers."
    target = configured.folder / "all.json"
    ended = configured.run("export", "--json", str(target))
    assert f"1 case written to {target}" in ended.out
    assert json.loads(target.read_text()) == form
    assert target.stat().st_mode & 0o777 == 0o600


def test_export_as_tables(configured: Home) -> None:
    """Three files; words of others are no formulas."""
    id_ = known(configured)
    folder = configured.folder / "out"
    assert configured.run("export", "--csv", str(folder)).code == 0
    tables = {path.name: list(csv.DictReader(path.open(newline=""))) for path in folder.iterdir()}
    assert sorted(tables) == ["cases.csv", "events.csv", "letters.csv"]
    [case] = tables["cases.csv"]
    assert (case["id"], case["employer"], case["told"]) == (id_, "Acme", "call")
    assert case["feedback"] == "'=Talk about trade-offs.\n\nMore numbers."
    assert [row["to"] for row in tables["letters.csv"]] == ["unforgettable@acme.example"]
    assert [row["kind"] for row in tables["events.csv"]] == ["mail", "promised", "placed", "mail", "logged"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    assert folder.stat().st_mode & 0o777 == 0o700


def test_export_replaces_nothing_unasked(configured: Home) -> None:
    known(configured)
    target = configured.folder / "mine.txt"
    target.write_text("precious")
    ended = configured.run("export", str(target))
    assert (ended.code, target.read_text()) == (1, "precious")
    assert "--force" in ended.err
    assert configured.run("export", str(target), "--force").code == 0
    assert target.read_text() != "precious"
    assert configured.run("export", str(configured.folder)).code == 1
    assert configured.run("export", str(configured.folder / "no/such/file")).code == 1
    assert configured.run("export", "--csv").code == 2
    assert configured.run("export", "--csv", "--json", "x").code == 2


def test_paths_are_the_users_own(configured: Home) -> None:
    """`~` is the home folder."""
    known(configured)
    assert configured.run("export", "~/all.json").code == 0
    assert Path(configured.folder / "all.json").exists()
