"""``afterword log``: what did not come by mail. A call or a letter on paper starts the clock like a mail."""

from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.failures import Impossible
from agent.cli.output import console, styled
from agent.cli.store import opened_journal
from agent.cli.told import Told, is_terminal

if TYPE_CHECKING:
    from agent.case import Case
    from agent.journal import Journal

app = typer.Typer(no_args_is_help=True, help="Write down what did not come by mail: a call, a letter, an interview.")

_Employer = Annotated[str | None, typer.Option(metavar="NAME", help="The employer, as its mails name it.")]
_Person = Annotated[str | None, typer.Option(metavar="NAME", help="Who it was.")]
_Email = Annotated[str | None, typer.Option(metavar="ADDRESS", help="That person's address: the letter goes there.")]
_Position = Annotated[str | None, typer.Option(metavar="NAME", help="The job.")]
_Account = Annotated[str | None, typer.Option(metavar="NAME", help="The account to write from, if you have several.")]
_CaseName = Annotated[str | None, typer.Option("--case", metavar="CASE|new", help="The case it is about, or `new`.")]
_Note = Annotated[str, typer.Option(metavar="TEXT", help="What you want to keep of it.")]
_Language = Annotated[str | None, typer.Option(metavar="CODE", help="What was spoken or written: en, de, fr, ...")]
_When = Annotated[
    str | None, typer.Option(metavar="TIME", help="`yesterday 15:00`, `2026-11-20`, `2 h ago`; else now.")
]


@app.command()
def call(
    context: typer.Context,
    *,
    employer: _Employer = None,
    person: _Person = None,
    email: _Email = None,
    position: _Position = None,
    when: _When = None,
    account: _Account = None,
    asked: Annotated[
        bool, typer.Option("--asked", help="You asked for advice on the call, or were given it: no request is drafted.")
    ] = False,
    note: _Note = "",
    case: _CaseName = None,
    language: _Language = None,
) -> None:
    """You were turned down on the phone: what to say, your notes, and the clock.

    Start it while you are on the phone: it shows what to say and takes your notes, until an empty line. Then a request
    for advice is drafted; or a thank-you, when advice was given on the call (`--asked`, and your notes are its words).
    """
    from agent.case import Happening  # the journal takes a moment to load

    told = Told(context, employer, person, email, position, when, account, case)
    with opened_journal(told.settings) as journal:
        home = told.home(journal)
        said = told.language(language, home)
        told.writer_of(home)  # what is missing is asked for before the user takes notes, not after
        _show_script(said)
        if is_terminal() and not note:
            note, asked = _notes(asked=asked)
        _write_down(told, journal, home, Happening.CALL, note=note, asked=asked, language=said)


@app.command()
def letter(
    context: typer.Context,
    *,
    employer: _Employer = None,
    person: _Person = None,
    email: _Email = None,
    position: _Position = None,
    when: _When = None,
    account: _Account = None,
    note: _Note = "",
    case: _CaseName = None,
    language: _Language = None,
) -> None:
    """You were turned down by a letter on paper. `--when` is when you read it; a request for advice is drafted."""
    from agent.case import Happening  # as above

    told = Told(context, employer, person, email, position, when, account, case)
    with opened_journal(told.settings) as journal:
        home = told.home(journal)
        _write_down(told, journal, home, Happening.LETTER, note=note, language=told.language(language, home))


@app.command()
def interview(
    context: typer.Context,
    *,
    employer: _Employer = None,
    person: _Person = None,
    email: _Email = None,
    position: _Position = None,
    when: _When = None,
    account: _Account = None,
    note: _Note = "",
    case: _CaseName = None,
) -> None:
    """You were interviewed, or will be: a later rejection that nobody answers for then finds its interviewer."""
    from agent.case import Happening  # as above

    told = Told(context, employer, person, email, position, when, account, case, may_come=True)
    with opened_journal(told.settings) as journal:
        _write_down(told, journal, told.home(journal), Happening.INTERVIEW, note=note)


def _write_down(
    told: Told,
    journal: "Journal",
    home: "Case | None",
    what: str,
    *,
    note: str = "",
    asked: bool = False,
    language: str | None = None,
) -> None:
    from agent.case import Logged  # as above
    from agent.cli.cases import called, done
    from agent.cli.following import what_follows

    account = told.writer_of(home)
    with journal.writing() as writer:
        case = writer.case(home.id) if home else writer.open_case(told.now)
        if case is None:
            raise Impossible("The case was forgotten meanwhile. Say it again with --case new.")
        entry = Logged(
            at=told.now,
            what=what,
            account=account,
            person=told.person,
            note=note.strip(),
            when=told.when,
            employer=told.employer,
            position=told.position,
            language=language,
            asked=asked,
        )
        after = writer.append(case, entry)
    done(f"Written down in {called(after)}. {what_follows(case, after, told.settings, told.now)}", told.settings)


def _show_script(language: str | None) -> None:
    from agent.calls import script, steps  # as above

    for what, words in steps(script([language])):
        console().print(styled((f"{what}: ", "bold"), words))


def _notes(*, asked: bool) -> tuple[str, bool]:
    """The user's notes, and whether advice was asked for. Ctrl-C before the first word ends the command."""
    from agent.cli.notes import take_notes  # as above

    try:
        note = take_notes(_invite)
    except KeyboardInterrupt:
        raise Impossible("Nothing was written down.") from None
    if asked or not note:
        return note, asked
    try:
        return note, typer.confirm("Did you ask for advice, or were you given it?", default=False)
    except (typer.Abort, KeyboardInterrupt, OSError):  # the last one: the terminal's window was closed
        return note, False


def _invite() -> None:
    console().print(styled(("\nYour notes, line by line; an empty line ends them:", "bold")))
