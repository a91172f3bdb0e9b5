"""``afterword import`` and ``afterword forget``: the past, known and forgotten."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import clock, options
from agent.cli.failures import Impossible, told
from agent.cli.output import complain, console, counted, line, styled
from agent.cli.store import case_called, opened_journal
from agent.places import empty_log

if TYPE_CHECKING:
    from rich.progress import Progress

    from agent.case import Case
    from agent.config.settings import Settings
    from agent.journal import Journal, Reader
    from agent.turn import Books
    from connectors.account import Account


def import_past(
    context: typer.Context,
    *,
    since: Annotated[
        str, typer.Option(metavar="TIME", help="How far back: `2y`, `6 months`, `90d`, `2024-11-20`.")
    ] = "2y",
    account: Annotated[str | None, typer.Option(metavar="NAME", help="This account alone.")] = None,
) -> None:
    """Read the past, once, so that threads, interviewers and earlier feedback are known.

    Reads only: nothing is written into a mailbox, and no letter comes of it. Stop it whenever you like (Ctrl-C): called
    again, it goes on from there. A running daemon does not mind.
    """
    from agent.cli.moments import since as day_of  # the config's libraries take a moment to load

    settings = options.of(context).settings()
    accounts = _accounts(account, settings)
    try:
        day = day_of(since, clock.now())
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--since") from None
    from agent.books import Shelf  # as above

    with opened_journal(settings) as journal:
        before = _cases(journal)
        books = Shelf(settings).books
        codes = [_import(each, settings, journal, books, day) for each in accounts]
        for sentence in _learned(before, _cases(journal)):
            console().print(styled(sentence))
    if any(codes):
        raise typer.Exit(max(codes))


def _accounts(name: str | None, settings: "Settings") -> "Sequence[Account]":
    if name is None:
        return settings.accounts
    found = settings.account(name)
    if found is None:
        names = ", ".join(each.name for each in settings.accounts)
        raise typer.BadParameter(f"there is no account “{line(name)}”; you have {names}", param_hint="--account")
    return (found,)


def _import(account: "Account", settings: "Settings", journal: "Journal", books: "Books", day: datetime) -> int:
    """Read one account's past; the exit code. One account's trouble hinders no other."""
    from agent.turn.past import begun_at  # as above

    with journal.reading() as reader:
        begun = begun_at(reader.account(account.name), day)
    start = f"going on with the import since {begun:%Y-%m-%d}" if begun else f"reading since {day:%Y-%m-%d}"
    console().print(styled((account.name, "bold"), f": {start}"))
    read = aside = 0
    try:
        with _progress() as progress:
            for count, failed, newest in _steps(account, settings, journal, books, day):
                read, aside = read + count, aside + failed
                reached = f", up to {newest:%B %Y}" if newest else ""
                so_far = f"{account.name}: {counted(read, 'message')}{reached}"
                progress.update(progress.task_ids[0], description=so_far)
    except KeyboardInterrupt:
        _result(account, read, aside)
        raise Impossible("Stopped; what was read is kept. The same command goes on from there.") from None
    except Exception as failure:  # noqa: BLE001 - one account's trouble, even a mistake of ours, hinders no other
        code, sentence = told(failure)
        complain(f"{account.name}: {sentence}")
        return code
    _result(account, read, aside)
    return 0


def _steps(
    account: "Account", settings: "Settings", journal: "Journal", books: "Books", day: datetime
) -> Iterator[tuple[int, int, datetime | None]]:
    from agent.turn import Given  # as above
    from agent.turn.past import read_past
    from connectors import connect
    from connectors.trace import traced

    with connect(account) as mailbox:
        given = Given(
            mailbox=traced(mailbox, account.name),
            account=account,
            settings=settings,
            books=books,
            journal=journal,
            now=clock.now(),
            tell=lambda _: None,  # the past alerts nobody
        )
        for step in read_past(given, day):
            yield step.count, step.set_aside, step.newest


def _result(account: "Account", read: int, aside: int) -> None:
    rest = f"; {counted(aside, 'message')} could not be read" if aside else ""
    console().print(styled((account.name, "bold"), f": {counted(read, 'message')} read{rest}"))


@contextmanager
def _progress() -> "Iterator[Progress]":
    """How far it is, on a terminal; nobody knows how much is still to come."""
    from rich.console import Console  # as above
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    screen = Console(stderr=True, markup=False, highlight=False)
    shown = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    )
    shown.add_task("connecting", total=None)
    with shown:
        yield shown


def _cases(journal: "Journal") -> "dict[str, Case]":
    with journal.reading() as reader:
        return {case.id: case for case in reader.cases()}


def _learned(before: "dict[str, Case]", after: "dict[str, Case]") -> Iterator[str]:
    """What is known now that was not known before."""
    new = [case for id_, case in after.items() if id_ not in before]
    better = sum(len(after[id_].mails) > len(case.mails) for id_, case in before.items() if id_ in after)
    if not new and not better:
        yield "Nothing new about your applications."
        return
    interviewed = sum(case.stage == "interviewed" for case in new)
    refused = sum(case.turned_down is not None for case in new)
    advised = sum(case.answer is not None and case.answer.meaning == "feedback" for case in new)
    yield (
        f"{counted(len(new), 'application')} learned of: {interviewed} with an interview, {refused} turned down, "
        f"{advised} with feedback."
    )
    if better:
        yield f"More is known of {counted(better, 'application')} that Afterword had already."
    yield "No letter comes of this. What the feedback says: afterword lessons"


def forget(
    context: typer.Context,
    what: Annotated[
        str | None, typer.Argument(metavar="[CASE|ACCOUNT]", help="A case, or all of an account's.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Everything.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget a case, an account or everything, for good. Your mailbox stays as it is, drafts included.

    What is forgotten stays forgotten: when its mail is read again, or answered, nothing happens.
    """
    if (what is None) != every:
        raise typer.BadParameter("name a case or an account, or say --all", param_hint="CASE|ACCOUNT")
    from agent.held import held_path, keep  # as above

    settings = options.of(context).settings()
    with opened_journal(settings) as journal:
        with journal.reading() as reader:
            cases, accounts = _meant(reader, settings, what)
        _confirm(cases, accounts, yes=yes)
        _delete(journal, settings, cases, accounts)
        keep(held_path(settings.store), ())  # an alert may name the employer
    if every:
        empty_log()
    console().print(styled(f"Forgotten: {_named(cases, accounts)}. Drafts in your mailbox stay; delete them there."))
    if configured := [name for name in accounts if settings.account(name)]:
        console().print(
            styled(
                f"Afterword goes on reading {', '.join(configured)}: new mail makes new cases, old mail stays silent. "
                "To end that, take the account out of your configuration."
            )
        )


