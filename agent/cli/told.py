"""What the user says about something that did not come by mail, checked, and which case it belongs to."""

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typer

from agent.cli import clock, options
from agent.cli.output import console, line, styled
from agent.cli.store import case_called

if TYPE_CHECKING:
    from agent.case import Case, Person
    from agent.config.settings import Settings
    from agent.journal import Journal

_LONGEST = 200
"""Characters of a name."""


class Told:
    """What the user filled in, checked at once: a wrong word is wrong usage, and nothing is written down."""

    def __init__(
        self,
        context: typer.Context,
        employer: str | None,
        person: str | None,
        email: str | None,
        position: str | None,
        when: str | None,
        account: str | None,
        case: str | None,
        *,
        may_come: bool = False,
    ) -> None:
        self.now = clock.now()
        self.settings = options.of(context).settings()
        self.employer, self.position = _name(employer, "--employer"), _name(position, "--position")
        self.person = _person(_name(person, "--person"), email, self.settings)
        self.when = _when(when, self.now, self.settings, may_come=may_come)
        self.account = _account(account, self.settings)
        self.case = case.strip().lower() if case else None
        if not self.employer and self.case in (None, "new"):
            raise typer.BadParameter("which employer is it? Or name the case: --case CASE", param_hint="--employer")

    def home(self, journal: "Journal") -> "Case | None":
        """The case it belongs to; None: a new one."""
        from agent.filing import named  # the journal takes a moment to load

        with journal.reading() as reader:
            if self.case == "new":
                return None
            if self.case:
                return case_called(reader, self.case)
            address = self.person.address if self.person else None
            found = named(
                reader.cases(), self.now, employer=self.employer or "", position=self.position, address=address
            )
        return _chosen(found) if len(found) > 1 else next(iter(found), None)

    def writer_of(self, home: "Case | None") -> str:
        """The account that its letters are written from."""
        if home is not None and home.account:
            return home.account
        if self.account is None:
            names = ", ".join(each.name for each in self.settings.accounts)
            raise typer.BadParameter(f"which account writes the letter? You have {names}", param_hint="--account")
        return self.account

    def language(self, written: str | None, home: "Case | None") -> str | None:
        """What was spoken or written: as the user says, else as the case's mails, else as the configuration."""
        from agent.calls import scripts  # as above

        if written is not None and written.casefold() not in scripts():
            known = ", ".join(scripts())
            raise typer.BadParameter(f"“{line(written)}” is not known; there is {known}", param_hint="--language")
        mails = sorted(home.mails, key=lambda mail: mail.arrived, reverse=True) if home else []
        said = (written.casefold() if written else None, *(mail.language for mail in mails))
        return next(filter(None, (*said, *(self.settings.languages or ()))), None)


def _name(written: str | None, option: str) -> str | None:
    if written is None:
        return None
    name = line(written)
    if not name or len(name) > _LONGEST:
        raise typer.BadParameter(f"it takes a name of 1 to {_LONGEST} characters", param_hint=option)
    return name


def _person(name: str | None, email: str | None, settings: "Settings") -> "Person | None":
    from agent.case import Person  # as above
    from agent.correspondents import checked

    if email is None:
        return Person(address="", name=name) if name else None
    try:
        return Person(address=checked(line(email), settings.accounts), name=name or "")
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--email") from None


def _when(written: str | None, now: datetime, settings: "Settings", *, may_come: bool) -> datetime:
    from agent.cli.moments import moment  # as above

    if written is None:
        return now
    try:
        when = moment(written, now, settings.clock.timezone)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--when") from None
    if when > now + timedelta(minutes=1) and not may_come:
        raise typer.BadParameter(f"“{written}” is still to come", param_hint="--when")
    return when


def _account(written: str | None, settings: "Settings") -> str | None:
    if written is None:
        return settings.accounts[0].name if len(settings.accounts) == 1 else None
    if settings.account(written) is None:
        names = ", ".join(each.name for each in settings.accounts)
        raise typer.BadParameter(f"there is no account “{line(written)}”; you have {names}", param_hint="--account")
    return written


def _chosen(found: "list[Case]") -> "Case | None":
    """Ask which of several applications is meant; without a terminal that is wrong usage."""
    from agent.cli.telling import name, standing  # as above

    if not is_terminal():
        ids = ", ".join(f"{case.id} ({name(case)})" for case in found)
        raise typer.BadParameter(f"it may be about {ids}. Say which: --case CASE, or --case new", param_hint="--case")
    for number, case in enumerate(found, start=1):
        console().print(styled(f"{number}  {case.id}  {name(case)}: {standing(case)}"))
    console().print(styled(f"{len(found) + 1}  another application"))
    number = 0
    while not 1 <= number <= len(found) + 1:
        number = typer.prompt("Which one is it about? Its number", type=int)
    return found[number - 1] if number <= len(found) else None


def is_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
