"""A mailbox behind Microsoft Graph: folders, messages, what changed in which order, and the user's hands on it."""

import hashlib
import itertools
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.servers.graph_mail import IN_REPLY_TO, REFERENCES, Json, as_mime, properties_of, stamp

WELL_KNOWN = {
    "inbox": "Inbox",
    "drafts": "Drafts",
    "sentitems": "Sent Items",
    "deleteditems": "Deleted Items",
    "archive": "Archive",
    "junkemail": "Junk Email",
}
"""graph/api/resources/mailfolder: well-known names, and how an English mailbox shows them."""

_numbers = itertools.count(1)


@dataclass
class Item:
    """One message. ``raw``: as it came in, when it came as MIME."""

    id: str
    folder: str
    properties: Json
    extended: dict[str, str]
    received: datetime
    created: datetime
    modified: datetime
    raw: bytes | None = None
    is_read: bool = False
    is_draft: bool = False

    @property
    def mime(self) -> bytes:
        """The message as ``$value`` gives it. What came in as MIME is given as it came: Exchange builds it anew."""
        return self.raw if self.raw is not None else as_mime(self.properties, self.extended, self.created)

    def json(self) -> Json:
        """The message resource (graph/api/resources/message)."""
        return {
            **self.properties,
            "id": self.id,
            "parentFolderId": self.folder,
            "receivedDateTime": stamp(self.received),
            "createdDateTime": stamp(self.created),
            "lastModifiedDateTime": stamp(self.modified),
            "sentDateTime": self.properties.get("sentDateTime") or stamp(self.received),
            "isRead": self.is_read,
            "isDraft": self.is_draft,
        }


@dataclass
class Store:
    """Everything in one mailbox. Any thread may change it, under ``lock``."""

    owner: str
    lock: threading.RLock = field(default_factory=threading.RLock)
    items: dict[str, Item] = field(default_factory=dict)
    folders: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Folder id -> (name shown, id of the folder it lies in)."""
    log: list[tuple[str, str, str]] = field(default_factory=list)
    """(folder, ``created`` | ``updated`` | ``removed``, item id) in order: what delta queries tell of."""
    generation: int = 1
    _conversations: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folders = {name: (shown, "") for name, shown in WELL_KNOWN.items()}

    def add_folder(self, shown: str, within: str = "") -> str:
        """A folder of the user's own."""
        own = f"AQMkFolder{next(_numbers)}="
        self.folders[own] = (shown, within)
        return own

    def folder(self, name: str) -> str | None:
        """The id of a folder, from its well-known name in any letter case, or its id."""
        return next((own for own in self.folders if own in (name, name.lower())), None)

    def stored(self, folder: str) -> list[Item]:
        """The messages of a folder, in the order in which they came."""
        with self.lock:
            return [item for item in self.items.values() if item.folder == folder]

    def put_mime(self, raw: bytes, folder: str, *, received: datetime | None = None, **flags: bool) -> Item:
        """A mail comes in as MIME: by delivery, or by another mail client."""
        properties, extended = properties_of(raw)
        return self._put(folder, properties, extended, received=received, raw=raw, **flags)

    def put_draft(self, properties: Json, extended: dict[str, str]) -> Item:
        """A draft made through the API: in Drafts, read (graph/api/user-post-messages).

        A Message-ID of the client's is kept, as graph/api/message-update has it for drafts; else one is minted.
        """
        minted = f"<{secrets.token_hex(12)}@{secrets.token_hex(6)}.prod.outlook.example>"
        defaults: Json = {"internetMessageId": minted, "subject": "", "ccRecipients": [], "replyTo": []}
        return self._put("drafts", {**defaults, **properties}, extended, is_read=True, is_draft=True)

    def change(self, item: Item, **changes: Any) -> None:
        """Something about a message changes; it stays where it is."""
        with self.lock:
            for name, value in changes.items():
                setattr(item, name, value)
            item.modified = datetime.now(UTC)
            self.log.append((item.folder, "updated", item.id))

    def move(self, item: Item, folder: str) -> None:
        """A message goes to another folder; its immutable id stays (graph/outlook-immutable-id)."""
        with self.lock:
            self.log.append((item.folder, "removed", item.id))
            item.folder, item.modified = folder, datetime.now(UTC)
            self.log.append((folder, "created", item.id))

    def remove(self, item: Item) -> None:
        """A message is gone for good."""
        with self.lock:
            del self.items[item.id]
            self.log.append((item.folder, "removed", item.id))

    def send_as_new_outlook(self, item: Item) -> None:
        """Outlook on the web and the new Outlook: the message keeps id and Message-ID (OfficeDev/office-js#6066)."""
        item.is_draft = False
        item.properties["sentDateTime"] = stamp(datetime.now(UTC))
        self.move(item, "sentitems")

    def send_as_classic_outlook(self, item: Item) -> Item:
        """Classic Outlook: a copy under another id and another Message-ID, here without our property too.

        microsoftgraph/microsoft-graph-docs#6250, OfficeDev/office-js#5566. Whether the property survives is not
        documented; this is the worse case.
        """
        self.remove(item)
        kept = {name: value for name, value in item.extended.items() if name in (IN_REPLY_TO, REFERENCES)}
        minted = f"<{secrets.token_hex(12)}@classic.outlook.example>"
        sent = {**item.properties, "internetMessageId": minted, "sentDateTime": stamp(datetime.now(UTC))}
        return self._put("sentitems", sent, kept, is_read=True)

    def _put(
        self,
        folder: str,
        properties: Json,
        extended: dict[str, str],
        *,
        received: datetime | None = None,
        raw: bytes | None = None,
        is_read: bool = False,
        is_draft: bool = False,
    ) -> Item:
        now = datetime.now(UTC)
        chain = [*extended.get(REFERENCES, "").split(), *extended.get(IN_REPLY_TO, "").split()]
        with self.lock:
            conversation = properties.get("conversationId") or self._conversation(properties, chain)
            item = Item(
                id=f"AAkALg{next(_numbers):06d}-{secrets.token_urlsafe(18)}=",
                folder=folder,
                properties={**properties, "conversationId": conversation},
                extended=dict(extended),
                received=received or now,
                created=now,
                modified=now,
                raw=raw,
                is_read=is_read,
                is_draft=is_draft,
            )
            self._conversations[properties["internetMessageId"]] = conversation
            self.items[item.id] = item
            self.log.append((folder, "created", item.id))
        return item

    def _conversation(self, properties: Json, chain: Iterable[str]) -> str:
        """Mails that refer to each other share a conversation; Exchange looks at Thread-Index too."""
        known = next((self._conversations[each] for each in chain if each in self._conversations), None)
        root = next(iter(chain), properties["internetMessageId"] or secrets.token_hex(8))
        return known or "AAQk" + hashlib.sha256(root.encode()).hexdigest()[:40]
