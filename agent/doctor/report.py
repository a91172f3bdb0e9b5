"""A text for a bug report. Nothing is struck out of it: it is put together of words of ours and numbers alone."""

import locale
import platform
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import make_url

from agent.config.settings import Settings
from agent.doctor.finding import Finding, own_file
from agent.doctor.machine import own_version, versions
from agent.places import crash_file
from connectors.account import Account

_FRAME = re.compile(r'\s*File "(?P<path>[^"\n]+)", line (?P<line>\d+), in (?P<where>\w+)')
_KIND = re.compile(r"\w{1,80}")
_MOST = 100_000
"""Characters that are read of the crash file."""


def report(findings: Iterable[Finding], settings: Settings | None, now: datetime) -> str:
    """What was found, without a single name, address, host, folder, path, subject or word of a mail."""
    names = [account.name for account in settings.accounts] if settings else []
    lines = [
        "Afterword: report for its authors. It names no person, address, server, folder or mail.",
        f"made {now:%Y-%m-%d}, Afterword {own_version()}",
        *versions(),
        f"system {platform.system()} {platform.machine()}, charset {locale.getpreferredencoding(False)}",
        f"terminal {'yes' if sys.stdout.isatty() else 'no'}",
        "",
        *(_settings(settings) if settings else ["no configuration could be read"]),
        "",
        *(_line(finding, names) for finding in findings),
        "",
        *_crash(),
    ]
    return "\n".join(lines) + "\n"


def _line(finding: Finding, names: list[str]) -> str:
    account = f" of account {names.index(finding.account) + 1}" if finding.account in names else ""
    facts = f": {', '.join(finding.facts)}" if finding.facts else ""
    return f"{finding.state.value:4} {finding.name}{account}{facts}"


def _settings(settings: Settings) -> Iterator[str]:
    clock, follow = settings.clock, settings.follow_up
    yield f"store {make_url(settings.store).get_backend_name()}"
    yield f"ask within {clock.ask_within}, reminders {len(clock.remind_before)}, quiet hours {_is(clock.quiet)}"
    yield f"holidays {_is(clock.country)}, thanks {follow.thanks}"
    yield f"close after {follow.close_after}, enquire after {follow.enquire_after}"
    yield f"alerts desktop {settings.desktop_alerts}, programs {len(settings.command_alerts)}"
    yield f"languages {len(settings.languages or ()) or 'auto'}, rule files {len(settings.rules)}"
    yield f"policy entries {len(settings.policy)}, lookback {settings.lookback}, brake {settings.brake}"
    for number, account in enumerate(settings.accounts, 1):
        yield f"account {number}: {_account(account)}"


def _account(account: Account) -> str:
    secret = account.token or account.password
    folders = account.folders
    parts = [account.connector, f"addresses {len(account.addresses)}", f"watched folders {len(folders.watch)}"]
    parts += [f"drafts named {_is(folders.drafts)}", f"sent named {_is(folders.sent)}"]
    parts += [f"secret {type(secret).__name__}" if secret else "no secret of its own"]
    if account.connector == "imap":
        parts += [f"tls {account.tls.value}", f"pin {_is(account.fingerprint)}", f"own authority {_is(account.ca)}"]
    return ", ".join([*parts, f"other endpoint {_is(account.endpoint)}", f"other authority {_is(account.authority)}"])


def _is(value: object) -> str:
    return "yes" if value else "no"


def _crash() -> Iterator[str]:
    """The frames of our own code that the crash file names, put together anew."""
    try:
        text = crash_file().read_text(errors="replace")[:_MOST]
    except OSError:
        yield "no crash is noted"
        return
    kind = text.partition("\n")[0]
    yield f"crash: {kind if _KIND.fullmatch(kind) else 'of a kind that cannot be read'}"
    for frame in _FRAME.finditer(text):
        own = own_file(frame["path"])
        yield f"  {own}:{frame['line']} in {frame['where']}" if own else "  (a library)"
