"""Mail written to break its reader: bounded time, and a verdict all the same."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.judge import judge
from rules.load import Rulebook, load_rulebook
from rules.reading import read
from rules.verdict import Meaning, Verdict
from tests.rules.sample import mail

NO = "We have decided to move forward with other candidates. "


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


def timed(book: Rulebook, **parts: object) -> tuple[Verdict, float]:
    message = mail(**parts)  # type: ignore[arg-type] # the keywords of `mail`
    start = time.process_time()
    verdict = judge(message, book)
    return verdict, time.process_time() - start


BOMBS = {
    "nothing": "",
    "a megabyte of words": "word " * 200_000,
    "a megabyte without an end": "x" * 1_000_000,
    "newlines": "\n" * 500_000,
    "quotes": "> " * 300_000,
    "attributions": "On a a a\n" * 60_000,
    "attributions with colons": "On Monday Jane wrote:\n" * 30_000,
    "headers": "From: a\nSent: b\nTo: c\nSubject: d\n" * 20_000,
    "forwards": "-----Original Message-----\nFrom: a\nSent: b\nTo: c\n\n" * 10_000,
    "dots": "." * 500_000,
    "commas": "if, " * 200_000,
    "conditions": "if whether unless " * 50_000 + NO,
    "zero bytes": "\x00" * 100_000 + NO,
    "right to left": "\u202e" * 100_000 + NO,
    "combining": "a" + "\u0301" * 200_000,
    "closings": "Best regards\n" * 50_000,
    "curly": "“" * 100_000 + NO,
    "the decision, again and again": NO * 20_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_hostile_text_is_judged_in_bounded_time(book: Rulebook, bomb: str) -> None:
    """However long or odd: a verdict within two seconds on a slow machine."""
    verdict, took = timed(book, text=BOMBS[bomb])
    assert verdict.meaning in Meaning
    assert took < 2


PAGES = {
    "50,000 nested": "<div>" * 50_000 + NO,
    "nested inline": "<b>" * 60_000 + NO,
    "open brackets": "<" * 200_000,
    "open comments": "<!--" * 50_000,
    "open scripts": "<script>" * 20_000,
    "tables": "<table><tr><td>" * 20_000 + NO,
    "quotes": "<blockquote>" * 20_000 + NO,
    "entities": "&amp;" * 100_000,
    "attributes": "<a href='" * 20_000,
    "styles": "<p style='display:none'>x</p>" * 20_000 + f"<p>{NO}</p>",
}


@pytest.mark.parametrize("page", PAGES)
def test_hostile_html_is_judged_in_bounded_time(book: Rulebook, page: str) -> None:
    """Nesting, unclosed marks and masses of them."""
    verdict, took = timed(book, html=PAGES[page])
    assert verdict.meaning in Meaning
    assert took < 2


def test_deep_nesting_does_not_hide_the_decision(book: Rulebook) -> None:
    """What is nested too deep for a tree is still read."""
    assert timed(book, html="<div>" * 5_000 + f"<p>{NO}</p>")[0].meaning is Meaning.REJECTION


def test_hostile_calendars_are_passed_over(book: Rulebook) -> None:
    """A broken or endless calendar part gives no appointment and no exception."""
    bombs = ("BEGIN:VCALENDAR\n" * 5_000, "BEGIN:VEVENT\nDTSTART:x\nEND:VEVENT", "\x00", "RRULE:" + "A" * 100_000)
    verdict, took = timed(book, text=NO, calendars=bombs)
    assert verdict.meaning is Meaning.REJECTION
    assert took < 2


def test_reading_is_linear(book: Rulebook) -> None:
    """Four times the text takes no more than some eight times the time."""
    paragraph = "Dear Ana, thank you for your time; we liked what you showed us and will write again soon.\n\n"

    def took(times: int) -> float:
        message = mail(paragraph * times)
        return min(timed_read(message) for _ in range(3))

    def timed_read(message: object) -> float:
        start = time.process_time()
        read(message, book)  # type: ignore[arg-type] # a Message
        return time.process_time() - start

    assert took(640) < 8 * took(160) + 0.02


@settings(max_examples=60, deadline=None)
@given(
    text=st.one_of(st.none(), st.text(max_size=600)),
    html=st.one_of(st.none(), st.text(alphabet="<>/divptablecrs =\"'&;!-x\n ", max_size=400)),
    subject=st.text(max_size=80),
    name=st.text(max_size=40),
    calendar=st.text(max_size=200),
    outgoing=st.booleans(),
)
def test_judging_never_raises(
    book: Rulebook, text: str | None, html: str | None, subject: str, name: str, calendar: str, outgoing: bool
) -> None:
    """Any text in any field gives a verdict."""
    message = mail(text, html=html, subject=subject, name=name, calendars=(calendar,), outgoing=outgoing)
    assert judge(message, book).meaning in Meaning
    assert judge(replace(message, sender=None), book).meaning in Meaning
