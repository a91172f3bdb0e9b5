"""``afterword lessons``: what the feedback so far comes to."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import clock, options, output
from agent.cli.failures import Impossible
from agent.cli.output import console, emit, line, styled
from agent.cli.store import opened_journal

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from rich.console import RenderableType

    from agent.case import Case
    from agent.config.settings import Settings
    from agent.lessons import Counted, Lesson, Lessons

_INSET = "    "
_PROTECTED = (
    "Some feedback touches something personal that should play no part in such a decision: age, sex, family,\n"
    "health, faith, origin or the like. It is no lesson, and nothing about you needs to change. What to do about it\n"
    "is yours to decide."
)


def lessons(
    context: typer.Context,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one page with plots, for your browser, to FILE.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE, whatever it is.")] = False,
) -> None:
    """Show what the feedback so far comes to: what to work on, and what to keep, in the employers' own words.

    What two employers have said independently of each other stands first.
    """
    settings = options.of(context).settings()
    from agent.lessons.forms import form  # the rules take a moment to load

    found, zone, now = _found(settings), settings.clock.timezone, clock.now()
    if html is not None:
        _write(html.expanduser(), found, zone, now, force=force)
    elif json:
        emit(form(found, zone, now))
    else:
        out = console()
        for part in _parts(found, zone):
            out.print(part)


def _found(settings: "Settings") -> "Lessons":
    from agent.lessons import gather  # as above
    from rules.load import load_rulebook

    with opened_journal(settings) as journal, journal.reading() as reader:
        cases = reader.cases()
    return gather(cases, load_rulebook(settings.languages or "auto"))


def _write(path: Path, found: "Lessons", zone: "tzinfo", now: "datetime", *, force: bool) -> None:
    """Refuses to replace what is not a page of ours: FILE may be a slip of the hand."""
    from agent.lessons.page import is_ours, page, write  # as above

    try:
        if path.is_dir():
            raise Impossible(f"{path} is a folder. Name a file in it, such as {path / 'lessons.html'}")
        if path.exists() and not force and not is_ours(path):
            raise Impossible(f"{path} is there, and no page of Afterword's. Name another file, or add --force.")
        write(page(found, zone, now), path)
    except OSError as failed:
        raise Impossible(f"{path} cannot be written: {failed.strerror or failed}") from None
    console().print(styled(f"The page is written: {path}\nOnly you can read it. Open it in your browser."))


def _parts(found: "Lessons", zone: "tzinfo") -> Iterator["RenderableType"]:
    from agent.lessons import Kind, counted  # as above

    work, strengths = counted(found.points, Kind.WORK), counted(found.points, Kind.STRENGTH)
    if not work and not strengths:
        yield styled(_nothing(found.feedback))
    if work:
        yield styled(("What to work on", "bold"))
        yield from _table(work, zone)
        for one in work:
            yield from _theme(one, zone)
    if strengths:
        yield styled(("\nWhat to keep" if work else "What to keep", "bold"))
        for one in strengths:
            yield from _theme(one, zone)
    if found.left_out:
        yield from _left_out(found, zone)


def _nothing(feedback: int) -> str:
    if feedback:
        return (
            f"{output.counted(feedback, 'piece')} of feedback so far, and no point in it to learn from: polite words "
            "say little about you. Nothing needs to change."
        )
    return (
        "No feedback yet. When an employer answers your request for advice, their points stand here in their own "
        "words,\nby theme. What one says is an opinion; what two say is worth an evening."
    )


def _table(work: "list[Counted]", zone: "tzinfo") -> Iterator["RenderableType"]:
    """The themes at a glance, and in which months they were named."""
    from rich.table import Table  # as above

    from agent.lessons import title_of

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("theme")
    table.add_column("mentions", justify="right")
    table.add_column("employers", justify="right")
    table.add_column("when")
    for one in work:
        months = [month if number == 1 else f"{month} ({number})" for month, number in one.months(zone).items()]
        style = "bold" if one.independent else ""
        table.add_row(
            styled((title_of(one.theme), style)), str(one.mentions), str(one.employers), ", ".join(months[-6:])
        )
    yield table


def _theme(one: "Counted", zone: "tzinfo") -> Iterator["RenderableType"]:
    from agent.lessons import WORDINGS, Kind, title_of  # as above

    said = f"  {output.counted(one.mentions, 'mention')}, {output.counted(one.employers, 'employer')}"
    yield styled(f"\n{title_of(one.theme)}", (said, "dim"))
    if one.theme is not None and one.lessons[0].kind is Kind.WORK:
        yield styled(f"{_INSET}{WORDINGS[one.theme].practise}")
    for lesson in one.lessons:
        yield quoted(lesson, zone)


def quoted(lesson: "Lesson", zone: "tzinfo") -> "RenderableType":
    """One point in its own words, and whose they are."""
    who = line(", ".join(filter(None, (lesson.who, lesson.employer or "unknown employer"))))
    when = f"{lesson.at.astimezone(zone):%d %b %Y}"
    how = ", on the phone" if lesson.spoken else ""
    return styled(f"{_INSET}“{line(lesson.quote)}”", (f"  {who}, {when}{how} ({lesson.case})", "dim"))


def _left_out(found: "Lessons", zone: "tzinfo") -> Iterator["RenderableType"]:
    yield styled(("\nLeft out", "bold"))
    yield styled(f"{_PROTECTED} The mail itself: afterword show CASE")
    for one in found.left_out:
        name = line(one.employer or "unknown employer")
        yield styled(f"{_INSET}{name}, {one.at.astimezone(zone):%d %b %Y} ({one.case})")


def case_points(case: "Case", settings: "Settings") -> Iterator["RenderableType"]:
    """The points of one case's feedback, for ``show``."""
    if not any(mail.text for mail in case.mails) and not any(entry.note for entry in case.logged):
        return
    from agent.lessons import Kind, gather, title_of  # as above
    from rules.load import load_rulebook

    found = gather([case], load_rulebook(settings.languages or "auto"))
    if found.points:
        yield styled(("\nWhat the feedback says", "bold"))
    for lesson in found.points:
        about = ", ".join(title_of(theme) for theme in lesson.themes or (None,))
        kind = "to keep" if lesson.kind is Kind.STRENGTH else "to work on"
        yield styled(f"{_INSET}“{line(lesson.quote)}”", (f"  {kind}: {about}", "dim"))
    if found.left_out:
        yield styled(_PROTECTED)
