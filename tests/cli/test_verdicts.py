"""`judge` and `why`: what mails say, as people and as programs are told it."""

import mailbox
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.case import Link, Trigger, Words
from tests.agent.facts import filed
from tests.agent.facts import mail as kept
from tests.agent.stage import INVITATION, REJECTION, eml
from tests.cli.conftest import CONFIG, Ended, Home

KEYS = [
    *("path", "message_id", "meaning", "stage", "language", "employer", "position"),
    *("correspondent", "flags", "evidence", "error"),
]


def write(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def rejection(key: str = "no@acme.example", **more: str) -> bytes:
    return eml(REJECTION, key=key, **more)


def meanings(ended: Ended) -> list[str]:
    return [line["meaning"] for line in ended.lines]


def test_a_line_has_the_documented_keys_in_their_order(home: Home) -> None:
    """Without any configuration; evidence holds the mail's own words."""
    path = write(home.folder, "no.eml", rejection())
    ended = home.run("judge", "--jsonl", str(path))
    assert (ended.code, ended.err) == (0, "")
    (line,) = ended.lines
    assert list(line) == KEYS
    assert (line["path"], line["message_id"]) == (str(path), "<no@acme.example>")
    assert (line["meaning"], line["stage"], line["language"]) == ("rejection", "interviewed", "en")
    assert line["correspondent"] == {"address": "jane.doe@acme.example", "name": "Jane Doe", "found_by": "sender"}
    assert line["error"] is None
    assert any("forward with another" in hit["words"] for hit in line["evidence"])
    assert all(hit["rule"].startswith("en/") for hit in line["evidence"])


def test_files_folders_maildirs_and_mbox_in_one_call(home: Home) -> None:
    """In the order given, each mail once."""
    write(home.folder, "folder/a.eml", rejection())
    write(home.folder, "folder/b.eml", eml(INVITATION, key="yes@acme.example"))
    box = mailbox.mbox(home.folder / "box")
    box.add(rejection())
    box.add(eml(INVITATION, key="yes@acme.example"))
    box.close()
    write(home.maildir(), "new/1.M1.host", rejection())
    paths = [str(home.folder / name) for name in ("folder", "box", "Mail")]
    ended = home.run("judge", "--jsonl", *paths)
    assert ended.code == 0
    assert meanings(ended) == ["rejection", "interview", "rejection", "interview", "rejection"]
    assert [line["path"] for line in ended.lines][2:4] == [paths[1], paths[1]]


def test_a_bad_file_stops_nothing(home: Home) -> None:
    """Empty, binary, and a link to nowhere: a line with an error and no meaning; the next mail is judged."""
    write(home.folder, "m/1-empty", b"")
    write(home.folder, "m/2-binary", bytes(range(256)) * 40)
    (home.folder / "m/3-nowhere").symlink_to("nothing")
    write(home.folder, "m/4-fine.eml", rejection())
    ended = home.run("judge", "--jsonl", str(home.folder / "m"))
    assert ended.code == 0
    assert meanings(ended) == ["none", "none", "none", "rejection"]
    assert [bool(line["error"]) for line in ended.lines] == [True, True, True, False]
    for line in ended.lines[:3]:
        assert list(line) == KEYS
        assert (line["stage"], line["flags"], line["evidence"], line["correspondent"]) == ("unknown", [], [], None)


def test_a_path_that_is_not_there_is_a_failure(home: Home) -> None:
    """Its line says so, the others are judged, and the exit code is 1."""
    path = write(home.folder, "no.eml", rejection())
    ended = home.run("judge", "--jsonl", str(home.folder / "none"), str(path))
    assert ended.code == 1
    assert meanings(ended) == ["none", "rejection"]


def test_two_runs_say_the_same(home: Home) -> None:
    """Byte for byte, in processes of their own; and nothing but JSON on standard output."""
    for number in range(12):
        write(home.folder, f"m/{number}.eml", rejection(f"{number}@acme.example"))
    one, two = (home.run_alone("judge", "--jsonl", str(home.folder / "m")) for _ in range(2))
    assert one.out == two.out
    assert len(one.lines) == 12


def test_standard_input_is_a_mail_or_an_mbox(home: Home) -> None:
    """`-` reads it."""
    ended = home.run_alone("judge", "--jsonl", "-", stdin=rejection())
    assert meanings(ended) == ["rejection"]
    assert ended.lines[0]["path"] == "-"
    postmark = b"From a Mon Jun  1 09:00:00 2026\n"
    two = postmark + rejection() + b"\n" + postmark + rejection()
    assert meanings(home.run_alone("judge", "--jsonl", "-", stdin=two)) == ["rejection", "rejection"]


def test_odd_file_names_stay_json(home: Home) -> None:
    """A name that is no UTF-8 is an escape that JSON knows; the terminal's charset does not matter."""
    name = os.fsdecode(b"caf\xe9.eml")
    write(home.folder, name, rejection(subject="Grüße 日本"))
    ended = home.run_alone("judge", "--jsonl", str(home.folder / name), PYTHONIOENCODING="ascii", LC_ALL="C")
    assert ended.lines[0]["path"].endswith("caf\udce9.eml")


def test_without_jsonl_people_can_read_it(home: Home) -> None:
    """One short line a mail."""
    path = write(home.folder, "no.eml", rejection())
    assert home.run("judge", str(path)).out.split() == ["rejection", "interviewed", str(path)]


@pytest.mark.parametrize(
    ("sender", "headers", "found_by", "address"),
    [
        ("Jane Doe <jane@acme.example>", {"Reply_To": "Tom <tom@acme.example>"}, "reply_to", "tom@acme.example"),
        ("Acme <no-reply@acme.example>", {}, "nobody", None),
        ("Jane Doe <jane@acme.example>", {"Reply_To": "x@elsewhere.example"}, "foreign_reply_to", None),
    ],
)
def test_the_correspondent_is_whom_a_reply_would_reach(
    home: Home, sender: str, headers: dict[str, str], found_by: str, address: str | None
) -> None:
    """Reply-To before From, never a no-reply address, never somewhere else than the sender."""
    text = REJECTION.replace("Jane Doe", "Acme")
    path = write(home.folder, "no.eml", eml(text, key="no@acme.example", sender=sender, **headers))
    (line,) = home.run("judge", "--jsonl", str(path)).lines
    assert line["correspondent"]["found_by"] == found_by
    assert line["correspondent"]["address"] == address


def test_the_users_own_address_is_no_correspondent(home: Home) -> None:
    """An address in the text that is the one the mail was sent to; no configuration says whose it is."""
    text = REJECTION + "\nThis mail was sent to ana@example.org.\n"
    path = write(home.folder, "no.eml", eml(text, key="no@acme.example", sender="Acme <no-reply@acme.example>"))
    (line,) = home.run("judge", "--jsonl", str(path)).lines
    assert line["correspondent"] == {"address": None, "name": None, "found_by": "nobody"}


def test_a_mail_addressed_to_its_own_sender_can_be_answered(home: Home) -> None:
    """So are rejections to many in blind copy."""
    path = write(home.folder, "no.eml", eml(REJECTION, key="no@acme.example", to="jane.doe@acme.example"))
    (line,) = home.run("judge", "--jsonl", str(path)).lines
    assert line["correspondent"]["address"] == "jane.doe@acme.example"


def test_a_configuration_that_is_named_must_be_there(home: Home) -> None:
    """Without a name, none is needed."""
    path = write(home.folder, "no.eml", rejection())
    ended = home.run("judge", "--jsonl", str(path), "--config", str(home.folder / "none.yaml"))
    assert (ended.code, ended.out) == (78, "")


def test_with_a_configuration_own_mail_is_own(configured: Home) -> None:
    """What the user wrote has no correspondent; a broken configuration is told, not passed over."""
    path = write(configured.folder, "own.eml", eml(REJECTION, key="a@b", sender="Ana <ana@example.org>"))
    assert configured.run("judge", "--jsonl", str(path)).lines[0]["correspondent"] is None
    configured.configure(CONFIG + "x: y\n")
    assert configured.run("judge", "--jsonl", str(path)).code == 78


def test_the_users_rules_count(configured: Home) -> None:
    """Layered over the packs."""
    text = "Dear Ana,\n\nabout your application as Data Engineer: the frobnicator has spoken.\n\nJane Doe\n"
    path = write(configured.folder, "odd.eml", eml(text, key="a@acme.example"))
    assert meanings(configured.run("judge", "--jsonl", str(path))) == ["none"]
    (configured.config.parent / "own.yaml").write_text(
        "rules:\n"
        "  - rule: frobnicator\n"
        "    meaning: rejection\n"
        "    weight: decisive\n"
        "    any of: [{text: the frobnicator has spoken}]\n"
        "    hits: [The frobnicator has spoken.]\n"
        "    misses: [The frobnicator sleeps.]\n"
    )
    configured.configure(CONFIG + "rules: [own.yaml]\n")
    assert meanings(configured.run("judge", "--jsonl", str(path))) == ["rejection"]


def test_why_explains_a_file(home: Home) -> None:
    """Meaning, correspondent and words, for people; and as JSON with a version."""
    path = write(home.folder, "no.eml", rejection())
    ended = home.run("why", str(path))
    assert ended.code == 0
    assert "rejection (stage: interviewed)" in ended.out
    assert "Jane Doe <jane.doe@acme.example>" in ended.out
    assert "forward with another" in ended.out
    form = home.run("why", str(path), "--json").json
    assert list(form) == ["version", *KEYS]
    assert (form["version"], form["meaning"]) == (1, "rejection")


def test_why_says_when_nothing_decides(home: Home) -> None:
    """A mail about something else is no failure."""
    path = write(home.folder, "x.eml", eml("Lunch tomorrow?\n", subject="Lunch", key="x@y.example"))
    ended = home.run("why", str(path))
    assert ended.code == 0
    assert "No rule found words that decide anything." in ended.out


def test_what_a_mail_says_cannot_steer_the_terminal(home: Home) -> None:
    """Escape sequences and turned reading direction are gone, markup is only text."""
    sender = "=?utf-8?q?Jane_=1B[31m[bold]Doe=E2=80=AE?= <jane@acme.example>"
    path = write(home.folder, "x.eml", rejection(sender=sender))
    out = home.run("why", str(path)).out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[bold]Doe" in out


def test_why_finds_a_message_in_the_journal(configured: Home) -> None:
    """With or without its angle brackets; the words are those that were kept."""
    one = kept("rejection", key="<n@acme.example>", evidence=(Words(rule="en/x", words="It is a no."),))
    configured.happened(filed(one, Trigger.NOTICE, link=Link.OPENED))
    for name in ("<n@acme.example>", "n@acme.example"):
        ended = configured.run("why", name)
        assert ended.code == 0
        assert "It is a no." in ended.out
    assert configured.run("why", "n@acme.example", "--json").json["path"] is None


def test_why_finds_a_message_that_meant_nothing_in_the_mailbox(configured: Home) -> None:
    """The journal keeps only what means something; the mail stays unread."""
    raw = eml("Lunch tomorrow?\n", subject="Lunch", key="lunch@y.example", date=datetime.now(UTC))
    path = write(configured.folder, "Mail/new/1.M1.host", raw)
    ended = configured.run("why", "lunch@y.example", "--json")
    assert (ended.code, ended.json["meaning"]) == (0, "none")
    assert path.exists()


def test_why_knows_when_it_does_not_know(configured: Home) -> None:
    """An unknown Message-ID is exit code 1; a word that is neither is wrong usage."""
    ended = configured.run("why", "unknown@y.example")
    assert ended.code == 1
    assert "This mail is not known" in ended.err
    assert configured.run("why", "nonsense").code == 2
