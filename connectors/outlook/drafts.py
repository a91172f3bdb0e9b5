"""The one thing this connector writes: a draft, once.

One request makes it whole: text, recipient and our mark. Where the parent lies in the mailbox and the letter goes to
its author, that request is createReply, so that Outlook shows it in the conversation with the mail quoted below; else
the draft is made afresh. Graph puts both into Drafts and nowhere else.
(learn.microsoft.com/graph/api/message-createreply, learn.microsoft.com/graph/api/user-post-messages)
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from connectors.message import Draft, Message
from connectors.message.placed import Placed
from connectors.outlook import quoting
from connectors.outlook.failures import Missing, SaysNo
from connectors.outlook.folders import DRAFTS, SENT, TRASH
from connectors.outlook.items import (
    HEAD,
    MARK,
    full_row,
    header_message,
    moment,
    odata_text,
    people,
    plain_row,
    recipients,
    text,
)
from connectors.outlook.reading import message_path
from connectors.outlook.service import Row, Service
from connectors.port import Changed, DraftRef, Failure, Gone, Refused, Untouched

LOOKED_AT = 500
"""How many messages of a folder are looked at for a copy of a draft, the newest first."""
_PARENT = "id,isRead,isDraft,from,replyTo"
_SOURCES = 5


class Drafts:
    """The drafts of one account."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def lies_somewhere(self, placed: Placed, thread: str | None) -> bool:
        """Whether the draft, or what a mail client made of it, lies in Drafts, Sent, Trash or where the user put it."""
        if any(self._marked("/me/messages", placed)):
            return True
        return any(_copies(placed, thread, folder, self._recent(folder, placed)) for folder in (DRAFTS, SENT, TRASH))

    def state(self, placed: Placed, thread: str | None) -> Untouched | Changed | Gone:
        """What lies in Drafts now."""
        rows = [*self._marked(f"/me/mailFolders/{DRAFTS}/messages", placed), *self._recent(DRAFTS, placed)]
        once = {text(row, "id"): row for row in rows}
        copies = _copies(placed, thread, DRAFTS, once.values())
        # The one that counts, as ``Placed`` has it: this draft itself before any copy, the newest copy first.
        copies.sort(key=lambda each: (each[1].message_id == placed.message_id, each[1].date or each[1].arrived))
        try:
            return placed.state([self._with_words(*copies[-1])] if copies else [])
        except Missing:
            return Gone()

    def write(self, draft: Draft) -> None:
        """Raises ``Refused`` when the mailbox does not take it."""
        try:
            parent = self._parent(draft)
            try:
                made = parent is not None and self._reply(draft, parent)
            except Missing:
                made = False  # the parent was deleted a moment ago
            if not made:
                body = {"contentType": "text", "content": draft.text}
                self._make("/me/messages", draft, lambda row: {**row, "body": body})
        except SaysNo as no:
            if no.status >= 500 and not no.is_full:
                raise  # no refusal: nobody knows whether it was made, and the next turn looks
            raise Refused(_refusal(no)) from no

    def _reply(self, draft: Draft, parent: Row) -> bool:
        """createReply marks the parent as read, which is the user's to do: put back, whatever became of the reply."""
        try:
            comment = f"{quoting.as_html(draft.text)}<br>"
            path = f"{message_path(parent)}/createReply"
            made = self._make(path, draft, lambda row: {"message": row, "comment": comment})
        finally:
            if parent.get("isRead") is False:
                with contextlib.suppress(Failure):
                    self._put_back_unread(parent)
        self._set_right(draft, made)
        return True

    def _make(self, path: str, draft: Draft, body_with: Callable[[Row], Row]) -> Row:
        """A server that does not take some refinement says so with 400 and makes nothing: then without it."""
        try:
            return self._service.create(path, body_with(full_row(draft)))
        except SaysNo as no:
            if no.status != 400:
                raise
            return self._service.create(path, body_with(plain_row(draft)))

    def _set_right(self, draft: Draft, made: Row) -> None:
        """Servers differ in what they make of ``comment``, and might add their own recipients to ours."""
        wrong: dict[str, object] = {}
        body = made.get("body")
        shown = text(body, "content") if isinstance(body, dict) else ""
        if shown and not quoting.says(shown, draft.text):
            wrong["body"] = {"contentType": "html", "content": quoting.set_right(shown, draft.text)}
        wanted = [draft.to.address.casefold()] if draft.to else []
        if [each.address.casefold() for each in people(made, "toRecipients")] != wanted:
            wrong["toRecipients"] = recipients(draft)
        if wrong:
            self._service.change(message_path(made), wrong)

    def _put_back_unread(self, parent: Row) -> None:
        if self._service.row(message_path(parent), {"$select": "isRead"}).get("isRead") is True:
            self._service.change(message_path(parent), {"isRead": False})

    def _parent(self, draft: Draft) -> Row | None:
        """The received message to reply to. None when the letter goes to somebody who did not write it."""
        if draft.parent is None or draft.to is None:
            return None
        query = {"$filter": f"internetMessageId eq {odata_text(draft.parent.message_id)}", "$select": _PARENT}
        for row in self._service.pages("/me/messages", query, limit=_SOURCES):
            authors = people(row, "replyTo") or people(row, "from")
            wanted = draft.to.address.casefold()
            if row.get("isDraft") is not True and wanted in {each.address.casefold() for each in authors}:
                return row
        return None

    def _marked(self, path: str, placed: Placed) -> Iterator[Row]:
        """graph/api/singlevaluelegacyextendedproperty-get: messages that bear our mark with this letter's id."""
        own = f"ep/id eq {odata_text(MARK)} and ep/value eq {odata_text(placed.message_id)}"
        query = {**HEAD, "$filter": f"singleValueExtendedProperties/Any(ep: {own})"}
        return self._service.pages(path, query, limit=_SOURCES)

    def _recent(self, folder: str, placed: Placed) -> Iterator[Row]:
        query = {
            **HEAD,
            "$filter": f"lastModifiedDateTime ge {moment(placed.since)}",
            "$orderby": "lastModifiedDateTime desc",
            "$top": "100",
        }
        return self._service.pages(f"/me/mailFolders/{folder}/messages", query, limit=LOOKED_AT)

    def _with_words(self, row: Row, message: Message) -> Message:
        body = self._service.row(message_path(row), {"$select": "body"}).get("body")
        fields: Row = body if isinstance(body, dict) else {}
        is_html = text(fields, "contentType").casefold() == "html"
        own = quoting.above_quote(text(fields, "content").replace("\r\n", "\n"), is_html=is_html)
        return replace(message, html=own) if is_html else replace(message, text=own)


def as_ref(placed: Placed, thread: str | None) -> DraftRef:
    """What is remembered of a draft: the conversation too."""
    return DraftRef(json.dumps({**json.loads(placed.ref), "conversation": thread}))


def from_ref(ref: DraftRef) -> tuple[Placed, str | None]:
    """The inverse of ``as_ref``; a draft that another connector placed has no conversation here.

    Raises ``Unreadable`` for a text that is none.
    """
    return Placed.read(ref), json.loads(ref).get("conversation")


def _copies(placed: Placed, thread: str | None, folder: str, rows: Iterable[Row]) -> list[tuple[Row, Message]]:
    found = []
    for row in rows:
        message = header_message(row)
        if folder == DRAFTS and thread and message.thread == thread and not message.ancestors:
            # A draft in the same conversation answers the same mail, also when a client dropped its references.
            message = replace(message, in_reply_to=placed.parent)
        if placed.is_copy(message):
            found.append((row, message))
    return found


def _refusal(no: SaysNo) -> str:
    if no.is_full:
        return "the mailbox is full, so Drafts takes no draft; make room in it"
    return f"Drafts takes no draft: Microsoft answers {no.code} (HTTP {no.status}). See docs/outlook.md"
