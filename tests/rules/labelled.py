"""Mails of which a person said what they mean, and how often the rules say the same."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path

from connectors.message import Message
from connectors.message.parse import parse
from rules.judge import judge
from rules.load import Rulebook
from rules.verdict import Meaning, Stage, Verdict

INDEX = "index.tsv"
"""Beside the mails: a header line, then ``file``, ``label`` and ``language`` of each; other columns as known below."""
_ARRIVED = datetime(2026, 11, 23, tzinfo=UTC)
_CONFIDENCE = 1.96
"""Standard deviations of a normal distribution that hold 95 % of it."""


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A mail in a file, and what a person said about it; what is not told is None."""

    path: Path
    meaning: Meaning
    language: str
    stage: Stage | None = None
    employer: str | None = None
    outgoing: bool = False

    def message(self) -> Message:
        """The mail, parsed."""
        return parse(self.path.read_bytes(), arrived=_ARRIVED, outgoing=self.outgoing)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A labelled mail and its verdict."""

    mail: Labelled
    verdict: Verdict


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share; 1 of nothing."""
        return self.part / self.whole if self.whole else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval at 95 %: where the share would lie on mail without end, drawn like this."""
        if not self.whole:
            return 0.0, 1.0
        square = _CONFIDENCE**2
        middle = self.value + square / (2 * self.whole)
        spread = _CONFIDENCE * sqrt(self.value * (1 - self.value) / self.whole + square / (4 * self.whole**2))
        scale = 1 + square / self.whole
        return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.3f} ({low:.3f}-{high:.3f})" if self.whole else "-"


def labelled(folder: Path) -> list[Labelled]:
    """All mails of the indexes in a folder and below it, in the order of the files."""
    return [mail for index in sorted(folder.rglob(INDEX)) for mail in _indexed(index)]


def _indexed(index: Path) -> Iterable[Labelled]:
    with index.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Labelled(
                path=index.parent / row["file"],
                meaning=Meaning(row["label"]),
                language=row["language"],
                stage=Stage(row["stage"]) if row.get("stage") else None,
                employer=row.get("employer") or None,
                outgoing=row.get("direction") == "sent",
            )


def judged(mails: Iterable[Labelled], rulebook: Rulebook) -> list[Judged]:
    """Each mail with its verdict."""
    return [Judged(mail=mail, verdict=judge(mail.message(), rulebook)) for mail in mails]


def precision(found: Sequence[Judged], meaning: Meaning) -> Share:
    """Of the mails judged so, those that mean it."""
    said = [each for each in found if each.verdict.meaning is meaning]
    return Share(sum(each.mail.meaning is meaning for each in said), len(said))


def recall(found: Sequence[Judged], meaning: Meaning) -> Share:
    """Of the mails that mean it, those judged so."""
    meant = [each for each in found if each.mail.meaning is meaning]
    return Share(sum(each.verdict.meaning is meaning for each in meant), len(meant))


def stages(found: Sequence[Judged]) -> Share:
    """Of the refusals whose stage a person can tell, those with the right one."""
    told = [each for each in found if each.mail.meaning in _REFUSALS and each.mail.stage not in (None, Stage.UNKNOWN)]
    return Share(sum(each.mail.stage is each.verdict.stage for each in told), len(told))


_REFUSALS = (Meaning.REJECTION, Meaning.FILLED)
