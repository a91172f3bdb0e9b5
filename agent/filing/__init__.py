"""Filing: from a verdict to a case, known or new. Touches what the journal knows."""

from agent.filing.facts import to_mail
from agent.filing.file import (
    answers_our_letter,
    asks_back,
    file_again,
    file_mail,
    move_mail,
    talks_it_over,
    wants_a_word,
)
from agent.filing.match import Unsure, domains, domains_of, match, rivals
from agent.filing.named import named

__all__ = [
    "Unsure",
    "answers_our_letter",
    "asks_back",
    "domains",
    "domains_of",
    "file_again",
    "file_mail",
    "match",
    "move_mail",
    "named",
    "rivals",
    "talks_it_over",
    "to_mail",
    "wants_a_word",
]
