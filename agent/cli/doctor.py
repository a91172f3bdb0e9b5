"""``afterword doctor``: looks at everything, and says what to do."""

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, Group
from rich.table import Table

from agent.cli import clock, options
from agent.cli.failures import FAILED, NEEDS_USER, Impossible
from agent.cli.output import console, counted, emit, moment, styled

if TYPE_CHECKING:
    from agent.config.settings import Settings
    from agent.doctor import Finding

_VERSION = 1
_STYLES = {"ok": "green", "warn": "yellow", "fail": "red"}


def doctor(
    context: typer.Context,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    try_draft: Annotated[
        bool, typer.Option("--try-draft", help="Put one test draft into each account's Drafts. You delete it.")
    ] = False,
    try_alert: Annotated[bool, typer.Option("--try-alert", help="Show one test alert.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a report for a bug report: no address, no server, no word of a mail."),
    ] = None,
) -> None:
    """Check everything, and say what to do: configuration, rules, sign-in, servers, folders, clock, store, alerts.

    It only looks: mail is not read, nothing is written but what you ask for. It takes a few seconds an account.
    """
    if report is not None and report.exists():
        raise Impossible(f"{report} is there already. Name another file.")
    found: list[Finding] = []
    settings, findings = _all_of(context, try_draft=try_draft, try_alert=try_alert)
    out = console()
    for finding in findings:
        found.append(finding)
        if not json:
            out.print(_drawn(finding) if out.is_terminal else _line(finding), soft_wrap=not out.is_terminal)
    if json:
        emit(_form(found))
    else:
        out.print(styled(_summary(found)))
    if report is not None:
        _write(report, found, settings)
    raise typer.Exit(_code(found))


def _all_of(
    context: typer.Context, *, try_draft: bool, try_alert: bool
) -> tuple["Settings | None", Iterator["Finding"]]:
    from agent.doctor import settings_at  # the configuration's library takes a moment to load

    settings, opening = settings_at(options.of(context).config)

    def findings() -> Iterator["Finding"]:
        yield from opening
        if settings is not None:
            yield from _visits(settings, try_draft=try_draft)
            if try_alert:
                yield _alert(settings)

    return settings, findings()


def _visits(settings: "Settings", *, try_draft: bool) -> Iterator["Finding"]:
    from agent.doctor import examined, families  # as above

    for family in families(settings, clock.now(), try_draft=try_draft):
        with _busy(family.account or family.name):
            found = list(examined(family))
        yield from found


def _busy(with_what: str) -> AbstractContextManager[object]:
    """Shown while a server is asked, on a terminal alone."""
    if not (sys.stderr.isatty() and sys.stdout.isatty()):
        return nullcontext()
    return Console(stderr=True, markup=False).status(f"Looking at {with_what} ...")


def _alert(settings: "Settings") -> "Finding":
    from agent.alerts import Alert, AlertKind, deliver  # as above
    from agent.doctor import Finding

    deliver(Alert(kind=AlertKind.NEWS, case=None, title="Afterword", sentence="This is a test alert."), settings)
    return Finding(
        name="alert",
        sentence="a test alert was sent, whatever the hour",
        todo="If you did not see it: what went wrong stands above this line, or see docs/alerts.md.",
    )


def _where(finding: "Finding") -> str:
    return f"{finding.account}: {finding.name}" if finding.account else finding.name


def _line(finding: "Finding") -> str:
    """For pipes: one finding, one line."""
    todo = f" -> {finding.todo}" if finding.todo else ""
    return styled(f"{finding.state.value:5}{_where(finding)}: {finding.sentence}{todo}".replace("\n", " ")).plain


def _drawn(finding: "Finding") -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=4)
    table.add_column(overflow="fold")  # a path is copied whole
    lines = [styled((_where(finding), "bold"), f": {finding.sentence}")]
    lines += [styled((finding.todo, "yellow"))] if finding.todo else []
    table.add_row(styled((finding.state.value, _STYLES[finding.state.value])), Group(*lines))
    return table


def _summary(found: list["Finding"]) -> str:
    failed, warned = (sum(each.state.value == state for each in found) for state in ("fail", "warn"))
    if failed:
        return f"\n{counted(failed, 'thing')} must be put right" + (f", {warned} could be better." if warned else ".")
    return f"\nAll works. {counted(warned, 'thing')} could be better." if warned else "\nAll is well."


def _form(found: list["Finding"]) -> dict[str, Any]:
    worst = next((state for state in ("fail", "warn") if any(each.state.value == state for each in found)), "ok")
    return {
        "version": _VERSION,
        "now": moment(clock.now()),
        "state": worst,
        "findings": [
            {
                "name": each.name,
                "account": each.account,
                "state": each.state.value,
                "sentence": each.sentence,
                "todo": each.todo or None,
            }
            for each in found
        ],
    }


def _code(found: list["Finding"]) -> int:
    failed = [each for each in found if each.state.value == "fail"]
    if not failed:
        return 0
    return NEEDS_USER if any(each.needs_user for each in failed) else FAILED


def _write(path: Path, found: list["Finding"], settings: "Settings | None") -> None:
    from agent.doctor import report as written  # as above

    text = written(found, settings, clock.now())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"The report is in {path}. Read it before you send it; it is short.", file=sys.stderr)
