"""The demo comes to its end, and what it tells is what happened."""

import io
import mailbox
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

import pytest
import time_machine
from rich.console import Console

from agent.case import Case, Fate, LetterKind, Outcome, State
from agent.config.load import load
from agent.demo import run_demo
from agent.demo.sample import Sample
from agent.journal import Journal

PRIYA, MARCUS = "priya.nair@brightwater.example", "marcus.lindqvist@halden.example"
NO = "<CAF8x2pQ-decision@mail.brightwater.example>"
LAST_OF_MARCUS = "<DB9PR04MB8412B8E2D3C0F1456A7890BCDEF01@DB9PR04MB8412.eurprd04.prod.outlook.com>"
ADVICE = "<CAF8x2pQ-advice@mail.brightwater.example>"


@dataclass(frozen=True, kw_only=True)
class Played:
    """One run of the demo: what it printed, and the folder it left."""

    code: int
    text: str
    home: Path
    began: datetime

    def cases(self) -> dict[str, Case]:
        journal = Journal(load(self.home / "config.yaml").store)
        try:
            with journal.reading() as reader:
                return {case.employer or "": case for case in reader.cases()}
        finally:
            journal.close()

    def mails(self, folder: str = "") -> list[mailbox.MaildirMessage]:
        root = mailbox.Maildir(self.home / "Mail", create=False)
        return list(root.get_folder(folder) if folder else root)


def play(home: Path) -> Played:
    printed = io.StringIO()
    began = datetime.now(UTC)
    code = run_demo(home, Console(file=printed, width=80))
    return Played(code=code, text=printed.getvalue(), home=home, began=began)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("demo") / "kept")


def header(mail: Message, name: str) -> str:
    return " ".join(str(mail[name] or "").split())


def ids(mail: Message, name: str) -> list[str]:
    return re.findall(r"<[^<>]+>", str(mail[name] or ""))


def draft_to(played: Played, address: str) -> mailbox.MaildirMessage:
    [draft] = [mail for mail in played.mails("Drafts") if address in header(mail, "To")]
    return draft


def test_it_comes_to_its_end(played: Played) -> None:
    """The exit code says so, and no sentence asks for a report."""
    assert played.code == 0
    assert "report it" not in played.text


def test_two_of_three_rejections_get_a_request(played: Played) -> None:
    """The ones after an interview do, each to the person that was met; the third is only noted."""
    cases = played.cases()
    turned_down = {name: case for name, case in cases.items() if case.notice}
    requests = {
        name: letter.to.address
        for name, case in turned_down.items()
        for letter in case.letters
        if letter.kind is LetterKind.REQUEST and letter.placed and letter.to
    }
    assert turned_down.keys() == {"Brightwater", "Halden", "Northgate"}
    assert requests == {"Brightwater": PRIYA, "Halden": MARCUS}
    assert (cases["Northgate"].state, cases["Northgate"].note) == (State.NOTED, "policy")


def test_the_request_answers_the_person_and_not_the_machine(played: Played) -> None:
    """The letter about the no-reply notice stands in the thread of the person it goes to, who never saw the notice."""
    draft = draft_to(played, MARCUS)
    assert header(draft, "From") == "Ana Sousa <ana@example.org>"
    assert header(draft, "Subject") == "Re: Service Designer at Halden: shall we talk?"
    assert ids(draft, "In-Reply-To") == [LAST_OF_MARCUS]
    assert ids(draft, "References")[-1] == LAST_OF_MARCUS
    assert "greenhouse" not in draft.as_string()
    assert draft.get_flags() == "DS"


def test_the_sent_letter_is_known_though_its_id_changed(played: Played) -> None:
    """The user's client gave it another Message-ID; what it answers tells that it was sent."""
    [sent] = [mail for mail in played.mails("Sent") if ids(mail, "In-Reply-To") == [NO]]
    request = played.cases()["Brightwater"].letters[0]
    assert request.fate is Fate.SENT
    assert request.message_id != request.sent_id == header(sent, "Message-ID")


def test_the_answer_is_thanked_for(played: Played) -> None:
    """Feedback arrives, its words are kept, and a thank-you lies in Drafts as an answer to it."""
    case = played.cases()["Brightwater"]
    draft = draft_to(played, PRIYA)
    assert case.state is State.THANKS_DRAFTED
    assert case.answer is not None
    assert case.answer.message_id == ADVICE
    assert "practise one story" in " ".join((case.answer.text or "").split())
    assert ids(draft, "In-Reply-To") == [ADVICE]
    assert ids(draft, "References")[-1] == ADVICE
    assert len(played.mails("Drafts")) == 2


