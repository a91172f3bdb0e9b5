"""What one pass is handed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from agent.alerts import Alert
from agent.case import Case, CaseId
from agent.config.settings import Settings
from agent.journal import Journal
from agent.letters import LetterBook
from connectors.account import Account
from connectors.port import Mailbox
from rules.load import Rulebook


@dataclass(frozen=True, kw_only=True)
class Books:
    """What judging and writing need, loaded once: the rules and the letters."""

    rules: Rulebook
    letters: LetterBook


@dataclass(frozen=True, kw_only=True)
class Given:
    """One account's mailbox, everything decided about it, and the time. ``tell`` delivers an alert; it never raises."""

    mailbox: Mailbox
    account: Account
    settings: Settings
    books: Books
    journal: Journal
    now: datetime
    tell: Callable[[Alert], None]
    promised: list[CaseId] = field(default_factory=list)
    """The cases that were promised a request in this pass: what the brake counts."""

    def is_mine(self, case: Case) -> bool:
        """Whether this account writes the case's letters; a case of an account that is gone has no writer."""
        return case.account == self.account.name
