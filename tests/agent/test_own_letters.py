"""The user's own letters, tone rules and agencies: laid over the shipped ones, with the same checks."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from agent.books import Shelf
from agent.case import LetterKind
from agent.correspondents import find
from agent.letters import LetterBook, compose, load_letters
from agent.letters.check import samples
from agent.letters.form import Register
from agent.tone import breaches
from rules.load import Tone
from rules.source import Problems
from tests.agent.letters import ANA, SETTINGS, case_with, notice

OWN = """\
letters:
  en:
    - letter: request
      when: [interviewed]
      subject: "Thank you{% if position %} ({{ position }}){% endif %}"
      wordings:
        - |
          Thank you for telling me{{ about_role }}. I respect the decision, and the afternoon in your workshop is one
          that I'll remember.

          I'd like to get better at showing my work. What one thing would you suggest I do differently next time?

          If you'd rather not answer, I understand. All the best to you and to everybody at the bench.
tone:
  - rule: en/journey
    tone: warn
    instead: Say what you did.
    any of: [{text: my journey}]
    hits: [Thank you for being part of my journey.]
    misses: [The journey to your office was short.]
agencies: ["*@talents.example"]
"""

WORDING = "Thank you for telling me{{ about_role }}."


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


def letter(book: LetterBook, **fields: object) -> str:
    """The request for Jane's rejection after an interview."""
    case = case_with(notice(**fields))
    found = find(case, LetterKind.REQUEST, own=ANA)
    return compose(case, case.letters[-1], correspondent=found, settings=SETTINGS, account=ANA, book=book).draft.text


