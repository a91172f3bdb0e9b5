"""How a placed draft is known again: shared by the connectors that look for it in folders.

A mail client that saves a draft gives it a new Message-ID, and the server a new UID; In-Reply-To and References stay.
So a draft is known by its id, and after that by what it answers, or, answering nothing, by its recipient or subject.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from selectolax.lexbor import LexborHTMLParser

from connectors.message.serialise import is_minted
from connectors.message.values import Draft, Message, MessageId
from connectors.port import Changed, DraftRef, Gone, Unreadable, Untouched

_HTML_LIMIT = 100_000
"""Deep nesting takes quadratic time; a letter has a few thousand characters."""
_LINE_END = re.compile(r"(?i)<br\b[^>]{0,200}>|(?=</(?:p|div|li|tr|h[1-6])>)")
_CLOCK_SKEW = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """What is remembered of a draft, in its ``DraftRef``. No word of the letter: a hash tells whether it changed."""

    message_id: MessageId
    parent: MessageId | None
    to: str
    subject: str
    composed: str
    text_hash: str

    @classmethod
    def of(cls, draft: Draft) -> "Placed":
        """What to remember of a draft that is placed now."""
        return cls(
            message_id=draft.message_id,
            parent=draft.parent.message_id if draft.parent else None,
            to=_digest(draft.to.address.casefold()) if draft.to else "",
            subject=_digest(draft.subject),
            composed=draft.date.isoformat(),
            text_hash=_digest(draft.text),
        )

    @classmethod
    def read(cls, ref: DraftRef) -> "Placed":
        """The inverse of ``ref``. Connectors add what they know beside; what another one added is passed over, so that
        an account may change its connector while drafts lie open. Raises ``Unreadable`` for a text that is none.
        """
        try:
            kept = json.loads(ref)
            return cls(**{each.name: kept[each.name] for each in fields(cls)})
        except (ValueError, TypeError, LookupError, RecursionError) as odd:
            raise Unreadable("what is remembered of this draft is damaged") from odd

    @property
    def ref(self) -> DraftRef:
        return DraftRef(json.dumps(asdict(self), separators=(",", ":")))

    @property
    def since(self) -> datetime:
        """No copy of this draft is older than this."""
        return datetime.fromisoformat(self.composed) - _CLOCK_SKEW

    def is_copy(self, message: Message) -> bool:
        """Whether the message is this draft, saved, sent or thrown away since it was composed, by any client.

        What the user wrote to the same end before that is another message, and so is another letter of ours.
        """
        own = message.message_id
        if own == self.message_id:
            return True
        if (own and is_minted(own)) or (message.date or message.arrived) < self.since:
            return False
        if self.parent:
            return self.parent in message.ancestors
        if message.ancestors:
            return False
        to = {_digest(each.address.casefold()) for each in message.to}
        return self.to in to or _digest(message.subject) == self.subject

    def state(self, drafts: Iterable[Message]) -> Untouched | Changed | Gone:
        """What lies in Drafts, of all messages there: this draft itself before any copy, the newest copy first."""
        copies = [each for each in drafts if self.is_copy(each)]
        if not copies:
            return Gone()
        best = max(copies, key=lambda each: (each.message_id == self.message_id, each.date or each.arrived))
        text = _words(best)
        return Untouched() if _digest(text) == self.text_hash else Changed(text)


def _words(message: Message) -> str:
    """The text of a draft; of one that a client saved as HTML alone, its words."""
    if message.text is not None or message.html is None:
        return message.text or ""
    body = LexborHTMLParser(_LINE_END.sub("\n", message.html[:_HTML_LIMIT])).body
    return body.text() if body else ""


def _digest(text: str) -> str:
    """White space does not count: clients wrap lines and pad them when they save (RFC 3676)."""
    return hashlib.sha256("".join(text.split()).encode("utf-8", "replace")).hexdigest()[:32]
