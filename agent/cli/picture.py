"""What ``status`` shows: how Afterword fares, what waits for the user, what is under way."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agent import calls
from agent.case import Case, Fate, State
from agent.cli import clock, telling
from agent.cli.forms import VERSION, account_form, case_form, clock_of, waits_for
from agent.cli.lessons import case_points
from agent.cli.output import counted, moment, span, styled
from agent.config.settings import Settings
from agent.journal import AccountRecord, Journal
from agent.lock import is_running
from agent.tone import advice
from connectors import oauth
from connectors.account import Account
from connectors.port import Refused
from rules.load import load_rulebook
from rules.source import Problems


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Everything ``status`` knows at one moment."""

    now: datetime
    settings: Settings
    running: bool
    accounts: Sequence[tuple[Account, AccountRecord, oauth.TokenAge | None]]
    cases: Sequence[Case]
    problems: Sequence[str]
    """Mistakes in the user's rule files."""

    def form(self) -> dict[str, Any]:
        """The stable JSON form: every case, the most pressing first."""
        return {
            "version": VERSION,
            "now": moment(self.now),
            "running": self.running,
            "accounts": [account_form(*each) for each in self.accounts],
            "cases": [case_form(case, self.settings, self.now) for case in self.cases],
            "problems": list(self.problems),
        }


def take(settings: Settings, journal: Journal) -> Picture:
    """Look at everything once."""
    with journal.reading() as reader:
        cases = reader.cases()
        accounts = [(account, reader.account(account.name), _sign_in(account)) for account in settings.accounts]
    return Picture(
        now=clock.now(),
        settings=settings,
        running=is_running(settings.store),
        accounts=accounts,
        cases=sorted(cases, key=lambda case: _urgency(case, settings)),
        problems=_mistakes(settings),
    )


def _sign_in(account: Account) -> oauth.TokenAge | None:
    try:
        return oauth.age(account)
    except Refused:  # cannot be read; the account's own trouble says why
        return None


def _mistakes(settings: Settings) -> list[str]:
    if not settings.rules:
        return []
    try:
        load_rulebook(settings.languages or "auto", settings.rules)
    except Problems as found:
        return [str(problem) for problem in found.problems]
    return []


_TURNS = ("you", "afterword", "employer", "nobody")


def _urgency(case: Case, settings: Settings) -> tuple[int, datetime, str]:
    return _TURNS.index(waits_for(case)), clock_of(case, settings) or datetime.max.replace(tzinfo=UTC), case.id


def draw(picture: Picture) -> Group:
    """The picture for a terminal."""
    return Group(*_parts(picture))


def _parts(picture: Picture) -> Iterator[RenderableType]:
    if picture.running:
        yield Text("Afterword is running.")
    else:
        yield Text("Afterword is not running. Start it: afterword run", style="yellow")
    yield from (styled((problem, "red")) for problem in picture.problems)
    yours = [case for case in picture.cases if waits_for(case) == "you"]
    moving = [case for case in picture.cases if waits_for(case) == "afterword" or _is_awaited(case)]
    yield from _section("Waiting for you", yours, picture)
    yield from _section("Under way", moving, picture)
    if not yours and not moving:
        yield Text("\nNothing waits for you.")
    rest = Counter(_kind(case) for case in picture.cases if case not in yours and case not in moving)
    if rest:
        yield Text("\nBesides: " + ", ".join(f"{number} {kind}" for kind, number in rest.items()), style="dim")
    yield Text("\nAccounts", style="bold")
    for account, record, age in picture.accounts:
        yield styled((account.name, "bold"), f"  {account.connector}")
        yield _inset(*_fares(record, picture.now), *_signed_in(account, age, picture.now))


class Fitted:
    """As much of it as a screen has lines for; the last one says that there is more."""

    def __init__(self, whole: RenderableType) -> None:
        self._whole = whole

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(self._whole, options.update(height=None), new_lines=True)
        room = options.height or console.height
        for line in lines if len(lines) <= room else lines[: room - 1]:
            yield from line
        if len(lines) > room:
            yield Text("... and more: afterword status", style="dim", no_wrap=True)


def _is_awaited(case: Case) -> bool:
    return case.state in (State.AWAITING_FEEDBACK, State.INTERVIEWED)


def _kind(case: Case) -> str:
    return {State.APPLIED: "applied", State.NOTED: "turned down without a letter"}.get(case.state, "closed")


def _section(title: str, cases: Sequence[Case], picture: Picture) -> Iterator[RenderableType]:
    if not cases:
        return
    yield Text(f"\n{title}", style="bold")
    for case in cases:
        left = telling.time_left(case, picture.settings, picture.now)
        head = _table()
        head.add_row(styled((case.id, "bold cyan")), styled(f"{telling.name(case)}  ", left))
        yield head
        after = telling.follows(case, picture.settings)
        lines = [styled(telling.standing(case)), *([styled((after, "dim"))] if after else [])]
        yield _inset(*lines, *(styled((note, "yellow")) for note in telling.advice(case)))


