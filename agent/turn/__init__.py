"""One pass over one account: read, settle, ring, write. Safe to break off anywhere, safe to repeat.

What happened is written down before anything is done about it; no network call happens inside a transaction.
"""

from agent.turn.briefing import brief
from agent.turn.deciding import decide
from agent.turn.given import Books, Given
from agent.turn.reading import read
from agent.turn.ringing import ring
from agent.turn.settling import settle
from agent.turn.writing import write

__all__ = ["Books", "Given", "turn"]


def turn(given: Given) -> None:
    """Run one pass. Raises the failures of ``connectors.port`` and ``StoreTrouble``; what was done stays done."""
    read(given)  # mail -> events, together with the cursor
    decide(given)  # notices -> promises, once the account has caught up
    settle(given)  # drafts -> events: what did the user do with them?
    ring(given)  # clocks -> events: reminders, waits that ended
    write(given)  # promises -> drafts
    ring(given)  # a draft that was placed just now is told at once
    brief(given)  # an interview is near: the lessons that matter
    with given.journal.writing() as writer:
        writer.note_account(given.account.name, last_turn=given.now, trouble=None, trouble_since=None)
