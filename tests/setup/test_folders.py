"""What is watched, and where drafts and sent mail lie: the first time, and again."""

import pytest

from agent.setup.asking import Given
from agent.setup.folders import folders
from agent.setup.values import Stopped
from connectors.account import Folders
from connectors.survey import Survey
from tests.setup.scripted import Scripted

FOUND = Survey(
    folders=("INBOX", "Drafts", "Sent", "Spam", "Jobs/2026", "Bewerbungen", "Family", "応募"),
    drafts="Drafts", sent="Sent", junk="Spam",
)  # fmt: skip
NEW = Folders()


def asked(talk: Scripted) -> list[str]:
    return [said for said in talk.shown if said.startswith(("Watch", "Folder"))]


def test_junk_and_job_folders_are_offered() -> None:
    """Those whose name says so, in several languages; yes is the default."""
    talk = Scripted({"Watch Jobs": "n"})
    assert folders(talk, Given(), FOUND, NEW) == {"watch": ["INBOX", "Spam", "Bewerbungen", "応募"]}
    assert len(asked(talk)) == 4


def test_the_inbox_alone_needs_no_word() -> None:
    assert folders(Scripted({"Watch": "n"}), Given(), FOUND, NEW) == {}


def test_not_too_many() -> None:
    """Somebody has a folder for each employer."""
    many = Survey(folders=tuple(f"Jobs/{n}" for n in range(50)), drafts="Drafts", sent="Sent", junk=None)
    talk = Scripted()
    assert len(folders(talk, Given(), many, NEW)["watch"]) == len(asked(talk)) + 1 == 6


def test_again() -> None:
    """What is watched is the default now, and a folder that nobody asked about stays."""
    before = Folders(watch=("INBOX", "Family", "Spam"))
    assert folders(Scripted(), Given(), FOUND, before) == {}
    assert folders(Scripted({"Watch Spam": "n"}), Given(), FOUND, before) == {"watch": ["INBOX", "Family"]}


def test_nothing_is_known() -> None:
    """Offline, or an API that settles it itself."""
    assert folders(Scripted(), Given(), None, NEW) == {}
    assert folders(Scripted(), Given(watch=("INBOX", "X")), None, NEW) == {"watch": ["INBOX", "X"]}


def test_no_drafts_and_no_sent() -> None:
    """Drafts may be new, Sent may be missing; a name that was configured before is not asked for again."""
    bare = Survey(folders=("INBOX", "Gesendetes", "Konzepte"), drafts=None, sent=None, junk=None)
    assert folders(Scripted(), Given(), bare, NEW) == {}
    talk = Scripted({"Folder for drafts": "konzepte", "Folder of your sent": "Gesendetes"})
    assert folders(talk, Given(), bare, NEW) == {"drafts": "Konzepte", "sent": "Gesendetes"}
    talk = Scripted()
    assert folders(talk, Given(), bare, Folders(drafts="Konzepte", sent="Gesendetes")) == {}
    assert asked(talk) == []


def test_a_name_on_the_command_line() -> None:
    """It goes before what was found, and has to be there."""
    assert folders(Scripted({"Watch": "n"}), Given(drafts="family"), FOUND, NEW) == {"drafts": "Family"}
    with pytest.raises(Stopped, match="There is no folder Nope in this mailbox"):
        folders(Scripted(alone=True), Given(drafts="Nope"), FOUND, NEW)
