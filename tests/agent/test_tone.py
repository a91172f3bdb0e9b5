"""The tone rules: what they stop, what they warn of, and what they leave in peace."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.case import LetterKind
from agent.letters import load_letters
from agent.tone import MAX_TEXT, Breach, breaches, structure
from rules.load import Tone
from tests.agent.sentences import BLOCKED, FINE, WARNED

BOOK = load_letters().tone

QUOTED = """\
Dear Jane,

thank you, I respect the decision.

On Wed, 3 Jun 2026 at 12:00, Jane Doe <jane@acme.example> wrote:
> We wonder why you did not answer. This is a joke, you owe us an explanation.
> I expect an answer by Friday.
"""


def found(text: str, language: str, kind: LetterKind | None = None) -> set[str]:
    return {breach.rule for breach in breaches(text, language, kind, BOOK)}


@pytest.mark.parametrize(
    ("language", "rule", "sentence"),
    [(lang, rule, each) for lang, rules in BLOCKED.items() for rule, sentences in rules.items() for each in sentences],
)
def test_what_no_letter_may_say_is_blocked(language: str, rule: str, sentence: str) -> None:
    """By the rule meant for it, also in the middle of a friendly letter."""
    letter = f"Dear Jane,\n\nThank you for the conversation.\n\n{sentence}\n\nAll the best\nAna\n"
    hits = [each for each in breaches(letter, language, LetterKind.REQUEST, BOOK) if each.rule == f"{language}/{rule}"]
    assert hits
    assert hits[0].severity is Tone.BLOCK
    assert hits[0].instead
    assert hits[0].words.casefold().strip(".!?") in " ".join(sentence.casefold().split())


@pytest.mark.parametrize(
    ("language", "rule", "sentence"),
    [(lang, rule, each) for lang, rules in WARNED.items() for rule, sentences in rules.items() for each in sentences],
)
def test_what_weakens_a_letter_is_warned_of(language: str, rule: str, sentence: str) -> None:
    """And blocks nothing."""
    hits = breaches(sentence, language, LetterKind.REQUEST, BOOK)
    assert f"{language}/{rule}" in {each.rule for each in hits}
    assert {each.severity for each in hits} == {Tone.WARN}


@pytest.mark.parametrize(
    ("language", "sentence"), [(lang, each) for lang, sentences in FINE.items() for each in sentences]
)
def test_what_people_may_well_write_is_left_in_peace(language: str, sentence: str) -> None:
    """Not a single rule hits, not even one that warns."""
    assert breaches(sentence, language, LetterKind.REQUEST, BOOK) == ()


def test_only_the_users_own_new_words_count() -> None:
    """Quoted mail and what introduces it are somebody else's; a post scriptum under the name is not."""
    assert found(QUOTED, "en") == set()
    assert found(f"Thank you.\n\nKind regards\nAna\n\nP.S. Why did you reject me?\n\n{QUOTED}", "en") == {"en/ask-why"}
    assert found("> Why did you reject me?\nThank you, I respect that.", "en") == set()


def test_a_phrase_broken_by_a_mail_program_is_still_one() -> None:
    """Hard wraps at any width."""
    wrapped = (
        "Thank you for the friendly conversation. Could you please tell me the reasons\nfor your decision not to go on?"
    )
    assert "en/ask-why" in found(wrapped, "en")
    assert "en/ask-why" in found(wrapped.replace("\n", "\r\n"), "en")


def test_typographic_characters_change_nothing() -> None:
    """Curly apostrophes, dashes and non-breaking spaces."""
    assert "en/ask-why" in found("Why didn’t\u00a0you choose me?", "en")
    assert "en/resent" in found("Well — your loss…", "en")


def test_a_thank_you_holds_no_but() -> None:
    """What does not belong into this kind of letter is warned of; elsewhere the same word is fine."""
    text = "Thank you for your advice, but I see it differently."
    assert found(text, "en", LetterKind.THANKS) == {"en/thanks: an objection"}
    assert found(text, "en", LetterKind.REQUEST) == found(text, "en") == set()
    (breach,) = breaches(text, "en", LetterKind.THANKS, BOOK)
    assert breach == Breach(
        rule="en/thanks: an objection", severity=Tone.WARN, words="but", instead="Leave it out of this letter."
    )


