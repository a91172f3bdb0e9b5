"""What to say on the phone: in every language there are letters in, in the tone of the letters."""

from datetime import timedelta
from pathlib import Path

import pytest

from agent.calls import number, script, scripts, steps
from agent.case import Person, Trigger
from agent.tone import breaches
from rules.load.rulebook import PACKS
from tests.agent.facts import NOON, NOTICE, case_of, filed, mail, turned_down
from tests.agent.stage import books

LANGUAGES = sorted(folder.name for folder in PACKS.iterdir() if folder.is_dir() and (folder / "tone.yaml").exists())


def test_every_language_has_a_script() -> None:
    """Who gets letters in a language gets calls in it."""
    assert sorted(scripts()) == LANGUAGES
    assert len(LANGUAGES) >= 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_script_keeps_the_tone_of_the_letters(language: str) -> None:
    """Thanks, acceptance, one question for advice; nothing that a letter may not say."""
    said = script([language])
    text = f"{said.thank}\n\n{said.accept}\n\n{said.ask}\n\n{said.example}\n\n{said.close}"
    assert breaches(text, language, None, books().letters.tone) == ()
    request = books().letters.tone.voice(language).shapes["request"]
    folded = books().letters.tone.voice(language).words.folding.fold(text.split("\n\n"))
    lacking = [what for what, pattern in request.must_have.items() if not any(pattern.search(line) for line in folded)]
    assert [what for what in lacking if what.startswith(("thanks", "acceptance"))] == []


def test_the_first_language_that_is_known_is_spoken() -> None:
    assert script([None, "tlh", "sv", "de"]) == scripts()["sv"]
    assert script([]) == scripts()["en"]


def test_the_order_of_the_call() -> None:
    """Listen after the question, and before asking for an example."""
    names = [name for name, _ in steps(script(["en"]))]
    assert names == ["Thank", "Accept", "Ask for advice", "Listen", "Ask for an example", "Close"]


def test_the_notices_number_goes_before_a_newer_one() -> None:
    """And nobody's number is taken from a mail whose sender is in doubt, nor from the user's own."""
    notice = mail("rejection", phones=("+49 30 1", "+49 30 2"))
    other = mail("none", key="<o@x.example>", phones=("+49 30 3",), arrived=NOON + timedelta(hours=2))
    forged = mail("none", key="<f@x.example>", phones=("+49 30 4",), warnings=("dmarc_failed",))
    own = mail("none", key="<w@x.example>", phones=("+49 30 5",), outgoing=True)
    told = filed(notice, Trigger.NOTICE)
    rest = [filed(each, Trigger.CORRESPONDENCE) for each in (other, forged, own)]
    assert number(case_of(told, *rest)) == ("+49 30 1", Person(address="jane@acme.example", name="Jane Doe"))
    assert (number(turned_down(*rest)) or ("",))[0] == "+49 30 3"
    assert number(turned_down(*rest[1:])) is None
    assert NOTICE.phones == ()


def test_the_page_shows_the_script_as_it_is() -> None:
    """Paste what the command prints."""
    page = (Path(__file__).parents[2] / "docs/calls.md").read_text()
    assert "".join(f"{what}: {words}\n" for what, words in steps(script(["en"]))) in page
