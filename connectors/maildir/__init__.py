"""A tree of Maildirs on disk as a mailbox: for mbsync, offlineimap, Dovecot and others who keep mail in files.

Reading opens files and nothing else: no file is moved from ``new`` to ``cur``, no flag is set. The only file ever made
is a draft.
"""

import contextlib
import heapq
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter, itemgetter
from pathlib import Path

from connectors.account import Account, Folders
from connectors.maildir.cursor import Seen, name_hash, read_cursor, write_cursor
from connectors.maildir.files import (
    is_young,
    make_maildir,
    modified_at,
    read_head,
    read_message,
    when_changed,
    write_message,
)
from connectors.maildir.tree import DRAFTS, INBOX, SENT, TRASH, Entry, Folder, Tree, survey_of
from connectors.message import Draft, Message
from connectors.message.match import Matcher
from connectors.message.placed import Placed
from connectors.message.serialise import as_bytes
from connectors.port import (
    Changed,
    Changes,
    Cursor,
    CursorExpired,
    DraftRef,
    Gone,
    Mailbox,
    Query,
    Refused,
    SetAside,
    Unavailable,
    Unreadable,
    Untouched,
    Wake,
)
from connectors.survey import Survey

BATCH = 50
_LOOK_EVERY = 1.0
"""Seconds between two looks while waiting. inotify would not see what comes over a network mount."""
_CLOCK_STEP = 2.0
"""Seconds within which two changes of a directory may bear the same time (FAT has the coarsest clock)."""
_SYNCED = timedelta(days=1)
"""A synchroniser may stamp a copy with the time of a server whose clock is wrong."""