@pytest.mark.parametrize(
    ("language", "kind", "sentence"),
    [
        ("en", LetterKind.CLOSE, "I have not heard from you."),
        ("en", LetterKind.CLOSE, "Do you have any feedback after all?"),
        ("en", LetterKind.ENQUIRY, "I assume that I was rejected."),
        ("en", LetterKind.ENQUIRY, "You said I would hear on Monday."),
        ("de", LetterKind.CLOSE, "Leider kam keine Antwort."),
        ("de", LetterKind.THANKS, "Das sehe ich allerdings anders."),
        ("de", LetterKind.ENQUIRY, "Vermutlich haben Sie sich anderweitig entschieden."),
    ],
)
def test_each_kind_of_letter_has_its_own_taboos(language: str, kind: LetterKind, sentence: str) -> None:
    """A close reproaches nobody, an enquiry does not guess, a thank-you does not object."""
    assert any(name.startswith(f"{language}/{kind.value}:") for name in found(sentence, language, kind))


GOOD = (
    "Thank you for letting me know. I respect your decision.\n\n"
    "I want to keep improving, and I would value your advice: what one thing would you suggest that I practise before "
    "my next interview?\n\n"
    "A line is plenty, and I completely understand if it is not possible. All the best to you and to the team."
)


@pytest.mark.parametrize(
    ("text", "lack"),
    [
        (GOOD, None),
        (GOOD.replace("Thank you for letting me know. ", "Hello there, good morning. "), "thanks"),
        (GOOD.replace("I respect your decision.", "I read it."), "acceptance of the decision"),
        (GOOD.replace("advice", "answer").replace("suggest", "say"), "a question for advice"),
        (GOOD.replace("and I completely understand if it is not possible", "so please write it"), "an easy way out"),
        (GOOD.replace("for letting me know.", "for letting me know?"), "questions"),
        (GOOD.replace("?", "."), "questions"),
        (GOOD + " word" * 130, "length"),
        ("Thank you.", "length"),
        (GOOD.replace(". ", ".\n\n"), "paragraphs"),
        (GOOD.replace(".", "!"), "exclamation marks"),
        (GOOD + " https://calendly.example/ana", "links"),
    ],
)
def test_a_request_has_a_shape(text: str, lack: str | None) -> None:
    """Thanks, acceptance, one question for advice, an easy way out; short, quiet, without links."""
    names = {breach.rule for breach in structure(text, "en", "request", BOOK)}
    assert names == set() if lack is None else f"en/request: {lack}" in names


def test_what_is_missing_blocks_and_what_is_counted_warns() -> None:
    """A letter without thanks is none; one that is a word too long is still one."""
    severities = {breach.rule: breach.severity for breach in structure("Hello.", "en", "request", BOOK)}
    assert severities["en/request: thanks"] is Tone.BLOCK
    assert severities["en/request: length"] is Tone.WARN


def test_a_language_without_a_pack_is_read_as_english() -> None:
    """Better than not at all."""
    assert found("Why was I rejected?", "xx") == {"en/ask-why"}


def test_long_texts_cost_little() -> None:
    """A megabyte of anything ends at the limit, in well under a second each."""
    for text in (
        ".\n" * 300_000,
        "why " * 250_000,
        "\n" * 1_000_000,
        "> " * 500_000,
        "a" * 1_000_000,
        "On a, a wrote:\n" * 70_000,
    ):
        start = time.monotonic()
        breaches(text, "en", LetterKind.THANKS, BOOK)
        structure(text, "en", "thanks", BOOK)
        assert time.monotonic() - start < 1.5
    assert found("x" * MAX_TEXT + " Why was I rejected?", "en") == set()


@settings(deadline=None)  # time is measured elsewhere; a busy machine is no failure
@given(st.text(max_size=400), st.sampled_from(["en", "de", ""]), st.sampled_from([*LetterKind, None]))
def test_any_text_is_judged_without_an_exception(text: str, language: str, kind: LetterKind | None) -> None:
    """Whatever the user's editor left behind."""
    for breach in breaches(text, language, kind, BOOK):
        assert breach.rule
        assert breach.severity in Tone
