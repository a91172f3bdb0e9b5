"""What only a real account can prove, step by step, with the account's owner as the other hands.

It reads a few messages and changes nothing; then, if the owner says so, it places one draft addressed to themselves,
looks at it while they edit and delete it, and says what it saw. It can send and delete as little as Afterword can.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from connectors import connect
from connectors.account import Account
from connectors.message import Address, Draft, Message, Parent
from connectors.message.serialise import mint_message_id
from connectors.port import Changed, DraftRef, Gone, Mailbox, Query, Untouched

LOOK_BACK = timedelta(days=7)
SHOWN = 5
TEXT = "This is a test of Afterword, addressed to yourself. Please change a word of it, then delete it.\n"


@dataclass
class Walk:
    """One walk. ``say`` prints a line, ``ask`` prints one and gives what the owner types."""

    account: Account
    say: Callable[[str], None]
    ask: Callable[[str], str]
    failed: int = 0

    def go(self) -> bool:
        """Whether all was as it should be. The failures of ``connectors.port`` come out as they are."""
        self.say(f"Account {self.account.name}, connector {self.account.connector}. Nothing is sent or deleted.")
        with connect(self.account) as mailbox:
            self._check("signed in, and it is the mailbox of the configuration", good=True)
            newest = self._read(mailbox)
            self._search(mailbox, newest)
            if self.ask("Place one draft, addressed to yourself, in your Drafts? [y/N] ").strip().lower() == "y":
                self._draft(mailbox, newest)
        self.say("All was as it should be." if not self.failed else f"{self.failed} of the steps above failed.")
        return not self.failed

    def _check(self, what: str, *, good: bool) -> None:
        self.failed += not good
        self.say(f"  {'ok    ' if good else 'FAILED'}  {what}")

    def _read(self, mailbox: Mailbox) -> Message | None:
        """The first batches of the last days, and what a second look gives."""
        batches = list(islice(mailbox.changes(None, not_before=datetime.now(UTC) - LOOK_BACK), 2))
        messages = [message for batch in batches for message in batch.messages]
        aside = [each for batch in batches for each in batch.set_aside]
        self.say(f"  {len(messages)} messages of the last {LOOK_BACK.days} days were read, {len(aside)} set aside:")
        for each in messages[-SHOWN:]:
            size = len(each.text or "") + len(each.html or "")
            self.say(f"    {each.arrived:%d %b %H:%M}  {'sent' if each.outgoing else 'received'}  {size} characters")
        self._check("messages have text", good=not messages or any(each.text or each.html for each in messages))
        again = [
            message.key
            for batch in mailbox.changes(batches[-1].cursor, not_before=datetime.now(UTC))
            for message in batch.messages
        ]
        repeated = {message.key for message in messages} & set(again)
        self._check("a second look repeats none of them", good=not repeated)
        received = [each for each in messages if not each.outgoing and each.message_id]
        return received[-1] if received else None

    def _search(self, mailbox: Mailbox, newest: Message | None) -> None:
        if newest is None or newest.message_id is None:
            return
        since = datetime.now(UTC) - 2 * LOOK_BACK
        found = list(mailbox.search(Query(since=since, references=frozenset({newest.message_id}), limit=20)))
        self._check("the newest is found by its thread", good=newest.key in {each.key for each in found})

    def _draft(self, mailbox: Mailbox, newest: Message | None) -> None:
        letter = self._letter(newest)
        ref = mailbox.place_draft(letter)
        self._check("placed", good=mailbox.draft_now(ref) == Untouched())
        self._check("placed again, it is still one", good=mailbox.draft_now(mailbox.place_draft(letter)) == Untouched())
        self.ask("Look into Drafts in your mail program: one draft, in the thread of your newest mail. [Enter] ")
        self.ask("Change a word in it, save it, wait ten seconds. Do not send it. [Enter] ")
        self._check("your words are seen", good=isinstance(mailbox.draft_now(ref), Changed))
        mailbox.place_draft(letter)
        self.ask("There is still that one draft, with your words? Now delete it. [Enter] ")
        self._check("it is seen to be gone", good=mailbox.draft_now(ref) == Gone())
        self._gone_for_good(mailbox, letter, ref)

    def _gone_for_good(self, mailbox: Mailbox, letter: Draft, ref: DraftRef) -> None:
        mailbox.place_draft(letter)
        stays = mailbox.draft_now(ref) == Gone()
        self._check("deleted, it is not placed again (it was found in Trash)", good=stays)
        if not stays:
            self.say("    Please delete it once more, and tell the project: this provider keeps no deleted drafts.")

    def _letter(self, newest: Message | None) -> Draft:
        me = self.account.address
        parent = None
        if newest is not None and newest.message_id is not None:
            parent = Parent(
                message_id=newest.message_id,
                references=(*newest.ancestors, newest.message_id),
                thread=newest.thread,
            )
        return Draft(
            message_id=mint_message_id(me.rpartition("@")[2]),
            sender=Address(address=me),
            to=Address(address=me),
            subject=f"Re: {newest.subject}" if newest else "A test of Afterword",
            text=TEXT,
            date=datetime.now(UTC).replace(microsecond=0),
            parent=parent,
        )
