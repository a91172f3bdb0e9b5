"""The whole conversation, from nothing to a configuration. Nothing is written before the user has said yes to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.config import values as v
from agent.config.load import load
from agent.config.settings import Settings
from agent.setup import folders, signing_in
from agent.setup.asking import Given, again, answered, as_
from agent.setup.entrance import sought
from agent.setup.keeping import NotKept
from agent.setup.lookups import Lookups
from agent.setup.preview import last_mails
from agent.setup.signing_in import Inside
from agent.setup.values import Stopped, Talk, Way
from agent.setup.write import Choices, Written, write
from connectors import connect, survey
from connectors.account import Account
from connectors.port import Failure

_SIGNATURE = 10
"""Lines; a longer signature belongs into the file itself."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was written, and whether the account still has to sign in."""

    path: Path
    written: Written
    account: str
    signs_in: bool = False


def interview(talk: Talk, given: Given, path: Path, lookups: Lookups, now: datetime) -> Outcome:
    """Ask, try, show, and write. Raises ``Stopped``, ``NotAnswered``, ``Problems`` for a broken file, ``OSError``."""
    before = load(path) if path.exists() and path.read_text(encoding="utf-8-sig").strip() else None
    if before is not None:
        named = ", ".join(f"{account.name} ({account.address})" for account in before.accounts)
        talk.say(f"{path} is there already, with: {named}. What you answer now is put into it; a copy is kept.")
    talk.heading("You")
    name = answered(
        talk, "Your name, as employers know it", as_(v.Line), given=given.name,
        default=before.me.name if before else None, option="--name",
    )  # fmt: skip
    address = answered(talk, "Your email address", as_(v.Email), given=given.address, option="--address")
    signature = _signature(talk, given, before)
    talk.heading("Your mailbox")
    inside = _inside(talk, given, _account(talk, given, before, address), path, lookups)
    where = folders.folders(talk, given, inside.survey, inside.account.folders)
    entry = {**inside.entry, **({"folders": where} if where else {})}
    _preview(talk, given, inside, before, now)
    talk.heading("Three questions")
    choices = _questions(talk, given, before, Choices(name=name, signature=signature, account=entry))
    return _finish(talk, choices, inside, path)


def _signature(talk: Talk, given: Given, before: Settings | None) -> str:
    if given.signature is not None:
        return given.signature.replace("\\n", "\n").strip("\n")
    kept = before.me.signature if before else ""
    if talk.alone or (kept and talk.agree("Keep the signature that you have?", default=True)):
        return kept
    lines: list[str] = []
    while len(lines) < _SIGNATURE:
        question = "First line under your letters (Enter: your name alone)" if not lines else "Next line (Enter: done)"
        line = talk.ask(question, default="", option="--signature").rstrip()
        if not line:
            break
        lines.append(line)
    return "\n".join(lines)


def _account(talk: Talk, given: Given, before: Settings | None, address: str) -> Account:
    """The account of that address, or a new one under a name that is free."""
    known = [account for account in before.accounts if account.owns(address)] if before else []
    if known and given.account in (None, known[0].name):
        talk.say(f"The account {known[0].name} has this address: it is set up anew.")
        return Account(name=known[0].name, connector="", addresses=known[0].addresses, folders=known[0].folders)
    taken = {account.name for account in before.accounts} if before else set()
    free = next(word for word in ("home", "work", *(f"mail{n}" for n in range(2, 1000))) if word not in taken)

    def check(answer: str) -> str:
        name: str = as_(v.Name)(answer)
        if name in taken:
            raise ValueError(f"There is an account {name} already, with another address.")
        return name

    name = answered(
        talk, "A short word of your own for this mailbox", check, given=given.account, default=free, option="--account"
    )
    return Account(name=name, connector="", addresses=(address,))


def _inside(talk: Talk, given: Given, account: Account, path: Path, lookups: Lookups) -> Inside:
    if given.maildir is not None:
        return _maildir(given, account, path)
    found = sought(talk, given, account.address, lookups)
    way = signing_in.way_in(talk, given, found.provider)
    if way is Way.PASSWORD:
        return signing_in.with_password(talk, given, found, account)
    return signing_in.with_api(talk, given, way, found.provider, account)


