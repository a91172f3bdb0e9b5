"""A stage for stories: a mail server in memory, a store on disk, the real rules and letters, and a clock in hand."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from agent.alerts import Alert
from agent.case import Case, State
from agent.config.settings import Clock, FollowUp, Me, Settings
from agent.journal import Journal
from agent.letters import load_letters
from agent.turn import Books, Given, turn
from connectors.account import Account
from connectors.memory import DRAFTS, SENT, TRASH, MemoryServer, open_mailbox
from connectors.port import Mailbox
from rules.load import load_rulebook

START = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)
"""A Wednesday morning."""

ANA = "ana@example.org"
JANE = "Jane Doe <jane.doe@acme.example>"


@cache
def books() -> Books:
    """The packs, loaded once for all tests."""
    return Books(rules=load_rulebook("auto", ()), letters=load_letters(None))


def eml(
    text: str,
    *,
    sender: str = JANE,
    to: str = f"Ana Sousa <{ANA}>",
    subject: str = "Your application as Data Engineer",
    key: str,
    answers: str | None = None,
    date: datetime = START,
    **headers: str,
) -> bytes:
    """One mail in bytes. ``key`` is its Message-ID without the brackets."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = format_datetime(date), f"<{key}>"
    if answers:
        message["In-Reply-To"] = message["References"] = f"<{answers}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


INVITATION = """Dear Ana,

thank you for your application as Data Engineer at Acme. We would like to invite you to an interview
with me and Tom on Friday at 10:00 in our office. Does that suit you?

Kind regards
Jane Doe
Acme GmbH
"""

REJECTION = """Dear Ana,

thank you for taking the time to interview with us for the Data Engineer position at Acme.
We enjoyed our conversation. After careful consideration we have decided to move forward with another candidate
whose experience is closer to what we need right now.

We wish you all the best.

Kind regards
Jane Doe
Acme GmbH
"""

FEEDBACK = """Hi Ana,

happy to help. Your SQL was strong. What I would work on: in the system design part, talk about trade-offs earlier,
and give concrete numbers when you describe your projects.

Best
Jane
"""


@dataclass
class Stage:
    """Ana's mailbox and everything around it."""

    folder: Path
    now: datetime = START
    server: MemoryServer = field(default_factory=MemoryServer)
    follow_up: FollowUp = field(default_factory=FollowUp)
    brake: int = 10
    alerts: list[Alert] = field(default_factory=list)
    wrap: Callable[[Mailbox], Mailbox] | None = None

    def __post_init__(self) -> None:
        self.account = Account(name="home", connector="maildir", addresses=(ANA,))
        self.settings = Settings(
            me=Me(name="Ana Sousa", signature="Ana Sousa"),
            accounts=(self.account,),
            clock=Clock(timezone=UTC),
            follow_up=self.follow_up,
            brake=self.brake,
            store=f"sqlite:///{self.folder}/afterword.db",
            source=self.folder / "config.yaml",
        )
        self.journal = self.open_journal()

    def open_journal(self) -> Journal:
        return Journal(self.settings.store)

    # What happens around it

    def deliver(self, raw: bytes, *, arrived: datetime | None = None) -> None:
        self.server.add("INBOX", raw, arrived=arrived or self.now)

    def send(self, raw: bytes) -> None:
        self.server.add(SENT, raw, arrived=self.now, flags=("Seen",))

    def send_draft(self, index: int = 0, *, key: str) -> None:
        """As Thunderbird does: a new Message-ID, the draft removed."""
        draft = self.server.stored(DRAFTS)[index]
        self.server.take(DRAFTS, draft.uid)
        self.send(with_new_id(draft.raw, key))

    def discard_draft(self, index: int = 0) -> None:
        draft = self.server.stored(DRAFTS)[index]
        self.server.take(DRAFTS, draft.uid)
        self.server.add(TRASH, draft.raw, arrived=self.now)

    def edit_draft(self, old: bytes, new: bytes, *, key: str) -> None:
        """As Thunderbird does: new text, new Message-ID, new number, the old copy gone."""
        draft = self.server.stored(DRAFTS)[0]
        self.server.take(DRAFTS, draft.uid)
        assert old in draft.raw
        self.server.add(DRAFTS, with_new_id(draft.raw.replace(old, new), key), arrived=self.now, flags=("Draft",))

    def mailbox(self) -> AbstractContextManager[Mailbox]:
        return open_mailbox(self.server, self.account)

    def turn(self, *, after: timedelta = timedelta(0)) -> None:
        """Time passes, then one pass is taken."""
        self.now += after
        with self.mailbox() as mailbox:
            turn(
                Given(
                    mailbox=self.wrap(mailbox) if self.wrap else mailbox,
                    account=self.account,
                    settings=self.settings,
                    books=books(),
                    journal=self.journal,
                    now=self.now,
                    tell=self.alerts.append,
                )
            )

    # What can be seen

    def cases(self, *states: State) -> list[Case]:
        with self.journal.reading() as reader:
            return reader.cases(*states)

    @property
    def case(self) -> Case:
        """The only case."""
        (case,) = self.cases()
        return case

    def drafts(self) -> list[EmailMessage]:
        """The drafts, parsed by the standard library."""
        from email import message_from_bytes, policy

        return [message_from_bytes(one.raw, policy=policy.default) for one in self.server.stored(DRAFTS)]


def with_new_id(raw: bytes, key: str) -> bytes:
    """The same mail under another Message-ID."""
    lines = [line for line in raw.split(b"\r\n") if not line.lower().startswith(b"message-id:")]
    return b"\r\n".join([f"Message-ID: <{key}>".encode(), *lines])


def interviewed_and_turned_down(stage: Stage) -> None:
    """An invitation, and five days later the notice in its thread; the request lies in Drafts."""
    stage.deliver(eml(INVITATION, key="invitation@acme.example"))
    stage.turn()
    stage.deliver(
        eml(REJECTION, key="notice@acme.example", answers="invitation@acme.example"),
        arrived=stage.now + timedelta(days=5),
    )
    stage.turn(after=timedelta(days=5))
