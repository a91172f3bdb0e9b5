"""Alerts that wait, kept in one file beside the store: what quiet hours hold outlives the daemon. No word of a mail."""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from agent.lock import lock_path
from agent.whole import write_whole

if TYPE_CHECKING:
    from agent.alerts import Alert

log = logging.getLogger("afterword.alerts")

MOST = 500
"""Alerts that are kept; nobody misses one more when so many are told as one."""


def held_path(store: str) -> Path:
    """Beside the store's lock."""
    return lock_path(store).with_suffix(".alerts")


def keep(path: Path, alerts: Sequence["Alert"]) -> None:
    """These wait now, and no others. A full disk is a line in the log: they still wait in memory."""
    try:
        if not alerts:
            path.unlink(missing_ok=True)
            return
        waiting = json.dumps([asdict(alert) for alert in alerts[:MOST]], default=datetime.isoformat)
        write_whole(path, waiting.encode())
    except OSError as failed:
        log.warning("alerts that wait cannot be kept: %s", type(failed).__name__)


def kept(path: Path) -> list["Alert"]:
    """What waited when the last daemon ended. A file that is damaged holds nothing."""
    from agent.alerts import Alert, AlertKind  # which imports this module

    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [
            Alert(
                kind=AlertKind(each["kind"]),
                case=each["case"],
                title=str(each["title"]),
                sentence=str(each["sentence"]),
                ends=datetime.fromisoformat(each["ends"]) if each["ends"] else None,
            )
            for each in found[:MOST]
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as failed:
        log.warning("alerts that waited cannot be read: %s", type(failed).__name__)
        return []
