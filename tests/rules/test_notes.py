"""Plain notes as employers write them every day, by an author who wrote them before looking at any rule.

At first sight 218 of the 226 rejections were found, and 10 of the 130 other mails were taken for one; that is mended
since. They stay here so that usual wording never gets lost while the rules grow.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.message.parse import parse
from rules.judge import judge
from rules.load import available
from rules.verdict import Meaning
from tests.rules.mails import book

NOTES = Path(__file__).parent / "notes"
LANGUAGES = available()
NO = (Meaning.REJECTION, Meaning.FILLED)
HEADERS = (
    "From: Jane Poe <jane@acme.example>\nTo: sam@example.org\nSubject: {}\nMessage-ID: <1@acme.example>\n"
    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
)


def notes(name: str) -> list[str]:
    return [note.strip() for note in (NOTES / name).read_text(encoding="utf-8").split("%%")]


def said(note: str, subject: str) -> Meaning:
    raw = (HEADERS.format(subject) + note).encode()
    message = parse(raw, arrived=datetime(2026, 11, 23, tzinfo=UTC), outgoing=False)
    return judge(message, book()).meaning


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_usual_no_is_read_in_every_language(language: str) -> None:
    missed = [note for note in notes(f"{language}.txt") if said(note, "Your application") not in NO]
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_mail_with_the_same_words_is_no_rejection(language: str) -> None:
    """Flats, loans, prizes, school places, tenders, plans that changed, and hiring mail that goes on."""
    taken = [note for note in notes(f"{language}.others.txt") if said(note, "Hello") in NO]
    assert taken == []
