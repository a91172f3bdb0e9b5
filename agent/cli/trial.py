"""``afterword rules try``: the user's rules on the user's own mail, and every mail that they would read otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from agent.cli import clock
from agent.cli.opinion import Judge, Opinion
from agent.cli.output import counted, line, styled
from agent.config.settings import Settings
from connectors import connect
from connectors.account import Account
from connectors.message import Message
from connectors.port import Failure


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A mail that the two sets of rules read differently."""

    account: str
    message: Message
    before: Opinion
    after: Opinion


@dataclass(kw_only=True)
class Trial:
    """What came of it. ``failures``: the accounts that could not be read to the end, and why."""

    mails: int = 0
    differences: list[Difference] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def run(settings: Settings, paths: tuple[Path, ...], since: timedelta) -> Trial:
    """Judge the mail of all accounts, as far back as ``since``, with both sets of rules. Nothing is written anywhere.

    Without ``paths`` the user's own rules are compared with none, else those files with the user's own rules.
    Raises ``Problems``.
    """
    before = Judge(settings if paths else replace(settings, rules=()))
    after = Judge(replace(settings, rules=paths) if paths else settings)
    trial = Trial()
    with _progress() as progress:
        for account in settings.accounts:
            task = progress.add_task(account.name, total=None)
            try:
                for message in _messages(account, since):
                    trial.mails += 1
                    progress.advance(task)
                    trial.differences += _differences(account, message, before, after)
            except Failure as failure:
                trial.failures.append(f"{account.name}: {failure}")
            progress.update(task, total=progress.tasks[task].completed)
    return trial


def _progress() -> Progress:
    """On standard error, so that what is found can be piped; it vanishes when all is read."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f} mails"))
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)


def _messages(account: Account, since: timedelta) -> Iterator[Message]:
    with connect(account) as mailbox:
        for batch in mailbox.changes(None, not_before=clock.now() - since):
            yield from batch.messages


def _differences(account: Account, message: Message, before: Judge, after: Judge) -> Iterator[Difference]:
    pair = before.of_message(message), after.of_message(message)
    if _said(pair[0]) != _said(pair[1]):
        yield Difference(account=account.name, message=message, before=pair[0], after=pair[1])


def _said(opinion: Opinion) -> tuple[object, ...]:
    """What of an opinion changes what Afterword does."""
    verdict = opinion.verdict
    return (verdict.meaning, verdict.stage, verdict.flags, verdict.employer, verdict.position) if verdict else ()


def show(trial: Trial, out: Console) -> None:
    """Every difference with the words that decide now, and the sum."""
    for each in trial.differences:
        when = each.message.arrived.astimezone().date()
        out.print(styled(f"{when}  {each.account}  ", (line(each.message.subject), "bold")))
        out.print(styled(f"    {_told(each.before)} -> {_told(each.after)}"))
        verdict = each.after.verdict
        for hit in verdict.evidence[:2] if verdict else ():
            out.print(styled((f"    {hit.rule}: “{line(hit.words)}”", "dim")))
    differ = counted(len(trial.differences), "mail") if trial.differences else "no mail"
    out.print(styled(f"{counted(trial.mails, 'mail')} read, {differ} judged differently. Nothing was written."))


def _told(opinion: Opinion) -> str:
    verdict = opinion.verdict
    if verdict is None:
        return "error"
    flags = "".join(f", {flag.value}" for flag in sorted(verdict.flags))
    names = ", ".join(line(name) for name in (verdict.employer, verdict.position) if name)
    return f"{verdict.meaning} ({verdict.stage}{flags}{f'; {names}' if names else ''})"
