"""``afterword run`` and ``afterword check``: work on the mailboxes, for ever or once."""

import contextlib
from typing import TYPE_CHECKING

import typer

from agent.cli import clock, logs, options
from agent.cli.failures import FAILED, NEEDS_USER, told
from agent.cli.output import complain, console, styled
from agent.cli.store import opened_journal

if TYPE_CHECKING:
    from agent.alerts import Outbox
    from agent.config.settings import Settings
    from agent.journal import Journal
    from agent.turn import Books
    from connectors.account import Account


def run(context: typer.Context) -> None:
    """Watch your mailboxes until you stop it (Ctrl-C).

    Drafts appear in your own Drafts folder. Nothing is sent, deleted or marked as read. Log lines go to standard error.
    """
    given = options.of(context)
    settings = given.settings()
    logs.set_up(verbose=given.verbose, level=logs.TELLING, kept=True)
    from agent.lock import daemon_lock  # the database and the scheduler take a moment to load
    from agent.watch import Daemon

    with daemon_lock(settings.store), opened_journal(settings) as journal:
        daemon = Daemon(settings, journal, wall=clock.now)
        daemon.catch_signals()
        refused = daemon.run()
    for sentence in refused:
        complain(sentence)
    if refused:
        raise typer.Exit(NEEDS_USER)


def check(context: typer.Context) -> None:
    """Do once for every account what `run` does all the time, then exit.

    Reads new mail, looks what became of the drafts, writes the letters that are due. Good for cron, or for a first try.
    """
    given = options.of(context)
    settings = given.settings()
    logs.set_up(verbose=given.verbose, level=logs.TELLING, kept=True)
    from agent.alerts import Outbox  # as above
    from agent.books import Shelf
    from agent.held import held_path
    from agent.lock import daemon_lock

    with daemon_lock(settings.store), opened_journal(settings) as journal:
        outbox = Outbox(settings, held=held_path(settings.store))  # a daemon at work has its own
        shelf = Shelf(settings)
        codes = [_check_account(account, settings, journal, shelf.books, outbox) for account in settings.accounts]
        outbox.flush(clock.now())
    if shelf.problems:
        codes.append(NEEDS_USER)
    if any(codes):
        raise typer.Exit(max(codes))


def _check_account(
    account: "Account", settings: "Settings", journal: "Journal", books: "Books", outbox: "Outbox"
) -> int:
    """One turn of one account; its exit code."""
    from agent.journal import StoreTrouble  # as above

    try:
        _turn(account, settings, journal, books, outbox)
    except Exception as failure:  # noqa: BLE001 - one account's trouble, even a mistake of ours, hinders no other
        code, sentence = told(failure)
        complain(f"{account.name}: {sentence}")
        with contextlib.suppress(StoreTrouble), journal.writing() as writer:
            if writer.account(account.name).trouble != sentence:
                writer.note_account(account.name, trouble=sentence, trouble_since=clock.now())
        return code
    if hindered := _hindrances(account, journal):
        complain(f"{account.name}: {'; '.join(hindered)}")
        return FAILED
    console().print(styled((account.name, "bold"), ": done"))
    return 0


def _hindrances(account: "Account", journal: "Journal") -> list[str]:
    """Why promised drafts of the account could not be placed."""
    with journal.reading() as reader:
        return list(dict.fromkeys(c.hindrance for c in reader.cases() if c.account == account.name and c.hindrance))


def _turn(account: "Account", settings: "Settings", journal: "Journal", books: "Books", outbox: "Outbox") -> None:
    from agent.turn import Given, turn  # as above
    from agent.watch.sign_ins import tell_ending
    from connectors import connect
    from connectors.trace import traced

    with connect(account) as mailbox:
        turn(
            Given(
                mailbox=traced(mailbox, account.name),
                account=account,
                settings=settings,
                books=books,
                journal=journal,
                now=clock.now(),
                tell=outbox.put,
            )
        )
    tell_ending(account, settings, journal, clock.now(), outbox.put)
