"""``afterword judge`` and ``afterword why``: what a mail says by itself, and which words say so."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli import options
from agent.cli.mails import mails
from agent.cli.output import console, emit, line, styled
from agent.cli.store import opened_journal

if TYPE_CHECKING:
    from agent.config.settings import Settings


def judge(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Mail files, folders, Maildirs, mbox files; `-` reads one.")
    ],
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Print one JSON object a line.")] = False,
) -> None:
    """Say what every mail in files and folders means.

    Works offline and needs no configuration; with one, your own rules and languages count. A mail that cannot be read
    gets a line with an error, and the next one is judged.
    """
    from agent.cli.opinion import Judge  # the rules take a moment to load; `--help` shall not wait for them

    judge = Judge(options.of(context).settings_if_any())
    out = console()
    for found in mails(paths):
        form = judge.of_file(found).form()
        if jsonl:
            emit(form, indent=None)
        else:
            said = f"error: {form['error']}" if form["error"] else f"{form['meaning']:17} {form['stage']:11}"
            out.print(styled(f"{said} {line(found.path)}"))
    if any(not path.exists() for path in paths if str(path) != "-"):
        raise typer.Exit(1)


def why(
    context: typer.Context,
    mail: Annotated[str, typer.Argument(metavar="FILE|MESSAGE-ID", help="A mail file, or a Message-ID.")],
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain what a mail says, and show the words that say so.

    A Message-ID is looked up in the journal first and then in your mailboxes. Nothing there is changed or marked read.
    """
    from agent.cli.lookup import message_id  # as above
    from agent.cli.opinion import Judge

    if Path(mail).exists():
        judge = Judge(options.of(context).settings_if_any())
        forms = [judge.of_file(found).form() for found in mails([Path(mail)])]
    elif "@" in mail:
        settings = options.of(context).settings()
        wanted = message_id(mail)
        forms = [form] if (form := _in_journal(settings, wanted) or _in_mailboxes(settings, wanted)) else []
    else:
        raise typer.BadParameter(f"there is no file {mail}, and it is no Message-ID such as <abc@mail.example.org>")
    for form in forms:
        emit({"version": 1, **form}, indent=None) if json else _explain(form)
    if not forms:
        print("This mail is not known: it is neither in the journal nor in a watched mailbox.", file=sys.stderr)
    if not forms or any(form["error"] for form in forms):
        raise typer.Exit(1)


def _in_journal(settings: "Settings", message_id: str) -> dict[str, Any] | None:
    from agent.cli.opinion import form_of_mail  # as above

    with opened_journal(settings) as journal, journal.reading() as reader:
        cases = reader.by_reference([f"id:{message_id}"])
    return next((form_of_mail(mail) for case in cases for mail in case.mails if mail.message_id == message_id), None)


def _in_mailboxes(settings: "Settings", message_id: str) -> dict[str, Any] | None:
    """A mail that means nothing is not kept, so the mailboxes themselves are asked: why did it mean nothing?"""
    from agent.cli.lookup import find  # as above
    from agent.cli.opinion import Judge

    found = find(settings, message_id)
    return Judge(settings).of_message(found[1]).form() if found else None


def _explain(form: Mapping[str, Any]) -> None:
    out = console()
    if form["error"]:
        out.print(styled(f"{form['path']}: {form['error']}"))
        return
    out.print(styled(("Meaning    ", "bold"), form["meaning"], f" (stage: {form['stage']})"))
    for key in ("language", "employer", "position"):
        if form[key]:
            out.print(styled((f"{key.capitalize():11}", "bold"), line(form[key])))
    if form["flags"]:
        out.print(styled(("Flags      ", "bold"), ", ".join(form["flags"])))
    if form["correspondent"]:
        _explain_correspondent(form["correspondent"])
    if not form["evidence"]:
        out.print("No rule found words that decide anything.")
    for number, hit in enumerate(form["evidence"]):
        out.print(
            styled(
                ("Words      " if not number else " " * 11, "bold"), f"“{line(hit['words'])}”  ", (hit["rule"], "dim")
            )
        )


def _explain_correspondent(found: Mapping[str, str | None]) -> None:
    from agent.correspondents import explain  # as above

    who = " ".join(filter(None, (found["name"], f"<{found['address']}>" if found["address"] else "nobody")))
    console().print(styled(("Answer to  ", "bold"), line(who), f". {explain(found['found_by'] or '')}"))
