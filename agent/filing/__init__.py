"""Filing: from a verdict to a case, known or new. Touches what the journal knows."""

from agent.filing.facts import to_mail
from agent.filing.file import file_mail, move_mail
from agent.filing.match import Unsure, domains, match, rivals

__all__ = ["Unsure", "domains", "file_mail", "match", "move_mail", "rivals", "to_mail"]
