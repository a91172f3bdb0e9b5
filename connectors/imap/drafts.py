"""The one thing this connector writes: a draft into Drafts, once."""

import contextlib

from connectors.imap.failures import SaysNo
from connectors.imap.folders import Places
from connectors.imap.reading import Found, Reader
from connectors.imap.searching import since_day
from connectors.imap.session import Session, Text
from connectors.message import Draft
from connectors.message.placed import Placed
from connectors.message.serialise import as_bytes
from connectors.port import Changed, Gone, Refused, Untouched

LOOKED_AT = 500
"""How many messages of a folder are looked at for a copy of a draft, the newest first."""


class Drafts:
    """The drafts of one account."""

    def __init__(self, session: Session, reader: Reader, places: Places) -> None:
        self._session = session
        self._reader = reader
        self._places = places
        self._missing = places.drafts_missing

    def lies_somewhere(self, placed: Placed) -> bool:
        """Whether the draft, or what a mail client made of it, lies in Drafts, Sent or Trash."""
        drafts = None if self._missing else self._places.drafts
        folders = dict.fromkeys(each for each in (drafts, self._places.sent, self._places.trash) if each)
        return any(self._copies(folder, placed) for folder in folders)

    def state(self, placed: Placed) -> Untouched | Changed | Gone:
        """What lies in Drafts now. A copy that only waits to be expunged is no draft any more."""
        if self._missing:
            return Gone()
        folder = self._places.drafts
        copies = [found.uid for found in self._copies(folder, placed) if "\\deleted" not in found.flags]
        read, _ = self._reader.read(folder, copies)
        return placed.state(found.message for found in read)

    def append(self, draft: Draft) -> None:
        """Raises ``Refused`` when the folder does not take it."""
        folder = self._places.drafts
        try:
            if self._missing:
                with contextlib.suppress(SaysNo):  # somebody else may have made it meanwhile; APPEND will tell
                    self._session.create_drafts(folder)
            self._session.append_draft(folder, as_bytes(draft), draft.date)
        except SaysNo as no:
            raise Refused(_refusal(folder, no)) from no
        self._missing = False

    def _copies(self, folder: str, placed: Placed) -> list[Found]:
        """Copies in one folder: among the newest by their headers, and wherever the server finds the Message-ID.

        The server's search alone is not believed: some find no header at all, some find only a part of the ids.
        """
        self._session.examine(folder)
        uids = self._session.search("SINCE", since_day(placed.since))[-LOOKED_AT:]
        with contextlib.suppress(SaysNo):
            uids += self._session.search("HEADER", "MESSAGE-ID", Text(placed.message_id))
        looked_at = self._reader.headers(folder, sorted(set(uids)))
        return [found for found in looked_at if placed.is_copy(found.message)]


def _refusal(folder: str, no: SaysNo) -> str:
    if no.code in ("OVERQUOTA", "LIMIT", "TOOBIG"):
        return f"the mailbox is full, so `{folder}` takes no draft; make room in it"
    return (
        f"the folder `{folder}` takes no draft: {no.answer}. Check that you may write there, "
        "or name another one under `folders: drafts:`"
    )
