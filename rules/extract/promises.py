"""Until when an answer is promised ("you will hear from us by Friday", "binnen zwei Wochen") or somebody is away.

The words are in ``dates.yaml``; names of days and months come from Unicode CLDR, through Babel. Of several dates in the
promising sentence the last one counts: an enquiry that comes too late harms less than one that comes too early.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import re2
from babel import Locale

from rules.patterns import options
from rules.source import read_file

_WORDS = Path(__file__).parents[1] / "dates.yaml"
_LONGEST = 400
"""Characters of a sentence that are looked at."""
_FARTHEST = timedelta(days=200)
_LONGEST_ABSENCE = timedelta(days=60)
"""Who is away for longer is answered for by somebody else, or by nobody."""
_SENTENCES = 40
"""Sentences of an automatic answer that are looked at."""
_WORKING = 7 / 5
_NO_WORD = re.compile(r"\W+")
_NUMERIC = re.compile(r"\b(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./](\d{1,2})[./]?(?:(\d{4}))?)(?!\w)")
_JAPANESE = re.compile(r"(\d{1,2})月\s*(\d{1,2})日")
_ENDINGS = {"pl": 2, "ja": 0}
"""Letters that a name of a day or month changes with its case; elsewhere one."""


@dataclass(frozen=True, kw_only=True)
class _Words:
    """A language's words, compiled: each an expression with the number or nothing in its groups."""

    promises: Any
    weekdays: tuple[tuple[Any, int], ...]
    months: tuple[tuple[Any, int], ...]
    spans: tuple[tuple[Any, float], ...]
    numbers: dict[str, int]
    tomorrow: Any
    next_week: Any
    this_week: Any
    end_of_week: Any
    end_of_month: Any


def promised(sentences: Iterable[str], language: str | None, today: date) -> date | None:
    """The day until which the employer says it will write, counted from the day of the mail; None without a promise."""
    words = _words(language) if language else None
    if words is None:
        return None
    for sentence in sentences:
        written, text = _folded(sentence)
        if words.promises.search(text) and (days := _named(written, text, words, today, _FARTHEST)):
            return max(days)
    return None


def back(sentences: Iterable[str], languages: Iterable[str], today: date) -> date | None:
    """The day until which somebody is away, of an automatic answer that says nothing else: the last day it names, in
    any of its languages, within two months; None without one."""
    known = [words for language in languages if (words := _words(language))]
    days: list[date] = []
    for sentence in islice(sentences, _SENTENCES):
        written, text = _folded(sentence)
        days += [day for words in known for day in _named(written, text, words, today, _LONGEST_ABSENCE)]
    return max(days, default=None)


def _folded(sentence: str) -> tuple[str, str]:
    """As it is written, and as words alone; both in lower case."""
    written = sentence[:_LONGEST].lower()
    return written, f" {_NO_WORD.sub(' ', written)} "


def _named(written: str, text: str, words: _Words, today: date, farthest: timedelta) -> list[date]:
    found = (*_days(text, words, today), *_dates(written, today))
    return [day for day in found if today < day <= today + farthest]


def _days(text: str, words: _Words, today: date) -> Iterator[date]:
    """Every day that the text may mean."""
    week_end = today + timedelta(days=4 - today.weekday() if today.weekday() < 5 else 11 - today.weekday())
    for expression, month in words.months:
        for match in expression.finditer(text):
            yield from _day(None, month, int(match.group(1) or match.group(2)), today)
    for expression, weekday in words.weekdays:
        if expression.search(text):
            ahead = (weekday - today.weekday()) % 7 or 7
            later = 7 if words.next_week.search(text) and ahead < 7 - today.weekday() else 0
            yield today + timedelta(days=ahead + later)
    for expression, days in words.spans:
        for match in expression.finditer(text):
            number = match.group(1)
            yield today + timedelta(days=round(days * (int(number) if number.isdigit() else words.numbers[number])))
    if words.tomorrow.search(text):
        yield today + timedelta(days=1)
    if words.next_week.search(text):
        yield week_end + timedelta(days=7)
    if words.this_week.search(text) or words.end_of_week.search(text):
        yield week_end
    if words.end_of_month.search(text):
        yield _month_end(today)


