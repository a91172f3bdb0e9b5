"""``afterword status`` and ``afterword show``: what waits for the user, and one case with everything about it."""

import sys
import time
from typing import Annotated

import typer

from agent.cli import clock, options
from agent.cli.output import console, emit
from agent.cli.store import CaseName, case_called, opened_journal

_LOOK_AGAIN = 2.0
"""Seconds between two looks of ``status --watch``."""


def status(
    context: typer.Context,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep showing it, until Ctrl-C.")] = False,
) -> None:
    """Show what waits for you: running clocks, drafts, and whatever is wrong."""
    if watch and (json or not sys.stdout.isatty()):
        raise typer.BadParameter("it needs a terminal; for programs, call `status --json` again", param_hint="--watch")
    settings = options.of(context).settings()
    from agent.cli.picture import Fitted, draw, take  # the journal and the rules take a moment to load

    with opened_journal(settings) as journal:
        if json:
            emit(take(settings, journal).form())
        elif watch:
            from rich.live import Live  # as above

            first = Fitted(draw(take(settings, journal)))
            with Live(first, console=console(), auto_refresh=False, screen=True) as live:
                while True:
                    time.sleep(_LOOK_AGAIN)
                    live.update(Fitted(draw(take(settings, journal))), refresh=True)
        else:
            console().print(draw(take(settings, journal)))


def show(
    context: typer.Context,
    case: CaseName,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    stay: Annotated[bool, typer.Option("--stay", help="Then wait for Enter: for a terminal of its own.")] = False,
) -> None:
    """Show one case: everything that happened, every letter, and the words that every decision rests on."""
    settings = options.of(context).settings()
    from agent.cli.forms import whole_case  # as above
    from agent.cli.picture import page
    from agent.cli.telling import event_line

    now = clock.now()
    with opened_journal(settings) as journal, journal.reading() as reader:
        found = case_called(reader, case)
        events = reader.events(found.id)
    if json:
        emit(whole_case(found, events, settings, now))
    else:
        console().print(page(found, [(event.at, event_line(event)) for event in events], settings, now))
    if stay:
        typer.prompt("Enter closes this", default="", show_default=False, prompt_suffix=" ", err=True)
