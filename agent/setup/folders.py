"""What to watch, and where drafts and sent mail lie."""

import re
from typing import Any

from agent.setup.asking import Given, answered
from agent.setup.values import Talk
from connectors.account import Folders
from connectors.survey import Survey

_JOB = re.compile(
    r"job|appl(y|i)|interview|recruit|career|hiring|bewerb|karriere|stelle|candidat|emploi|carri[eè]re|trabajo|empleo"
    r"|lavoro|impiego|vaga|emprego|sollicit|vacature|praca|rekrut|aplikac|ans[oö]k|arbete|jobb|rekryt|求人|応募|就職|転職",
    re.IGNORECASE,
)
_MOST = 5
"""Folders that are asked about; somebody who has one for each employer names them in the configuration."""


def folders(talk: Talk, given: Given, found: Survey | None, before: Folders) -> dict[str, Any]:
    """The ``folders:`` of the account: only what differs from ``before``, and is not found by itself later."""
    chosen: dict[str, Any] = {}
    if found is not None:
        talk.say(f"Drafts: {found.drafts or 'none yet'}. Sent mail: {found.sent or 'not found'}.")
        chosen |= _drafts(talk, given, found, before) | _sent(talk, given, found, before)
    watch = given.watch or _watched(talk, found, before.watch)
    if watch != before.watch:
        chosen["watch"] = list(watch)
    return chosen


def _drafts(talk: Talk, given: Given, found: Survey, before: Folders) -> dict[str, str]:
    if (found.drafts or before.drafts) and given.drafts is None:
        return {}
    if found.drafts is None:
        talk.say(
            "This mailbox has no folder for drafts, as far as the names tell. Press Enter and Afterword makes one "
            "called Drafts with its first letter. If you keep your drafts under another name, say which."
        )
    name = answered(
        talk, "Folder for drafts", lambda name: _there(name, found, "Drafts"), given=given.drafts, default="Drafts",
        option="--drafts",
    )  # fmt: skip
    return {} if name == "Drafts" and found.drafts is None else {"drafts": name}


def _sent(talk: Talk, given: Given, found: Survey, before: Folders) -> dict[str, str]:
    if (found.sent or before.sent) and given.sent is None:
        return {}
    if found.sent is None:
        talk.say(
            "Without your sent mail Afterword cannot see that you have sent a letter. Press Enter if there is none."
        )
    name = answered(
        talk, "Folder of your sent mail", lambda name: _there(name, found, ""), given=given.sent, default="",
        option="--sent",
    )  # fmt: skip
    return {"sent": name} if name else {}


def _there(name: str, found: Survey, new: str) -> str:
    """A folder that is there, whatever its letter case, or the one that may be new."""
    if name == new:
        return name
    known = {each.casefold(): each for each in found.folders}
    if name.casefold() in known:
        return known[name.casefold()]
    raise ValueError(f"There is no folder {name} in this mailbox; it has {', '.join(sorted(found.folders)[:12])}.")


def _watched(talk: Talk, found: Survey | None, before: tuple[str, ...]) -> tuple[str, ...]:
    """What was watched before, and of Junk and the job folders those that the user wants."""
    if found is None:
        return before
    special = (found.drafts, found.sent, found.junk)
    jobs = [each for each in found.folders if each not in special and _JOB.search(each)][:_MOST]
    offered = [*([found.junk] if found.junk else []), *jobs]
    is_new = before == ("INBOX",)
    watch = [each for each in before if each not in offered]
    for each in offered:
        reason = " (some rejections land there)" if each == found.junk else ""
        if talk.agree(f"Watch {each} too{reason}?", default=is_new or each in before):
            watch.append(each)
    return tuple(watch)