def _dates(written: str, today: date) -> Iterator[date]:
    """Days in digits: ``12.6.``, ``2026-06-12``, ``6月12日``. Without a year the next such day."""
    for match in _NUMERIC.finditer(written):
        if match[1]:
            yield from _day(int(match[1]), int(match[2]), int(match[3]), today)
        else:
            yield from _day(int(match[6]) if match[6] else None, int(match[5]), int(match[4]), today)
    for match in _JAPANESE.finditer(written):
        yield from _day(None, int(match[1]), int(match[2]), today)


def _day(year: int | None, month: int, day: int, today: date) -> Iterator[date]:
    for each in (year,) if year else (today.year, today.year + 1):
        try:
            found = date(each, month, day)
        except ValueError:
            return
        if found > today:
            yield found
            return


def _month_end(today: date) -> date:
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first - timedelta(days=1)


@lru_cache(maxsize=1)
def _table() -> Any:
    return read_file(_WORDS).plain()


@lru_cache(maxsize=16)
def _words(language: str) -> _Words | None:
    lists = _table().get(language)
    if lists is None:
        return None
    edge = "" if language == "ja" else " "
    numbers = {str(word): number for word, number in lists["numbers"].items()}
    number = "|".join(["\\d{1,2}", *sorted(map(re.escape, numbers), key=len, reverse=True)])
    between = "" if language == "ja" else r" (?:\pL+ ){0,2}?"
    units = (("month", 30.0), ("week", 7.0), ("day", 1.0))
    working = "|".join(lists["working"])
    spans = [(_any([f"({number}){between}(?:{'|'.join(lists[unit])})"], edge), days) for unit, days in units]
    spans.append((_any([f"({number})(?: \\d+)? ?(?:{working}) ?(?:{'|'.join(lists['day'])})"], edge), _WORKING))
    spans.append((_any([f"({number})(?: \\d+)? (?:{'|'.join(lists['day'])}) (?:{working})"], edge), _WORKING))
    locale = Locale.parse(language)
    end = _any([f"(?:{'|'.join(lists['ends'])}) (?:\\pL+ )?(?:{'|'.join(lists['week'])})"], edge)
    month_end = _any([f"(?:{'|'.join(lists['ends'])}) (?:\\pL+ )?(?:{'|'.join(lists['month'])})"], edge)
    return _Words(
        promises=_any(lists["promises"], ""),
        weekdays=tuple((_any([name], edge), day) for day, names in _names(locale.days, language) for name in names),
        months=tuple(
            (
                _any(
                    [f"(\\d{{1,2}})(?:st|nd|rd|th|[.º°]|er)? (?:de |of )?{name}|{name} (\\d{{1,2}})(?:st|nd|rd|th)?"],
                    edge,
                ),
                month,
            )
            for month, names in _names(locale.months, language)
            for name in names
        ),
        spans=tuple(spans),
        numbers=numbers,
        tomorrow=_any(lists["tomorrow"], edge),
        next_week=_any(lists["next week"], edge),
        this_week=_any(lists["this week"], edge),
        end_of_week=end,
        end_of_month=month_end,
    )


def _names(names: Any, language: str) -> Iterator[tuple[int, list[str]]]:
    """The full names of days (Monday 0) or months (January 1), open to other endings."""
    changed = _ENDINGS.get(language, 1)
    for number, name in names["format"]["wide"].items():
        spellings = {name.lower(), names["stand-alone"]["wide"][number].lower()}
        spellings = {each.partition("-")[0] for each in spellings}  # “sexta-feira” is “sexta” as well
        yield (
            number,
            [
                f"{re.escape(each[: len(each) - changed])}\\pL{{0,3}}" if changed else re.escape(each)
                for each in spellings
            ],
        )


def _any(choices: Iterable[str], edge: str) -> Any:
    """One expression for all; ``edge`` is the space around a word, where the language has any."""
    joined = "|".join(choices).replace("\\w", "\\pL")  # RE2's own knows ASCII alone
    return re2.compile(f"{edge}(?:{joined}){edge}" if edge else f"(?:{joined})", options())