class MaildirMailbox(Mailbox):
    """One account in files."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._tree = Tree((account.path or Path("~/Mail")).expanduser())
        with self._spoken():
            self._looked = self._look()

    def changes(self, since: Cursor | None, /, *, not_before: datetime) -> Iterator[Changes]:
        with self._spoken():
            self._looked = self._look()
            seen = read_cursor(since)
            waiting = [(folder, self._waiting(folder, seen, not_before)) for folder in self._read_folders()]
        for folder, new in waiting:
            for start in range(0, len(new), BATCH):
                batch = new[start : start + BATCH]
                seen[folder.name].add(name_hash(entry.base) for entry in batch)
                with self._spoken():
                    read = self._batch(folder, batch, write_cursor(seen))
                yield read
        yield Changes(messages=(), cursor=write_cursor(seen))

    def search(self, query: Query, /) -> Iterator[Message]:
        matches = Matcher(query)
        with self._spoken():
            folders = _each_once([*self._tree.archives(), *self._read_folders()])
            hits = (
                (head.arrived, entry.base, folder, entry)
                for folder in folders
                for entry, head in self._heads(folder, since=query.since)
                if matches(head) and not entry.is_draft
            )
            newest = heapq.nlargest(query.limit, hits, key=itemgetter(0, 1))
        for _, _, folder, entry in newest:
            with self._spoken():
                message = self._read(folder, entry)
            if isinstance(message, Message):
                yield message

    def place_draft(self, draft: Draft, /) -> DraftRef:
        placed = Placed.of(draft)
        with self._spoken():
            self._inbox()
            if self._lies_somewhere(placed):
                return placed.ref
        try:
            write_message(self._drafts() or self._new_drafts(), as_bytes(draft), flags="DS")
        except OSError as refused:
            raise Refused(
                f"the draft cannot be written ({refused.strerror}); "
                "make room on the disk, or give this user the right to write into the drafts folder"
            ) from refused
        return placed.ref

    def draft_now(self, ref: DraftRef, /) -> Untouched | Changed | Gone:
        placed = Placed.read(ref)
        with self._spoken():
            self._inbox()
            folder = self._drafts()
            if folder is None:
                return Gone()
            lying = [entry for entry, head in self._heads(folder) if "T" not in entry.flags and placed.is_copy(head)]
            read = [self._read(folder, entry) for entry in lying]
        return placed.state(each for each in read if isinstance(each, Message))

    def wait(self, timeout: timedelta, wake: Wake, /) -> None:
        end = time.monotonic() + timeout.total_seconds()
        while not wake.pending():
            with self._spoken():
                changed = self._looked.is_old(self._look())
            left = end - time.monotonic()
            if changed or left <= 0:
                return
            select.select([wake], [], [], min(left, _LOOK_EVERY))

    # Folders -----------------------------------------------------------------------------------------------------

    def _inbox(self) -> Folder:
        inbox = self._tree.find(INBOX)
        if inbox:
            return inbox
        if not any(self._tree.root.iterdir()):  # the bare mount point of a disk that is not there looks like this
            raise FileNotFoundError
        raise Refused(
            f"account {self._account.name}: `path:` is no Maildir, it has no `cur` and `new`; "
            "give the folder that holds them, or the folder above INBOX"
        )

    def _read_folders(self) -> list[Folder]:
        """Sent and the watched folders: what the user wrote comes before its answers.

        A Sent that is not there yet comes with the first mail the user sends.
        """
        self._inbox()
        watched = [self._watched(name) for name in self._account.folders.watch]
        sent = self._sent()
        return _each_once([*([sent] if sent else []), *watched])

    def _watched(self, name: str) -> Folder:
        folder = self._tree.find(name)
        if folder is None:
            raise Refused(
                f"account {self._account.name}: there is no folder {name!r} below its `path:`; "
                "correct `folders: {watch: ...}`"
            )
        return folder

    def _sent(self) -> Folder | None:
        own = self._account.folders.sent
        found = self._tree.find(own) if own else self._tree.find(*SENT)
        return replace(found, is_sent=True) if found else None

    def _drafts(self) -> Folder | None:
        own = self._account.folders.drafts
        return self._tree.find(own) if own else self._tree.find(*DRAFTS)

    def _new_drafts(self) -> Folder:
        return make_maildir(self._tree.place_for(self._account.folders.drafts or DRAFTS[0]))

    def _look(self) -> "_Look":
        return _Look({folder.path: folder.stamp() for folder in self._read_folders()}, time.time())

    # Messages ----------------------------------------------------------------------------------------------------

    def _waiting(self, folder: Folder, all_seen: dict[str, Seen], not_before: datetime) -> list[Entry]:
        """The messages to be given, the oldest files first; what they leave out counts as seen."""
        entries = {name_hash(entry.base): entry for entry in folder.entries().values()}
        present, identity = entries.keys(), folder.identity()
        seen = all_seen.get(folder.name)
        if seen is None:
            wanted = {name for name, entry in entries.items() if is_young(entry, not_before, sent=folder.is_sent)}
            all_seen[folder.name] = Seen(identity, present - wanted)
        elif seen.is_forgotten(set(present), identity):
            raise CursorExpired(
                f"account {self._account.name}: the folder {folder.name} was replaced by another one; "
                "its mail is read again from a date"
            )
        else:
            wanted = {name for name in present if name not in seen}
            all_seen[folder.name] = seen.kept(set(present), identity)
        return sorted((entries[name] for name in wanted), key=when_changed)

    def _batch(self, folder: Folder, batch: list[Entry], cursor: Cursor) -> Changes:
        # A draft that the user moved into a watched folder was neither received nor sent.
        read = [self._read(folder, entry) for entry in batch if not entry.is_draft]
        messages = [each for each in read if isinstance(each, Message)]
        return Changes(
            messages=tuple(sorted(messages, key=attrgetter("arrived"))),
            cursor=cursor,
            set_aside=tuple(each for each in read if isinstance(each, SetAside)),
        )

    def _read(self, folder: Folder, entry: Entry) -> Message | SetAside | None:
        """The message; None when the user has removed it meanwhile. Its file may move while it is looked for."""
        found: Entry | None = entry
        while found:
            try:
                return read_message(found, self._account, sent=folder.is_sent)
            except FileNotFoundError:
                moved = folder.entries().get(entry.base)
                found = moved if moved != found else None
            except (OSError, Unreadable) as broken:
                folder.stamp()  # raises when it is not this file but the whole folder that cannot be read
                reason = broken.strerror if isinstance(broken, OSError) else str(broken)
                return SetAside(place=f"{folder.name}: {entry.base}", reason=reason or "it cannot be read")
        return None

    def _heads(self, folder: Folder, *, since: datetime | None = None) -> Iterator[tuple[Entry, Message]]:
        """The header of every message that may have come since then; what cannot be read is left out."""
        for entry in folder.entries().values():
            with contextlib.suppress(FileNotFoundError, PermissionError, Unreadable):
                if since is None or modified_at(entry) >= since:
                    yield entry, read_head(entry, sent=folder.is_sent)

    def _lies_somewhere(self, placed: Placed) -> bool:
        """Whether this draft is in Drafts, Sent or Trash already."""
        folders = (self._drafts(), self._sent(), self._tree.find(*TRASH))
        since = placed.since - _SYNCED
        heads = (head for folder in folders if folder for _, head in self._heads(folder, since=since))
        return any(placed.is_copy(head) for head in heads)

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        """Say what a failure of the file system means."""
        try:
            yield
        except (FileNotFoundError, NotADirectoryError) as gone:
            raise Unavailable(
                f"account {self._account.name}: the folder given as `path:` is not there; "
                "connect the disk it lies on, or correct `path:`"
            ) from gone
        except PermissionError as closed:
            raise Refused(
                f"account {self._account.name}: the folder given as `path:` cannot be read; "
                "give this user the right to read it"
            ) from closed
        except OSError as broken:
            raise Unavailable(
                f"account {self._account.name}: the mail folder cannot be read now ({broken.strerror}); "
                "it is tried again"
            ) from broken


@dataclass(frozen=True)
class _Look:
    """The times of all directories, and when they were looked at (seconds since 1970)."""

    stamps: dict[Path, tuple[int, ...]]
    at: float

    def is_old(self, now: "_Look") -> bool:
        """Whether mail may have come since.

        A directory that had just changed may change again without bearing another time, so after a clock step it is
        looked into once more.
        """
        newest = max((max(stamp) for stamp in self.stamps.values()), default=0) / 1e9
        may_hide = self.at - newest < _CLOCK_STEP <= now.at - self.at
        return may_hide or now.stamps != self.stamps


def _each_once(folders: list[Folder]) -> list[Folder]:
    """A folder may be watched or an archive and be Sent as well: then it is Sent."""
    return list({folder.path: folder for folder in (*folders, *(f for f in folders if f.is_sent))}.values())


@contextmanager
def open_mailbox(account: Account) -> Iterator[Mailbox]:
    """The account's mailbox below ``account.path``.

    Raises ``Unavailable`` when nothing is there, ``Refused`` when it is no Maildir or cannot be read.
    """
    yield MaildirMailbox(account)


def survey(account: Account) -> Survey:
    """Which folders there are. Fails as ``open_mailbox`` does, but asks for no folder besides INBOX."""
    MaildirMailbox(replace(account, folders=Folders()))
    return survey_of(account.path or Path("~/Mail"))
