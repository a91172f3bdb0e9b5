"""Whom to write to, why that person, and which message the letter answers.

The notice's own sender comes first, where an answer reaches somebody. Else a person the user has met or written with:
then the letter answers that person's last message, never a notice that they have not seen.
"""

from agent.correspondents.find import find
from agent.correspondents.people import checked
from agent.correspondents.values import Correspondent, FoundBy, Owner, explain

__all__ = ["Correspondent", "FoundBy", "Owner", "checked", "explain", "find"]
