"""The letters: every wording of every pack, and what becomes of a bad one."""

import re
from pathlib import Path

import pytest

from agent.letters.book import LetterPack
from agent.letters.check import samples
from agent.letters.entries import Entry
from agent.letters.form import Register
from agent.letters.load import bind
from agent.letters.names import PARTICLES
from agent.tone import structure
from rules.load import load_rulebook
from rules.load.rulebook import PACKS
from rules.source import Problems
from tests.agent.letters import BOOK

ENTRIES = [(pack, entry) for pack in BOOK.packs.values() for entry in pack.entries]


def named(each: tuple[LetterPack, Entry]) -> str:
    pack, entry = each
    return f"{pack.language}-{entry.kind.value}-{'+'.join(sorted(entry.when)) or 'otherwise'}"


@pytest.mark.parametrize("each", ENTRIES, ids=named)
def test_every_wording_is_whole_with_and_without_each_field(each: tuple[LetterPack, Entry]) -> None:
    """No gap shows where a field is missing, and the checks are content."""
    pack, entry = each
    for wording in range(len(entry.wordings)):
        for register in Register:
            for letter in samples(pack, entry, wording, register):
                for text in (letter.subject, letter.salutation, letter.body):
                    assert text == text.strip()
                    assert not re.search(r"[{}<>_]|None|True|False|  | [,.;:!?]|,,|\.\.|\n\n\n|[^\n]\n[^\n]", text)
                assert letter.body.count("?") == (1 if entry.asks else 0)
                assert structure(letter.body, pack.language, entry.shape, BOOK.tone) == ()


@pytest.mark.parametrize("each", ENTRIES, ids=named)
def test_there_are_three_wordings_and_they_differ(each: tuple[LetterPack, Entry]) -> None:
    """Two employers who compare notes do not find the same text."""
    pack, entry = each
    assert len(entry.wordings) == 3
    for register in Register:
        firsts = [next(samples(pack, entry, wording, register)).body for wording in range(3)]
        sentences = [set(re.split(r"(?<=[.!?])\s+", body)) for body in firsts]
        assert len(set(firsts)) == 3
        assert not sentences[0] & sentences[1] & sentences[2]


def test_every_pack_has_the_same_letters_in_the_same_order() -> None:
    """And judges them by the same shapes."""
    entries = {
        language: [(entry.kind, entry.when, entry.shape) for entry in pack.entries]
        for language, pack in BOOK.packs.items()
    }
    assert len({tuple(each) for each in entries.values()}) == 1
    shapes = [
        {
            name: (shape.least, shape.most, shape.questions, shape.paragraphs, *sorted(shape.must_have))
            for name, shape in voice.shapes.items()
        }
        for voice in BOOK.tone.voices.values()
    ]
    assert all(each == shapes[0] for each in shapes)
    rules = [sorted(rule.name[3:] for rule, _ in v.matcher.entries) for v in BOOK.tone.voices.values()]
    assert all(set(each) == set(rules[0]) for each in rules)


@pytest.mark.parametrize("each", [each for each in ENTRIES if each[0].language == "de"], ids=named)
def test_german_letters_keep_to_one_form_of_address(each: tuple[LetterPack, Entry]) -> None:
    """No „du“ among „Sie“, and no „Sie“ among „du“."""
    pack, entry = each
    foreign = {
        Register.FORMAL: r"\b([Dd]u|[Dd]ir|[Dd]ich|[Dd]ein\w*|[Ee]uch|[Ee]uer|[Ee]ure\w*)\b",
        Register.INFORMAL: r"\b(Sie|Ihnen|Ihr|Ihre\w*)\b",
    }
    for wording in range(3):
        for register, pattern in foreign.items():
            for letter in samples(pack, entry, wording, register):
                assert not re.search(pattern, f"{letter.salutation} {letter.body} {letter.subject}")


def test_german_goes_on_in_lower_case_after_the_salutation() -> None:
    """„Guten Tag Jane Doe, vielen Dank ...“; only „Ihr“ keeps its capital."""
    for entry in BOOK.packs["de"].entries:
        for wording in range(3):
            for register in Register:
                for letter in samples(BOOK.packs["de"], entry, wording, register):
                    assert letter.body[0].islower() or letter.body.startswith("Ihr ")


def edited(tmp_path: Path, old: str, new: str) -> str:
    """The problems of the English letters after an edit."""
    original = (PACKS / "en" / "letters.yaml").read_text(encoding="utf-8")
    assert old in original
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "letters.yaml").write_text(original.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Problems) as caught:
        bind({"en": load_rulebook(["en"]).packs["en"]}, tmp_path)
    return str(caught.value)


SENTENCE = "Thank you again. I wish you and the team all the best."


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (SENTENCE, f"{SENTENCE} Why was I not chosen?", "breaks en/ask-why (“Why was I"),
        (SENTENCE, f"{SENTENCE} I would love to hear more soon, is that fine?", "breaks en/request: questions (“2”)"),
        ("and if it isn't possible, I completely understand", "so write it", "breaks en/request: an easy way out"),
        (SENTENCE, "{{ person }}", "There is no field `person`; there are "),
        (SENTENCE, "{{ my_next.__class__ }} {% if %}", "This is no template: "),
        (SENTENCE, "{{ lipsum() }}", "There is no field `lipsum`"),
        (SENTENCE, "{{ me.__class__.__mro__ }}", "A template fills in fields and chooses with `if`; `getattr` is more"),
        (SENTENCE, "{{ position.upper() }}", "`call` is more than that"),
        (SENTENCE, "{{ me * 999999999 }}", "`mul` is more than that"),
        (SENTENCE, "{% for each in me %}{{ each }}{% endfor %}", "`for` is more than that"),
        (SENTENCE, "{% set more = me ~ me %}{{ more }}", "`assign` is more than that"),
        (SENTENCE, "{{ position[0] }}", "This wording cannot be filled in: "),
        ("when: [feedback offered]", "when: [sunshine]", "`sunshine` is not known here"),
        ("shape: clarify", "shape: riddle", "There is no shape “riddle” in this language's letters."),
        (
            '    when: []\n    subject: "Thank you{% if',
            '    when: [again]\n    subject: "Thank you{% if',
            "A letter `close`",
        ),
        ("        - do not feel obliged", "        - (do not feel", "This is no pattern"),
        ('      thanks: ["{thanks}"]', '      thanks: ["{gratitude}"]', "The vocabulary has no {gratitude}"),
        ("    questions: 1\n", "    questions: many\n", "This must be "),
        ("forms:\n", "form:\n", "There is no key `form` here"),
    ],
)
def test_a_bad_edit_is_told_with_its_place(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """File, line and column, and what is wrong; nothing with a mistake is ever loaded."""
    told = edited(tmp_path, old, new)
    assert complaint in told
    assert re.match(r".*letters\.yaml:\d+:\d+: ", told)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Two broken wordings are two problems."""
    told = edited(
        tmp_path, "Thank you for getting back to me{{ about_role }}. I'm glad", "Why not me{{ about_role }}? I'm glad"
    )
    assert told.count("This wording breaks") >= 2


@pytest.mark.parametrize("pack", BOOK.packs.values(), ids=BOOK.packs)
def test_no_word_of_a_pack_is_part_of_somebodys_name(pack: LetterPack) -> None:
    """“Ana de Sousa” and “Leonardo da Vinci” are greeted by name, in whatever language."""
    assert (pack.no_names | pack.name_ends) & PARTICLES == set()
