"""A rejection in an Outlook mailbox, and the letter that answers it: what the tests of its drafts share."""

from dataclasses import replace
from typing import Any

from connectors.message import Address, Draft, MessageId, Parent
from connectors.port import Changed, DraftRef, Gone, Untouched
from tests.contract.mails import draft, mail
from tests.contract.outlook_world import OutlookWorld
from tests.servers.graph_store import Item

NOTICE = "We went with <somebody> else & wish you well.\n"


LETTER = "Dear Jane,\n\nthank you & your team <3.\nWhat could I do better?\n\nAna\n"


def notice_in(world: OutlookWorld, *, sender: str = "Jane Doe <jane@acme.example>", reply_to: str = "") -> Item:
    """A rejection that has just arrived, unread."""
    raw = mail(world.account.address, sender=sender, text=NOTICE)
    return world.received(f"Reply-To: {reply_to}\r\n".encode() + raw if reply_to else raw)


def answer_to(world: OutlookWorld, notice: Item) -> Draft:
    """A letter to Jane that answers it."""
    parent = MessageId(notice.properties["internetMessageId"])
    thread = notice.properties["conversationId"]
    letter = draft(world.account.address, text=LETTER)
    return replace(
        letter,
        to=Address(address="Jane@acme.example", name="Jane Doe"),
        parent=Parent(message_id=parent, references=(parent,), thread=thread),
    )


def place(world: OutlookWorld, letter: Draft) -> DraftRef:
    """Place it over a connection of its own."""
    with world.open() as mailbox:
        return mailbox.place_draft(letter)


def state_of(world: OutlookWorld, ref: DraftRef) -> Untouched | Changed | Gone:
    """What has become of it, over another connection."""
    with world.open() as mailbox:
        return mailbox.draft_now(ref)


def body_of(world: OutlookWorld) -> str:
    """The body of the only draft."""
    content: Any = world.only_draft().properties["body"]["content"]
    return str(content)


def writes_to(world: OutlookWorld) -> list[str]:
    """What was written, by method and the end of the path."""
    return [f"{each.method} {each.path.rpartition('/')[2]}" for each in world.server.written()]