def _inset(*lines: RenderableType) -> RenderableType:
    return Padding(Group(*lines), (0, 0, 0, 8), expand=False)


def _fares(record: AccountRecord, now: datetime) -> Iterable[Text]:
    if record.trouble:
        since = f" (for {span(now - record.trouble_since)})" if record.trouble_since else ""
        yield styled((f"{record.trouble}{since}", "red"))
    if record.last_turn:
        yield styled(f"last looked at {telling.ago(record.last_turn, now)}")
    elif not record.trouble:
        yield Text("not looked at yet")
    if record.set_aside:
        yield styled((f"{counted(record.set_aside, 'message')} could not be read", "yellow"))


def _signed_in(account: Account, age: oauth.TokenAge | None, now: datetime) -> Iterable[Text]:
    """How old the tokens are, and when the provider will want the user again."""
    if not oauth.signs_in(account):
        return
    if age is None:
        yield styled((f"no sign-in here; make one: {oauth.command(account)}", "yellow"))
        return
    yield styled(f"signed in {telling.ago(age.signed_in, now)}, tokens renewed {telling.ago(age.renewed, now)}")
    if age.ends is not None and age.ends > now:
        yield styled((f"the sign-in ends in {span(age.ends - now)}; make it anew: {oauth.command(account)}", "yellow"))


def _table() -> Table:
    return Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))


def page(case: Case, lines: Iterable[tuple[datetime, str]], settings: Settings, now: datetime) -> Group:
    """What ``show`` shows of one case; ``lines`` is what happened and when."""
    return Group(*_page_parts(case, lines, settings, now))


def _page_parts(
    case: Case, lines: Iterable[tuple[datetime, str]], settings: Settings, now: datetime
) -> Iterator[RenderableType]:
    zone = settings.clock.timezone
    left, style = telling.time_left(case, settings, now)
    yield styled((f"{telling.name(case)}", "bold"), f"  {case.id}  {case.account}")
    yield styled(telling.standing(case), "; ", (left, style))
    yield from (styled((note, "yellow")) for note in telling.advice(case))
    yield from _should_you_rather_call(case, settings)
    yield Text("\nWhat happened", style="bold")
    happened = _table()
    for at, what in lines:
        happened.add_row(styled((telling.local(at, zone), "dim")), styled(what))
    yield happened
    yield from _mails(case, settings)
    yield from case_points(case, settings)
    yield from _letters(case, settings)


def _should_you_rather_call(case: Case, settings: Settings) -> Iterator[RenderableType]:
    """The number that stands in the mails and what to say, while the request is not sent."""
    found = calls.number(case)
    if case.notice is None or case.state not in _UNASKED or found is None:
        return
    yield Text("\nShould you rather call", style="bold")
    yield styled(f"{found[0]}  ({telling.person(found[1])})")
    languages = (case.notice.language, *(settings.languages or ()))
    yield _inset(*(styled((f"{what}: ", "dim"), words) for what, words in calls.steps(calls.script(languages))))
    yield styled(f"Your notes of the call: afterword log call --case {case.id}")


_UNASKED = (State.NOTED, State.REQUEST_DUE, State.REQUEST_DRAFTED)


def _mails(case: Case, settings: Settings) -> Iterator[RenderableType]:
    yield Text("\nMails, and the words that say what they mean", style="bold")
    for mail in sorted(case.mails, key=lambda mail: mail.arrived):
        who = "you" if mail.outgoing else telling.person(mail.sender)
        yield styled((telling.local(mail.arrived, settings.clock.timezone), "dim"), f"  {who}: {mail.meaning}")
        lines = [styled(f"“{hit.words}”  ", (hit.rule, "dim")) for hit in (*mail.evidence, *mail.interview_words)]
        lines += [styled((f"warning: {warning}", "yellow")) for warning in mail.warnings]
        lines += [styled((mail.message_id, "dim"))] if mail.message_id else []
        lines += [styled(mail.text)] if mail.text else []
        yield _inset(*lines)


def _letters(case: Case, settings: Settings) -> Iterator[RenderableType]:
    if not case.letters:
        return
    yield Text("\nLetters", style="bold")
    table = _table()
    for letter in case.letters:
        whom = f"to {telling.person(letter.to)}" if letter.placed else "not written yet"
        about = styled("\n".join(filter(None, (whom, letter.subject))))
        table.add_row(str(letter.number), letter.kind.value, letter.fate.value, about)
    yield table
    yield from _tone(case, settings)


def _tone(case: Case, settings: Settings) -> Iterator[RenderableType]:
    """What the user's own words in a draft may do to its reader, and what would be better."""
    names = [name for letter in case.letters if letter.fate is Fate.EDITED for name in letter.breaches]
    if not names:
        return
    from agent.books import Shelf  # most cases have no such letter, and the templates take a moment to load

    yield Text("\nWhat you wrote", style="bold")
    for found in advice(names, Shelf(settings).books.letters.tone):
        yield styled((f"The letter {found.fault}.", "yellow"), f" Better: {found.instead}" if found.instead else "")
