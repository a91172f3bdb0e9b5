"""A Gmail mailbox: messages with labels, threads, drafts and the history of all that, as Google's pages describe them.

Threads: developers.google.com/workspace/gmail/api/guides/threads (a draft joins one by threadId, References,
In-Reply-To and Subject together). Drafts: .../guides/drafts (the draft's id stays, the message in it is replaced; sent,
the draft is gone and a new message lies in SENT). History: .../guides/sync. Search: support.google.com/mail, 7190.
Assumptions: a discarded draft lies in Trash; ids are rising hexadecimal numbers.
"""

import random
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes

from tests.servers.gmail_mime import headers

_TERM = re.compile(r'\{|\}|\w+:"[^"]*"|[^\s{}]+')
_SYSTEM = ("INBOX", "SENT", "DRAFT", "TRASH", "SPAM", "UNREAD", "STARRED", "IMPORTANT")


@dataclass
class Stored:
    """One message as Google keeps it."""

    id: str
    thread: str
    raw: bytes
    arrived: int
    labels: set[str]
    fields: dict[str, str] = field(default_factory=dict)
    indexed: bool = True

    @property
    def brief(self) -> dict[str, object]:
        """As lists and history show it."""
        return {"id": self.id, "threadId": self.thread, "labelIds": sorted(self.labels)}