def _maildir(given: Given, account: Account, path: Path) -> Inside:
    """Mail in files: nothing to sign in to, but it has to be there."""
    place: Path = as_(v.Location, path.parent)(str(given.maildir))
    account = replace(account, connector="maildir", path=place)
    entry = {"name": account.name, "connector": "maildir", "address": account.address, "path": str(place)}
    if given.offline:
        return Inside(account=account, entry=entry)
    try:
        with connect(account):
            return Inside(account=account, entry=entry, survey=survey(account))
    except Failure as no:
        raise Stopped(f"--maildir {place}: {no}.") from no


def _preview(talk: Talk, given: Given, inside: Inside, before: Settings | None, now: datetime) -> None:
    if given.offline:
        return
    from rules.load import load_rulebook  # the rules take a moment to load

    talk.heading("What Afterword would have made of your last mails")
    talk.say("They are only read: nothing is written, and nothing is marked as read.")
    try:
        found = last_mails(inside.account, load_rulebook("auto", before.rules if before else ()), now)
    except Failure as no:
        talk.say(f"They cannot be shown: {no}.")
        return
    if not found:
        talk.say("There is none in the inbox of the last two months.")
    for each in found:
        talk.say(f"  {each.arrived.astimezone():%d %b}  {each.subject or '(no subject)'}")
        talk.say(f"          {each.says}")


def _questions(talk: Talk, given: Given, before: Settings | None, choices: Choices) -> Choices:
    languages = answered(
        talk, "Languages of your mail: auto, or a list such as en, de", _languages, given=given.languages,
        default=", ".join(before.languages) if before and before.languages else "auto", option="--languages",
    )  # fmt: skip
    quiet = answered(
        talk, "Quiet hours without reminders, or none", _quiet_hours, given=given.quiet_hours,
        default=_hours(before) if before else "22:00-08:00", option="--quiet-hours",
    )  # fmt: skip
    talk.say("After an interview, when the employer falls silent, Afterword can draft a friendly question for news.")
    enquire = answered(
        talk, "After how long: such as 7 working days, or never", _working_days, given=given.enquire_after,
        default=_days(before), option="--enquire-after",
    )  # fmt: skip
    return replace(choices, languages=languages, quiet_hours=quiet, enquire_after=enquire)


def _languages(answer: str) -> str | tuple[str, ...]:
    codes = answer.replace(",", " ").split()
    if codes in ([], ["auto"]):
        return "auto"
    found: tuple[str, ...] = as_(v.Languages)(codes)  # type: ignore[arg-type] # a list is what the file would hold
    return found


def _quiet_hours(answer: str) -> str | None:
    if answer.casefold() in ("none", "no", "never"):
        return None
    as_(v.QuietHours)(answer)
    return answer


def _working_days(answer: str) -> str:
    answer = f"{answer} working days" if answer.isdecimal() and answer != "1" else answer
    as_(v.WorkingDays)(answer)
    return answer


def _hours(before: Settings) -> str:
    quiet = before.clock.quiet
    return f"{quiet.start:%H:%M}-{quiet.end:%H:%M}" if quiet else "none"


def _days(before: Settings | None) -> str:
    days = before.follow_up.enquire_after if before else None
    return "never" if days is None else f"{days} working day{'' if days == 1 else 's'}"


def _finish(talk: Talk, choices: Choices, inside: Inside, path: Path) -> Outcome:
    """The last word is the user's; then the password is kept and the file written, at once."""
    talk.heading("Write it down")
    talk.say(f"The configuration goes to {path}. You may change it there at any time.")
    if not talk.agree("Write it?", default=True):
        raise Stopped("As you wish.")
    entry: Mapping[str, Any] | None = None
    while entry is None:
        try:
            entry = signing_in.keep(talk, inside, path)
        except NotKept as no:
            again(talk, f"That did not work: {no}. Choose another place.")
    whole = {**choices.account, **entry}
    ordered = {key: whole[key] for key in sorted(whole, key=_place)}
    written = write(path, replace(choices, account=ordered))
    return Outcome(path=path, written=written, account=inside.account.name)


def _place(key: str) -> bool:
    return key == "folders"
