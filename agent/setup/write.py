"""The configuration as YAML: a new file with comments, or a changed one in which the user's own comments stay.

Both are one thing: the answers are put into a document, which for a new file is the one below.
"""

import contextlib
import io
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString
from ruamel.yaml.util import load_yaml_guess_indent

from agent.config.load import load
from agent.setup.keeping import write_private

_FRESH = """\
# Afterword's configuration, made by `afterword init`. Change it as you like: `afterword config check` tells what is
# wrong with it, and `afterword init` keeps your comments when it changes something. Every key: docs/config.md

version: 1

me:
  name:                       # as it stands in From
  # The lines under your letters; your name alone, when empty:
  signature:

# The mailboxes to watch. Drafts and Sent are found by themselves, unless `folders:` names them.
# The password never stands here, only where it comes from.
accounts: []

clock:
  quiet_hours:                # no reminders then; your draft is there all the same
  # ask_within: 24h           # after the rejection arrived
  # remind_before: [8h, 2h]   # before that time is over
  # timezone: Europe/Lisbon   # the system's, when left out
  # country: PT               # whose public holidays are no working days

follow_up:
  enquire_after: never        # or `5 working days`: a draft that asks for news after silence
  # thanks: yes               # a thank-you when feedback came
  # close_after: 7 working days

languages: auto               # or a list such as [en, de]

# alerts: [desktop]           # also {command: [my-notifier]}; [] for none
# lookback: 3d                # the first run writes only about rejections younger than this
# rules: [my-rules.yaml]      # your own, beside this file
"""
_FLOW = 60
"""A list or mapping that fits into so many characters stands on one line."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the user decided, in the words of the configuration. ``account`` is that account's whole entry."""

    name: str
    signature: str = ""
    account: Mapping[str, Any]
    quiet_hours: str | None = None
    enquire_after: str = "never"
    languages: str | tuple[str, ...] = "auto"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What came of it. ``backup`` is the copy of what was there before; None when nothing was or nothing changed."""

    changed: bool
    backup: Path | None = None


def rendered(before: str, choices: Choices) -> str:
    """The text of the file with the answers in it; ``before`` is the text there was, or nothing."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(before) if before.strip() else None
    if isinstance(document, CommentedMap):
        _, indent, offset = load_yaml_guess_indent(before)
        if indent and offset is not None:
            yaml.indent(mapping=indent - offset if indent > offset else 2, sequence=indent, offset=offset)
    else:
        document = yaml.load(_FRESH)
    _answer(document, choices)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def write(path: Path, choices: Choices) -> Written:
    """Write the file in one step, for this user alone, and only if it is right; a copy of the one before is kept.

    A link stays a link. Raises ``OSError``, and ``Problems`` when what would be written were no configuration.
    """
    path = path.resolve()
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    after = rendered(before, choices)
    if after == before:
        return Written(changed=False)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    trial = path.with_name(f".{path.name}.new")
    try:
        write_private(trial, after)
        load(trial)
        backup = _copied(path) if path.exists() else None
        if path.exists():
            shutil.copymode(path, trial)
        trial.replace(path)
    finally:
        with contextlib.suppress(OSError):
            trial.unlink()
    return Written(changed=True, backup=backup)


def _copied(path: Path) -> Path:
    number = next(number for number in range(1, 10_000) if not _backup(path, number).exists())
    shutil.copy2(path, _backup(path, number))
    return _backup(path, number)


def _backup(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}.bak")


def _answer(document: CommentedMap, choices: Choices) -> None:
    me = _below(document, "me")
    _set(me, "name", choices.name)
    _set(me, "signature", choices.signature or None)
    _set_below(document, "clock", "quiet_hours", choices.quiet_hours)
    _set_below(document, "follow_up", "enquire_after", choices.enquire_after, default="never")
    if choices.languages != "auto" or "languages" in document:
        _set(document, "languages", choices.languages)
    accounts = document.get("accounts")
    if not accounts:
        document["accounts"] = accounts = CommentedSeq()
    entry = _same(accounts, choices.account)
    if entry is None:
        entry = CommentedMap()
        accounts.append(entry)
    for key in dict.fromkeys((*entry, *choices.account)):
        if key == "folders" and isinstance(entry.get(key), CommentedMap):
            for use, name in choices.account.get(key, {}).items():
                _set(entry[key], use, name)
        elif key in choices.account or key in _WAYS:
            _set(entry, key, choices.account.get(key))


_WAYS = tuple(
    "host port tls fingerprint ca username password token client client_id tenant path endpoint authority".split()
)
"""Keys of an account that say how to get in: those that are not answered anew hold no more."""


def _same(accounts: CommentedSeq, wanted: Mapping[str, Any]) -> CommentedMap | None:
    return next((each for each in accounts if each.get("name") == wanted["name"]), None)


def _below(document: CommentedMap, key: str) -> CommentedMap:
    if not isinstance(document.get(key), CommentedMap):
        document[key] = CommentedMap()
    found: CommentedMap = document[key]
    return found


def _set_below(document: CommentedMap, part: str, key: str, value: object, *, default: object = None) -> None:
    """What is as it would be without any word needs none."""
    if value != default or key in (document.get(part) or ()):
        _set(_below(document, part), key, value)


def _set(mapping: CommentedMap, key: str, value: object) -> None:
    """Touch only what changes. What holds no more becomes empty, since comments hang on keys: empty means left out."""
    plain = list(value) if isinstance(value, tuple) else value
    if mapping.get(key) != plain and not (plain is None and key not in mapping):
        mapping[key] = _node(plain)


def _node(value: object) -> object:
    match value:
        case dict():
            mapping = CommentedMap({key: _node(each) for key, each in value.items()})
            if len(str(value)) <= _FLOW:
                mapping.fa.set_flow_style()
            return mapping
        case list() | tuple():
            sequence = CommentedSeq(_node(each) for each in value)
            sequence.fa.set_flow_style()
            return sequence
        case str() if "\n" in value:
            return LiteralScalarString(value.strip("\n") + "\n")
        case str() if ":" in value:
            return DoubleQuotedScalarString(value)
    return value