def _meant(reader: "Reader", settings: "Settings", what: str | None) -> "tuple[list[Case], list[str]]":
    """The cases and the accounts to forget. Raises ``Impossible``."""
    cases = reader.cases()
    names = dict.fromkeys((*(each.name for each in settings.accounts), *reader.accounts(), *(c.account for c in cases)))
    if what is None:
        return cases, list(names)
    if what in names:
        return [case for case in cases if case.account == what], [what]
    return [case_called(reader, what)], []


def _confirm(cases: "Sequence[Case]", accounts: Sequence[str], *, yes: bool) -> None:
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise typer.BadParameter("without a terminal nobody can be asked; say --yes", param_hint="--yes")
    if not typer.confirm(f"Forget {_named(cases, accounts)}, for good?", default=False):
        raise Impossible("Nothing was forgotten.")


def _named(cases: "Sequence[Case]", accounts: Sequence[str]) -> str:
    from agent.cli.cases import called  # as above

    if not accounts:
        return called(cases[0])
    return f"{counted(len(cases), 'case')} of {', '.join(accounts)}"


def _delete(journal: "Journal", settings: "Settings", cases: "Sequence[Case]", accounts: Sequence[str]) -> None:
    """The rows in one transaction, then their traces in the file. An account that is still read keeps its place."""
    from agent.journal import StoreTrouble  # as above

    chosen = {case.id for case in cases}
    with journal.writing() as writer:
        for case in writer.cases():
            if case.id in chosen or case.account in accounts:  # the daemon may have opened one meanwhile
                writer.forget(case)
        for name in accounts:
            if settings.account(name) is None:
                writer.forget_account(name)
    try:
        journal.compact()
    except StoreTrouble:
        raise Impossible(
            f"Forgotten: {_named(cases, accounts)}. But the store is busy, so the traces in its file are not wiped "
            "yet; that is made good the next time it is opened."
        ) from None
