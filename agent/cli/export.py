"""``afterword export``: everything Afterword knows, as JSON or as tables (docs/commands.md has their form)."""

import csv
import io
import json as json_text
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli import clock, options
from agent.cli.failures import Impossible
from agent.cli.output import console, counted, emit, moment, styled
from agent.cli.store import opened_journal
from agent.whole import write_whole

if TYPE_CHECKING:
    from agent.case import Case, Event
    from agent.config.settings import Settings

VERSION = 1

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets take a cell that begins so for a formula; and these cells hold other people's words."""


def export(
    context: typer.Context,
    target: Annotated[
        Path | None, typer.Argument(metavar="[FILE|DIR]", help="A file for JSON, a folder for CSV.")
    ] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object; this is the default.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Three tables: cases.csv, letters.csv, events.csv.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
) -> None:
    """Write out everything Afterword knows. Without FILE the JSON goes to standard output.

    Nobody else can read the files. They hold what employers wrote to you: keep them as you keep your mailbox.
    """
    if json and csv:
        raise typer.BadParameter("choose --json or --csv", param_hint="--csv")
    if csv and target is None:
        raise typer.BadParameter("the tables need a folder to lie in: export --csv DIR", param_hint="DIR")
    settings = options.of(context).settings()
    whole = _whole(settings)
    if target is None:
        emit(whole)
        return
    target = target.expanduser()
    files = _tables(whole, target) if csv else {target: json_text.dumps(whole, ensure_ascii=False, indent=2) + "\n"}
    _write(files, force=force, folder=csv)
    about = f"{counted(len(whole['cases']), 'case')} written to {target}. Only you can read it."
    console().print(styled(about))


def _whole(settings: "Settings") -> dict[str, Any]:
    """The stable form: accounts, and each case as ``show --json`` gives it."""
    now = clock.now()
    with opened_journal(settings) as journal, journal.reading() as reader:
        accounts = [reader.account(name) for name in reader.accounts()]
        cases = [_case(case, reader.events(case.id), settings) for case in reader.cases()]
    return {
        "version": VERSION,
        "now": moment(now),
        "accounts": [
            {
                "name": each.name,
                "first_turn": moment(each.first_turn),
                "last_turn": moment(each.last_turn),
                "set_aside": each.set_aside,
                "imported_since": moment(each.past_since),
            }
            for each in accounts
        ],
        "cases": cases,
    }


def _case(case: "Case", events: "list[Event]", settings: "Settings") -> dict[str, Any]:
    from agent.cli.forms import whole_case  # the journal takes a moment to load
    from agent.cli.telling import event_line

    form = whole_case(case, events, settings, clock.now())
    for shown, event in zip(form["events"], events, strict=True):
        shown["sentence"] = event_line(event)
    return {key: form[key] for key in ("case", "mails", "letters", "events")}


_CASES = (
    "id",
    "account",
    "employer",
    "position",
    "stage",
    "state",
    "outcome",
    "since",
    "turned_down",
    "told",
    "feedback",
)
_LETTERS = ("case", "number", "kind", "account", "fate", "promised", "placed", "settled", "to", "found_by", "subject")
_EVENTS = ("case", "at", "kind", "trigger", "message_id", "sentence")


def _tables(whole: Mapping[str, Any], folder: Path) -> dict[Path, str]:
    cases, letters, events = [], [], []
    for each in whole["cases"]:
        id_ = each["case"]["id"]
        cases.append(_summary(each))
        letters += [{**one, "case": id_, "to": one["to"]["address"] if one["to"] else None} for one in each["letters"]]
        events += [{**one, "case": id_} for one in each["events"]]
    tables = (("cases", _CASES, cases), ("letters", _LETTERS, letters), ("events", _EVENTS, events))
    return {folder / f"{name}.csv": _table(columns, rows) for name, columns, rows in tables}


def _summary(each: Mapping[str, Any]) -> dict[str, Any]:
    case = each["case"]
    told, notice = case["told"], case["notice"]
    said = [mail["text"] for mail in each["mails"] if mail["text"]]
    said += [
        event["note"] for event in each["events"] if event["kind"] == "logged" and event["asked"] and event["note"]
    ]
    came = [found for found in (told and told["happened"], notice and notice["arrived"]) if found]
    how = told["what"] if told else "mail" if notice else None
    return {**case, "turned_down": min(came, default=None), "told": how, "feedback": "\n\n".join(said)}


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """RFC 4180, with the columns' names in the first line."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([[_cell(row.get(column)) for column in columns] for row in rows])
    return text.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _write(files: Mapping[Path, str], *, force: bool, folder: bool) -> None:
    """Each file whole or not at all, for the user alone. Nothing that is there is replaced unasked."""
    there = next((path for path in files if path.exists()), None)
    if there is not None and (not force or there.is_dir()):
        other = "a folder; name a file in it" if there.is_dir() else "there already. Name another place, or add --force"
        raise Impossible(f"{there} is {other}.")
    for path, text in files.items():
        try:
            if folder:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(path, text.encode("utf-8", "backslashreplace"))
        except OSError as failed:
            raise Impossible(f"{path} cannot be written: {failed.strerror or failed}.") from None
