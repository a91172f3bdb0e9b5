"""What to watch, and where drafts and sent mail lie."""

import re
from typing import Any

from agent.setup.asking import Given, answered
from agent.setup.values import Talk
from connectors.survey import Survey

_JOB = re.compile(
    r"job|appl(y|i)|interview|recruit|career|hiring|bewerb|karriere|stelle|candidat|emploi|carri[eè]re|trabajo|empleo"
    r"|lavoro|impiego|vaga|emprego|sollicit|vacature|praca|rekrut|aplikac|ans[oö]k|arbete|jobb|rekryt|求人|応募|就職|転職",
    re.IGNORECASE,
)
_MOST = 5
"""Folders that are asked about; somebody who has one for each employer names them in the configuration."""


def folders(talk: Talk, given: Given, found: Survey | None) -> dict[str, Any]:
    """The ``folders:`` of the account: only what is not found by itself later."""
    chosen: dict[str, Any] = {}
    if found is not None:
        talk.say(f"Drafts: {found.drafts or 'none yet'}. Sent mail: {found.sent or 'not found'}.")
        chosen |= _drafts(talk, given, found) | _sent(talk, given, found)
    watch = given.watch or _watched(talk, found)
    if watch != ("INBOX",):
        chosen["watch"] = list(watch)
    return chosen


def _drafts(talk: Talk, given: Given, found: Survey) -> dict[str, str]:
    if found.drafts is not None and given.drafts is None:
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


def _sent(talk: Talk, given: Given, found: Survey) -> dict[str, str]:
    if found.sent is not None and given.sent is None:
        return {}
    if found.sent is None:
        talk.say(
            "Without your sent mail Afterword cannot see that you have sent a letter. Press Enter if there is none."
        )
    name = answered(
        talk,
        "Folder of your sent mail",
        lambda name: _there(name, found, ""),
        given=given.sent,
        default="",
        option="--sent",
    )
    return {"sent": name} if name else {}


def _there(name: str, found: Survey, new: str) -> str:
    """A folder that is there, whatever its letter case, or the one that may be new."""
    if name == new:
        return name
    known = {each.casefold(): each for each in found.folders}
    if name.casefold() in known:
        return known[name.casefold()]
    raise ValueError(f"There is no folder {name} in this mailbox; it has {', '.join(sorted(found.folders)[:12])}.")


def _watched(talk: Talk, found: Survey | None) -> tuple[str, ...]:
    watch = ["INBOX"]
    if found is None:
        return tuple(watch)
    special = (found.drafts, found.sent, found.junk)
    jobs = [each for each in found.folders if each not in special and _JOB.search(each)][:_MOST]
    if found.junk and talk.agree(f"Watch {found.junk} too? Some rejections land there", default=True):
        watch.append(found.junk)
    watch += [each for each in jobs if talk.agree(f"Watch {each} too?", default=True)]
    return tuple(watch)
