"""Ten times the mail takes about ten times the time, whatever it is made of; a user's rules cannot change that."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.message import Address, Message
from rules.judge import judge
from rules.load import Rulebook, load_rulebook
from rules.source import Problems
from tests.rules.mails import book, message

LETTERS = 6_000
LIMIT = 15
"""Times; measuring and warming up take their part."""
GRACE = 0.06
"""Seconds that are not worth a word, on a machine with other things to do."""

NO = "We have decided to move forward with other candidates. "
EVENT = "BEGIN:VEVENT\r\nDTSTART:20260521T120000Z\r\nSUMMARY:Interview\r\nEND:VEVENT\r\n"


def filled(piece: str, end: str = "") -> Callable[[int], Message]:
    """Mails of any length, made of one piece over and over."""
    return lambda letters: message(piece * (letters // len(piece)) + end)


def html(piece: str, end: str = "") -> Callable[[int], Message]:
    return lambda letters: message(None, html=piece * (3 * letters // len(piece)) + end)


def calendar(piece: str) -> Callable[[int], Message]:
    return lambda letters: message(
        NO, calendars=(f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n{piece * (letters // len(piece))}END:VCALENDAR\r\n",)
    )


def named(piece: str, end: str = "") -> Callable[[int], Message]:
    return lambda letters: message(
        NO, sender=Address(address="no-reply@acme.example", name=piece * (letters // len(piece)) + end)
    )


SHAPES: dict[str, Callable[[int], Message]] = {
    "sentences": filled("Thank you for your time, and for what you showed us on Monday.\n"),
    "decisions": filled(NO),
    "decisions without an end": filled("we have decided to move forward with other candidates "),
    "conditions": filled("if we have decided to move forward with other candidates "),
    "gaps that never end": filled("move forward one two three four five six seven "),
    "one letter": filled("x"),
    "one word": filled("candidates "),
    "full stops, then a letter": filled(".", "x"),
    "question marks and quotes": filled("?!\"'”", "x"),
    "dashes, then a letter": filled("-", "x"),
    "dashes and equals": filled("-=_*", "x"),
    "spaces, then a letter": filled(" ", "x"),
    "tabs and lines": filled("\t\n \n", "x"),
    "quotation marks": filled('"“„'),
    "bullets": filled("- x\n"),
    "quotes": filled("> x\n"),
    "attributions": filled("On Monday Jane wrote:\n"),
    "half attributions": filled("On Monday, Jane\n"),
    "header lines": filled("From: a\nSent: b\n"),
    "forwards": filled("-----Original Message-----\nFrom: a\nSent: b\nTo: c\n\n"),
    "closings": filled("Best regards\nJane\nDear Ana,\n"),
    "addresses": filled("a.b+c@d.example "),
    "half addresses": filled("a.b+"),
    "web addresses": filled("https://www."),
    "mentions": filled("your application to Acme at "),
    "capitals": filled("Acme "),
    "numbers called jobs": filled("job id no. "),
    "job, then spaces": lambda letters: message("job" + " " * letters + "x"),
    "folded letters": filled("İßﬁ´’ "),
    "combining marks": filled("a\u0301"),
    "invisible": filled("\u200b\u202ea"),
    "paragraphs in HTML": html("<p>a</p>"),
    "rows in HTML": html("<table><tr><td>a</td></tr></table>"),
    "open tags in HTML": html("<b>"),
    "open tags without an end": html("<a "),
    "deep blocks in HTML": html("<div>", NO),
    "quotes in HTML": html("<blockquote>a</blockquote>"),
    "styles in HTML": html("<p style='display:none'>a</p>"),
    "entities in HTML": html("&amp;&#120;"),
    "comments in HTML": html("<!--"),
    "events": calendar(EVENT),
    "guests": calendar("ATTENDEE:mailto:jane@acme.example\r\n"),
    "half events": calendar("BEGIN:VEVENT\r\n"),
    "names": named("Acme "),
    "names of teams": named("team at "),
    "a name of spaces": named(" ", "x"),
}


def took(mail: Message, rulebook: Rulebook) -> float:
    """Seconds of this process for judging it once, the better of two."""
    times = []
    for _ in range(2):
        begun = time.process_time()
        judge(mail, rulebook)
        times.append(time.process_time() - begun)
    return min(times)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_time_is_linear_in_the_text(shape: Callable[[int], Message]) -> None:
    """Ten times as long, fifteen times the time at most."""
    short = took(shape(LETTERS), book())
    assert took(shape(10 * LETTERS), book()) < LIMIT * short + GRACE


BOMBS = {
    "(x+x+)+y": "xxxxy",
    "(x*)*y": "xxxxy",
    "((x|xx)+)+y": "xxxxy",
    "x.*x.*x.*x.*x.*y": "x x x x x y",
    "(\\w+ )*y": "x x x x y",
    "(x ?){0,100}y": "x x x x y",
    "x ... x ... x ... x ... y": "x x x x x y",
    "^(.*)*y$": "x x x x y",
}
"""Patterns that take a backtracking engine years, each with a hit."""


def own(folder: Path, pattern: str, hit: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(
        f"rules:\n  - rule: bomb\n    meaning: rejection\n    any of: [{{text: '{pattern}'}}]\n"
        f"    none of: [{{sentence: safe}}]\n    hits: ['{hit}']\n    misses: [safe]\n"
    )
    return path


@pytest.mark.parametrize("pattern", BOMBS)
def test_a_users_pattern_cannot_explode(tmp_path: Path, pattern: str) -> None:
    """It is matched in linear time, on text that nearly hits."""
    rulebook = load_rulebook(["en"], [own(tmp_path, pattern, BOMBS[pattern])])
    begun = time.process_time()
    for text in ("x" * 60_000, "x " * 30_000, ("x" * 500 + ". ") * 120):
        judge(message(text), rulebook)
    assert time.process_time() - begun < 3


def test_a_pattern_that_counts_too_far_is_refused(tmp_path: Path) -> None:
    """Counting is what even RE2 pays for."""
    for pattern in ("(x{900}){900}", "((x{99}){99}){99}", "(x ?){0,900}{0,900}y"):
        with pytest.raises(Problems, match="This is no pattern"):
            load_rulebook(["en"], [own(tmp_path, pattern, "x")])


@pytest.mark.parametrize(
    "text",
    [
        "vocabulary:\n  a: x\n"
        + "".join(
            f"  {b}: '{{{a}}}{{{a}}}'\n"
            for a, b in zip("abcdefghijklmnopqrstuvw", "bcdefghijklmnopqrstuvwx", strict=True)
        ),
        "a: &a [x, x]\nb: &b [*a, *a]\nrules: *b\n",
        "rules: " + "[" * 10_000,
        "rules: " + "{a: " * 10_000,
        "rules:\n" + "  - {}\n" * 4_000,
        "off: [" + "en/x, " * 4_000 + "]\n",
        "rules: [" + "x" * 600_000 + "]\n",
    ],
    ids=["vocabulary", "aliases", "sequences", "mappings", "many rules", "many names", "too long"],
)
def test_a_users_file_cannot_explode(tmp_path: Path, text: str) -> None:
    """It is refused with problems, in bounded time."""
    path = tmp_path / "own.yaml"
    path.write_text(text + ("rules: []\n" if text.startswith("vocabulary") else ""))
    begun = time.process_time()
    try:
        load_rulebook(["en"], [path])
    except Problems as caught:
        assert caught.problems
    assert time.process_time() - begun < 10


def test_patterns_too_large_together_are_refused(tmp_path: Path) -> None:
    """A vocabulary can make each pattern large, and many of them larger than any memory."""
    words = "|".join(f"w{number}" for number in range(700))
    large = ", ".join(["{text: '{b}'}"] * 60)
    rules = "".join(
        f"  - rule: bomb-{number}\n    meaning: rejection\n    any of: [{large}]\n"
        f"    hits: [{'w1 ' * 9}]\n    misses: [safe]\n"
        for number in range(30)
    )
    path = tmp_path / "own.yaml"
    path.write_text(f"vocabulary:\n  a: ({words})\n  b: '{' '.join(['{a}'] * 9)}'\nrules:\n{rules}")
    with pytest.raises(Problems, match="From here on this is too large"):
        load_rulebook(["en"], [path])


def test_a_condition_on_the_whole_mail_is_looked_up_once(tmp_path: Path) -> None:
    """However many sentences ask for it."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "rules:\n  - rule: often\n    meaning: rejection\n    any of: [{text: frobnicator}]\n"
        "    none of: [{text: gribble}]\n    hits: [The frobnicator.]\n    misses: [The frobnicator and a gribble.]\n"
    )
    rulebook = load_rulebook(["en"], [own])
    short, long = (took(filled("A frobnicator.\n")(letters), rulebook) for letters in (LETTERS, 10 * LETTERS))
    assert long < LIMIT * short + GRACE