class GmailStore:
    """One mailbox. Any thread may change it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.messages: dict[str, Stored] = {}
        self.drafts: dict[str, str] = {}
        self.labels: dict[str, str] = {name: name for name in _SYSTEM}
        self.records: list[dict[str, object]] = []
        self.history = 1_000_000
        self.oldest = 0
        self.indexing = True
        """False: the search does not know yet what comes from now on."""
        self._last = 0x19A0000000000000
        self._random = random.Random(7)  # noqa: S311 - gaps between numbers, no secret
        self._lock = threading.RLock()

    def insert(self, raw: bytes, labels: set[str], *, arrived: datetime | None = None, thread: str = "") -> Stored:
        """A message comes into the mailbox."""
        with self._lock:
            shown = {each["name"].lower(): each["value"] for each in reversed(headers(raw))}
            when = arrived or datetime.now(UTC)
            one = Stored(self._number(), "", raw, int(when.timestamp() * 1000), set(labels), shown, self.indexing)
            one.thread = thread or self._thread_of(one) or one.id
            self.messages[one.id] = one
            self._record("messagesAdded", {"message": one.brief})
            return one

    def mark(self, own: str, *, add: set[str] = frozenset(), remove: set[str] = frozenset()) -> None:  # type: ignore[assignment]  # an empty set that nobody changes
        """Labels of a message change."""
        with self._lock:
            one = self.messages[own]
            one.labels |= add
            one.labels -= remove
            for kind, changed in (("labelsAdded", add), ("labelsRemoved", remove)):
                if changed:
                    self._record(kind, {"message": one.brief, "labelIds": sorted(changed)})

    def vanish(self, own: str) -> None:
        """A message is gone for good."""
        with self._lock:
            one = self.messages.pop(own)
            self.drafts = {draft: each for draft, each in self.drafts.items() if each != own}
            self._record("messagesDeleted", {"message": {"id": one.id, "threadId": one.thread}})

    def create_draft(self, raw: bytes, thread: str = "") -> tuple[str, Stored]:
        """A new draft. Raises ``KeyError`` for a thread that is not there."""
        with self._lock:
            if thread and thread not in {each.thread for each in self.messages.values()}:
                raise KeyError(thread)
            one = self.insert(raw, {"DRAFT"}, thread=thread if self._fits(raw, thread) else "")
            draft = f"r-{int(one.id, 16) % 10**12}"
            self.drafts[draft] = one.id
            return draft, one

    def update_draft(self, draft: str, raw: bytes, *, rotate: bool = False) -> None:
        """Another message in the draft; ``rotate``: in another draft, as Gmail's own pages may do."""
        with self._lock:
            old = self.messages[self.drafts[draft]]
            self.vanish(old.id)
            one = self.insert(raw, {"DRAFT"}, thread=old.thread)
            self.drafts[f"r-{int(one.id, 16) % 10**12}" if rotate else draft] = one.id

    def send_draft(self, draft: str, raw: bytes) -> None:
        """The draft is gone, another message lies in SENT."""
        with self._lock:
            old = self.messages[self.drafts[draft]]
            self.vanish(old.id)
            self.insert(raw, {"SENT"}, thread=old.thread)

    def discard_draft(self, draft: str) -> None:
        """The draft is gone, its message lies in Trash."""
        self.mark(self.drafts.pop(draft), add={"TRASH"}, remove={"DRAFT"})

    def forget(self) -> None:
        """No old history id is known any more."""
        with self._lock:
            self.history += 1000
            self.oldest = self.history
            self.records.clear()

    def listed(self, query: str, labels: list[str], *, everything: bool) -> list[Stored]:
        """What a search gives, the newest first."""
        wanted = _predicate(query)
        hidden = set() if everything else {"TRASH", "SPAM"}
        with self._lock:
            found = [each for each in self.messages.values() if set(labels) <= each.labels and not each.labels & hidden]
        found = [each for each in found if not query or (each.indexed and wanted(each))]
        return sorted(found, key=lambda each: (each.arrived, each.id), reverse=True)

    def since(self, history: int, kinds: set[str]) -> list[dict[str, object]]:
        """The records after a history id that hold something of these kinds."""
        with self._lock:
            return [each for each in self.records if int(str(each["id"])) > history and kinds & each.keys()]

    def _fits(self, raw: bytes, thread: str) -> bool:
        mail = message_from_bytes(raw)
        subjects = {_bare(each.fields.get("subject", "")) for each in self.messages.values() if each.thread == thread}
        shown = {each["name"].lower(): each["value"] for each in headers(raw)}
        return bool(mail["References"] and mail["In-Reply-To"]) and _bare(shown.get("subject", "")) in subjects

    def _thread_of(self, one: Stored) -> str:
        chain = f"{one.fields.get('references', '')} {one.fields.get('in-reply-to', '')}".split()
        parents = [each for each in self.messages.values() if each.fields.get("message-id") in chain]
        alike = [
            each.thread for each in parents if _bare(each.fields.get("subject", "")) == _bare(one.fields["subject"])
        ]
        return alike[-1] if alike else ""

    def _record(self, kind: str, what: dict[str, object]) -> None:
        self.history += self._random.randint(1, 9)
        self.records.append({"id": str(self.history), "messages": [what["message"]], kind: [what]})

    def _number(self) -> str:
        self._last += self._random.randint(1, 0xFFFF)
        return f"{self._last:x}"


def _bare(subject: str) -> str:
    return re.sub(r"(?i)^((re|aw|fwd?):\s*)+", "", subject).strip().casefold()


def _predicate(query: str) -> Callable[[Stored], bool]:
    """All terms, in braces any. An operator that is not known here fails the test that sent it."""
    groups: list[list[Callable[[Stored], bool]]] = []
    inside = False
    for term in _TERM.findall(query):
        if term in "{}":
            inside = term == "{"
            groups += [[]] if inside else []
        elif inside:
            groups[-1].append(_term(term))
        else:
            groups.append([_term(term)])
    return lambda one: all(any(check(one) for check in group) for group in groups)


def _term(term: str) -> Callable[[Stored], bool]:
    name, _, value = term.partition(":")
    if name == "after":
        return lambda one: one.arrived > int(value) * 1000
    if name == "rfc822msgid":
        return lambda one: one.fields.get("message-id", "").strip("<> ") == value
    if name in ("from", "to", "cc", "subject"):
        words = _words(value)
        return lambda one: f" {words} " in f" {_words(one.fields.get(name, ''))} "
    raise ValueError(f"this search does not know {name}:")


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