def told(path: Path, text: str) -> list[str]:
    """What is wrong with the file when it holds this."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        load_letters(["en"], [path])
    return [str(each).removeprefix(f"{path}:") for each in caught.value.problems]


def test_an_own_letter_goes_before_the_shipped_one(own: Path) -> None:
    """In its language and situation; everywhere else the shipped ones stay."""
    book = load_letters(["de"], [own])
    assert "the afternoon in your workshop" in letter(book)
    assert "workshop" not in letter(book, stage="applied")
    assert "workshop" not in letter(book, language="de")
    assert "workshop" not in letter(load_letters(["de"]))
    first = book.packs["en"].entries[0]
    assert first.own
    assert first.node.at(first.path).line == 3
    assert not any(entry.own for entry in book.packs["en"].entries[1:])


def test_a_later_file_goes_before_an_earlier_one(own: Path, tmp_path: Path) -> None:
    """As with rules."""
    later = tmp_path / "later.yaml"
    later.write_text(OWN.replace("workshop", "laboratory").partition("tone:")[0], encoding="utf-8")
    assert "laboratory" in letter(load_letters(["en"], [own, later]))
    assert "workshop" in letter(load_letters(["en"], [later, own]))


@pytest.mark.parametrize(
    ("old", "new", "place", "complaint"),
    [
        (WORDING, "Why was I turned down?", "7:11", "This wording breaks en/ask-why (“Why was I"),
        (WORDING, f"{WORDING} Is that so?", "7:11", "This wording breaks en/request: questions (“2”)."),
        ("I respect the decision, and the", "The", "7:11", "en/request: acceptance of the decision."),
        (WORDING, "{{ salary }}", "7:11", "There is no field `salary`; there are "),
        (WORDING, "{{ my_journey }}", "7:11", "There is no field `my_journey`"),
        ("when: [interviewed]", "when: [hungry]", "4:14", "`hungry` is not known here"),
        ("letter: request", "letter: complaint", "3:15", "`complaint` is not known here"),
        ("when: [interviewed]", "when: [interviewed]\n      shape: song", "5:14", "There is no shape “song”"),
        ("subject:", "subjects:", "5:7", "There is no key `subjects` here"),
        ("  en:", "  eo:", "2:3", "There are letters in en."),
        ("rule: en/journey", "rule: en/beg", "15:11", "“en/beg” is a shipped tone rule, and stays."),
        ("rule: en/journey", "rule: journey", "15:11", "write `en/journey`"),
        ("tone: warn", "meaning: rejection", "15:11", "Only tone rules belong here."),
        ("The journey to", "On my journey to", "20:14", "This rule matches what it should miss."),
        ('["*@talents.example"]', "[talents.example]", "21:12", "This must be "),
    ],
)
def test_a_mistake_is_told_with_its_place(own: Path, old: str, new: str, place: str, complaint: str) -> None:
    """File, line and column; nothing with a mistake is ever in force."""
    assert old in OWN
    found = told(own, OWN.replace(old, new, 1))
    assert any(complaint in each for each in found)
    assert all(re.match(r"\d+:\d+: ", each) for each in found)
    assert place in {":".join(each.split(":")[:2]) for each in found}


def test_an_own_tone_rule_is_heard_beside_the_shipped_ones(own: Path) -> None:
    """In edited drafts as well as in letters."""
    tone = load_letters(["en"], [own]).tone
    text = "Thank you for being part of my journey. Why did you reject me?"
    found = {breach.rule: breach for breach in breaches(text, "en", LetterKind.REQUEST, tone)}
    assert set(found) == {"en/journey", "en/ask-why"}
    assert found["en/journey"].severity is Tone.WARN
    assert found["en/journey"].instead == "Say what you did."


def test_a_wording_that_an_own_tone_rule_forbids_gives_way_to_the_next(tmp_path: Path) -> None:
    """Three shipped wordings, two of them forbidden: every case gets the third."""
    path = tmp_path / "own.yaml"
    path.write_text(
        "tone:\n  - rule: en/mine\n    tone: block\n    conditional: counts\n"
        "    any of: [{text: (i completely understand|feel obliged)}]\n"
        "    hits: [I completely understand.]\n    misses: [I understand.]\n"
    )
    book = load_letters(["en"], [path])
    for number in range(6):
        case = case_with(notice(), series=number)
        found = find(case, LetterKind.REQUEST, own=ANA)
        made = compose(case, case.letters[-1], correspondent=found, settings=SETTINGS, account=ANA, book=book)
        assert "if time or policy doesn't allow it" in made.draft.text
        assert not any(breach.severity is Tone.BLOCK for breach in made.breaches)


def test_the_user_knows_an_agency_better_than_its_address_tells(own: Path) -> None:
    """Whatever the employer is called."""
    told_by = {"sender": "jane@talents.example", "stage": "applied"}
    assert "client" in letter(load_letters(["en"], [own]), **told_by)
    assert "client" not in letter(load_letters(["en"]), **told_by)


def test_an_edit_is_in_force_at_once_and_a_broken_one_never(own: Path) -> None:
    """The last good letters stay; the mistake is told with its line."""
    shelf = Shelf(replace(SETTINGS, rules=(own,)))
    assert "workshop" in letter(shelf.books.letters)
    for number, (text, expected, sound) in enumerate(
        [
            (OWN.replace("workshop", "laboratory"), "laboratory", True),
            (OWN.replace(WORDING, "You owe me an answer."), "laboratory", False),
            (OWN.replace("workshop", "observatory"), "observatory", True),
        ]
    ):
        own.write_text(text, encoding="utf-8")
        os.utime(own, ns=(number, number))
        assert shelf.refresh()
        assert expected in letter(shelf.books.letters)
        assert (shelf.problems is None) is sound


def test_a_file_without_letters_changes_none(tmp_path: Path) -> None:
    """Also an empty one, and a bare list of rules."""
    shipped = letter(load_letters(["en"]))
    for number, text in enumerate(["", "rules: []\n", "[]\n", "# nothing yet\n"]):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text)
        assert letter(load_letters(["en"], [path])) == shipped


def test_own_letters_are_shown_like_any_other(own: Path) -> None:
    """Filled in with and without each field."""
    book = load_letters(["en"], [own])
    pack = book.packs["en"]
    shown = [letter.body for letter in samples(pack, pack.entries[0], 0, Register.FORMAL)]
    assert any("about the Senior Backend Engineer role" in body for body in shown)
    assert any("Thank you for telling me. I respect" in body for body in shown)