def test_other_mail_is_left_alone(played: Played) -> None:
    """No landlord, no newsletter, no parcel and no friend has become a case."""
    cases = played.cases()
    assert cases.keys() == {"Brightwater", "Halden", "Northgate", "Ferrow Labs", "Lumen Health"}
    assert {cases[name].state for name in ("Ferrow Labs", "Lumen Health")} == {State.APPLIED, State.INTERVIEWED}
    assert all(case.outcome is not Outcome.OFFER for case in cases.values())


def test_nothing_is_marked_or_moved(played: Played, tmp_path: Path) -> None:
    """Every mail is where and as it was delivered, unread where it was unread."""
    untouched = Sample(tmp_path / "Mail", played.began, load(played.home / "config.yaml").clock.timezone)
    untouched.fill()

    def state(inbox: mailbox.Maildir) -> dict[str, tuple[str, str]]:
        return {header(mail, "Message-ID"): (mail.get_subdir(), mail.get_flags()) for mail in inbox}

    before = state(mailbox.Maildir(tmp_path / "Mail", create=False))
    after = state(mailbox.Maildir(played.home / "Mail", create=False))
    assert after.pop(ADVICE) == ("new", "")
    assert after == before
    assert {"new", "cur"} == {subdir for subdir, _ in before.values()}
    assert "29 of 29" in played.text


def words(mail: Message) -> str:
    """Everything a reader of that mail sees, on one line."""
    parts = [part.get_payload(decode=True) for part in mail.walk() if part.get_content_maintype() == "text"]
    text = " ".join(part.decode() for part in parts if isinstance(part, bytes))
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def test_the_letters_are_shown_whole(played: Played) -> None:
    """The text of each letter, sent or not, can be read in the terminal."""
    seen = " ".join(re.sub(r"[│╭╮╰╯─]", " ", played.text).split())
    [sent] = [mail for mail in played.mails("Sent") if ids(mail, "In-Reply-To") == [NO]]
    assert [letter for letter in (sent, *played.mails("Drafts")) if words(letter) not in seen] == []


def test_the_evidence_is_the_mails_own_words(played: Played) -> None:
    """What is quoted as evidence stands in a mail, letter for letter."""
    quoted = re.findall(r'(?m)^  "(.+)" +[a-z]+/[a-z-]+ *$', played.text)
    mails = [words(mail) for mail in (*played.mails(), *played.mails("Sent"))]
    assert len(quoted) >= 5
    assert [quote for quote in quoted if not any(quote in mail for mail in mails)] == []


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 1, 0, 20, tzinfo=UTC),
        datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 50, tzinfo=UTC),
    ],
    ids=lambda moment: f"{moment:%A %H:%M}",
)
def test_it_works_on_every_day(moment: datetime, tmp_path: Path) -> None:
    """A Sunday night, a Monday morning, the last minutes of a leap day: the story is the same."""
    with time_machine.travel(moment, tick=True):
        played = play(tmp_path / "kept")
    assert played.code == 0
    assert {PRIYA, MARCUS} == {header(mail, "To").rpartition("<")[2].strip(">") for mail in played.mails("Drafts")}


def test_it_does_not_touch_a_folder_that_holds_something(tmp_path: Path) -> None:
    """A folder with anything in it is refused with a sentence, as wrong usage, and stays as it is."""
    (tmp_path / "thesis.txt").write_text("years")
    played = play(tmp_path)
    assert played.code == 2
    assert "is not empty" in " ".join(played.text.split())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty home in another part of the world, and a place for temporary files of its own."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "home").mkdir()
    yield {
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path / "tmp"),
        "PATH": os.environ["PATH"],
        "TZ": "Pacific/Auckland",
        "LANG": "C",
        "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"],
    }


def spent() -> float:
    """Seconds of processor time of the programs that this one started and waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_command_leaves_nothing_behind(surroundings: dict[str, str]) -> None:
    """Through a pipe, in an empty home: no colours, no wide lines, no files left, and well within ten seconds.

    Time is the processor's: the demo waits for nothing, and a test machine has other things to do.
    """
    before = spent()
    done = subprocess.run(
        [sys.executable, "-m", "agent.cli", "demo"], env=surroundings, capture_output=True, check=True
    )
    lines = done.stdout.decode().splitlines()
    assert spent() - before < 8
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout
    assert max(map(len, lines)) <= 80
    assert list(Path(surroundings["TMPDIR"]).iterdir()) == []
    assert list(Path(surroundings["HOME"]).iterdir()) == []
