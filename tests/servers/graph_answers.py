"""What Microsoft Graph answers to a request, from its documentation (each page is named where it is followed).

Stricter than Graph where that finds mistakes: an option that is not known here is refused with 400.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from tests.servers.graph_mail import MARK_ID, Json, attachments, person, quoted_reply
from tests.servers.graph_store import Item, Store

_WRITABLE = {"subject", "body", "from", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "internetMessageId"}
_DRAFT_ONLY = {"subject", "body", "internetMessageId", "replyTo"}
"""graph/api/message-update: updatable only if isDraft."""
_READABLE = _WRITABLE | {
    *("id", "parentFolderId", "receivedDateTime", "createdDateTime", "lastModifiedDateTime", "sentDateTime"),
    *("isRead", "isDraft", "conversationId", "hasAttachments"),
}
_PAGE = 10
"""graph/api/user-list-messages: the usual size of a page."""


@dataclass(frozen=True)
class Answer(Exception):
    """A status and what goes with it: JSON, or the bytes of a mail."""

    status: int
    body: Json | bytes | None = None


def refused(status: int, code: str) -> Answer:
    """Graph's error object (graph/errors). The message is one that must never be shown: it names a person."""
    return Answer(status, {"error": {"code": code, "message": "Denied to victim@example.org, see subject Secret."}})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request, taken apart."""

    method: str
    path: str
    query: dict[str, str]
    prefer: str
    body: Json | None


class Graph:
    """Answers for one mailbox. ``escapes_comments``, ``adds_author``, ``mints_ids``: what servers may do otherwise."""

    def __init__(self, store: Store, base: str) -> None:
        self.store = store
        self.base = base
        self.me: Json = {"mail": store.owner, "userPrincipalName": store.owner, "id": "u1"}
        self.proxies: list[str] = []
        self.escapes_comments = False
        self.adds_author = False
        self.mints_ids = False
        self.refuses: set[str] = set()
        """Properties that are not taken on a new draft."""
        self.ignores_sizes = False

    def answer(self, asked: Asked) -> Answer:
        """The answer; a path that is not known here is 400, as Graph has it."""
        path = re.sub(r"\('([^']+)'\)", r"/\1", asked.path)  # keys as Graph's own links write them
        with self.store.lock:
            for method, pattern, reply in self._routes():
                found = re.fullmatch(pattern, path)
                if found and method == asked.method:
                    return Answer(*reply(asked, *found.groups()))
        raise refused(400, "BadRequest")

    def _routes(self) -> Iterator[tuple[str, str, Any]]:
        yield "GET", r"/me", self._me
        yield "GET", r"/me/mailFolders(?:/([^/]+)/childFolders)?", self._folders
        yield "GET", r"/me/mailFolders/([^/]+)/messages/delta", self._delta
        yield "GET", r"/me(?:/mailFolders/([^/]+))?/messages", self._list
        yield "GET", r"/me/messages/([^/]+)", self._get
        yield "GET", r"/me/messages/([^/]+)/\$value", lambda _, own: (200, self._item(own).mime)
        yield "GET", r"/me/messages/([^/]+)/attachments", self._attachments
        yield "GET", r"/me/messages/([^/]+)/attachments/([^/]+)/\$value", self._attachment
        yield "POST", r"/me/messages", self._create
        yield "POST", r"/me/messages/([^/]+)/createReply", self._create_reply
        yield "PATCH", r"/me/messages/([^/]+)", self._update

    def _me(self, asked: Asked) -> tuple[int, Json]:
        """graph/api/user-get: proxy addresses only when selected."""
        return 200, {"proxyAddresses": self.proxies} if "proxyAddresses" in asked.query.get("$select", "") else self.me

    def _folders(self, asked: Asked, within: str | None) -> tuple[int, Json]:
        """graph/api/user-list-mailfolders, graph/api/mailfolder-list-childfolders."""
        parent = self._folder(within) if within else ""
        rows = [
            {"id": own, "displayName": shown} for own, (shown, above) in self.store.folders.items() if above == parent
        ]
        return 200, self._paged(asked, rows)

    def _list(self, asked: Asked, name: str | None) -> tuple[int, Json]:
        """graph/api/user-list-messages: of one folder, or of all, Deleted Items included."""
        folder = self._folder(name) if name else None
        items = [each for each in self.store.items.values() if folder in (None, each.folder)]
        matches = _condition(asked.query.get("$filter", ""))
        items = [each for each in items if matches(each)]
        if order := asked.query.get("$orderby"):
            if order not in ("receivedDateTime desc", "lastModifiedDateTime desc"):
                raise refused(400, "BadRequest")
            items.sort(key=lambda each: str(each.json()[order.split()[0]]), reverse=True)
        return 200, self._paged(asked, [self._shown(each, asked) for each in items])

    def _delta(self, asked: Asked, name: str) -> tuple[int, Json]:
        """graph/delta-query-messages. The options of the first request are kept in the links."""
        state = self._state(asked, name)
        size = int(found[1]) if (found := re.search(r"odata\.maxpagesize=(\d+)", asked.prefer)) else _PAGE
        size = 1000 if self.ignores_sizes else size  # RFC 7240 2: a preference may be ignored
        end = len(self.store.log)
        rows: list[Json] = []
        at = state["at"]
        while at < end and len(rows) < size:
            rows += self._change(state, at, asked)
            at += 1
        more = at < end
        state |= {"at": at, "first": state["first"] and more}
        token = base64.urlsafe_b64encode(json.dumps(state).encode()).decode()
        link = f"{self.base}/me/mailFolders('{name}')/messages/delta?${'skip' if more else 'delta'}token={token}"
        return 200, {"value": rows, f"@odata.{'next' if more else 'delta'}Link": link}

    def _state(self, asked: Asked, name: str) -> dict[str, Any]:
        token = asked.query.get("$skiptoken") or asked.query.get("$deltatoken")
        if not token:
            kind = asked.query.get("changeType", "")
            select, folder = asked.query.get("$select", ""), self._folder(name)
            return {"folder": folder, "kind": kind, "select": select, "at": 0, "first": True, "g": self._generation}
        state: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token))
        if state["g"] != self._generation:
            raise refused(410, "SyncStateNotFound")  # graph/delta-query-overview
        return state

    @property
    def _generation(self) -> int:
        return self.store.generation

    def _change(self, state: dict[str, Any], at: int, asked: Asked) -> list[Json]:
        """What one entry of the log is to this reader. Removals are told whatever ``changeType`` says."""
        folder, kind, own = self.store.log[at]
        item = self.store.items.get(own)
        if folder != state["folder"]:
            return []
        if kind == "removed" or item is None or item.folder != folder:
            return [] if state["first"] else [{"id": own, "@removed": {"reason": "deleted"}}]
        if kind == "updated" and (state["kind"] == "created" or state["first"]):
            return []
        selected = Asked(**{**vars(asked), "query": {"$select": state["select"]}})
        return [self._shown(item, selected)]

    def _get(self, asked: Asked, own: str) -> tuple[int, Json]:
        return 200, self._shown(self._item(own), asked)

    def _attachments(self, asked: Asked, own: str) -> tuple[int, Json]:
        listed = attachments(self._item(own).mime)
        return 200, self._paged(asked, [{k: v for k, v in each.items() if k != "_content"} for each in listed])

    def _attachment(self, _: Asked, own: str, which: str) -> tuple[int, bytes]:
        listed = attachments(self._item(own).mime)
        found = next((each["_content"] for each in listed if each["id"] == which), None)
        if not isinstance(found, bytes):
            raise refused(404, "ErrorItemNotFound")
        return 200, found

    def _create(self, asked: Asked) -> tuple[int, Json]:
        properties, extended = self._written(asked.body or {})
        if not isinstance(properties.get("body"), dict):
            properties["body"] = {"contentType": "text", "content": ""}
        item = self.store.put_draft({"from": person(self.store.owner), "toRecipients": [], **properties}, extended)
        return 201, self._shown(item, asked)

    def _create_reply(self, asked: Asked, own: str) -> tuple[int, Json]:
        """graph/api/message-createreply: comment or body, not both. The original becomes read."""
        original, body = self._item(own), asked.body or {}
        properties, extended = self._written(body.get("message", {}))
        if "comment" in body and "body" in properties:
            raise refused(400, "ErrorInvalidRequest")
        old = original.properties
        authors = old["replyTo"] or [old["from"]]
        if self.adds_author:
            properties["toRecipients"] = [*authors, *properties.get("toRecipients", [])]
        defaults = {
            "from": person(self.store.owner),
            "subject": "RE: " + old["subject"].removeprefix("RE: "),
            "toRecipients": authors,
            "body": {
                "contentType": "html",
                "content": quoted_reply(old, body.get("comment", ""), escaped=self.escapes_comments),
            },
            "conversationId": old["conversationId"],
        }
        if not original.is_read:
            self.store.change(original, is_read=True)
        return 201, self._shown(self.store.put_draft({**defaults, **properties}, extended), asked)

    def _update(self, asked: Asked, own: str) -> tuple[int, Json]:
        """graph/api/message-update."""
        item, changes = self._item(own), dict(asked.body or {})
        if "isRead" in changes:
            self.store.change(item, is_read=changes.pop("isRead"))
        properties, extended = self._written(changes)
        if not item.is_draft and _DRAFT_ONLY & properties.keys():
            raise refused(400, "ErrorInvalidPropertySet")
        if properties or extended:
            self.store.change(
                item, properties={**item.properties, **properties}, extended={**item.extended, **extended}, raw=None
            )
        return 200, self._shown(item, asked)

    def _written(self, body: Json) -> tuple[Json, dict[str, str]]:
        body = dict(body)
        extended = {each["id"]: each["value"] for each in body.pop("singleValueExtendedProperties", [])}
        if body.keys() - _WRITABLE or not all(MARK_ID.fullmatch(name) for name in extended):
            raise refused(400, "RequestBodyRead")
        if self.refuses & (body.keys() | extended.keys()):
            raise refused(400, "ErrorInvalidPropertySet")
        if self.mints_ids:
            body.pop("internetMessageId", None)
        return body, extended

    def _folder(self, name: str) -> str:
        own = self.store.folder(name)
        if own is None:
            raise refused(404, "ErrorItemNotFound")
        return own

    def _item(self, own: str) -> Item:
        if own not in self.store.items:
            raise refused(404, "ErrorItemNotFound")
        return self.store.items[own]

    def _shown(self, item: Item, asked: Asked) -> Json:
        """The selected properties; the id depends on Prefer (graph/outlook-immutable-id)."""
        selected = set(filter(None, asked.query.get("$select", "").split(",")))
        if selected - _READABLE:
            raise refused(400, "BadRequest")
        whole = item.json()
        shown = {name: value for name, value in whole.items() if not selected or name in selected | {"id"}}
        if 'IdType="ImmutableId"' not in asked.prefer:
            shown["id"] = f"AAMk-{item.folder}-{item.id}"
        if expand := asked.query.get("$expand"):
            wanted = re.findall(r"id eq '([^']+)'", expand)
            listed = [{"id": name, "value": value} for name, value in item.extended.items() if name in wanted]
            if listed:
                shown["singleValueExtendedProperties"] = listed
        return shown

    def _paged(self, asked: Asked, rows: list[Json]) -> Json:
        """graph/paging."""
        start, size = int(asked.query.get("$skip", 0)), int(asked.query.get("$top", _PAGE))
        page: Json = {"value": rows[start : start + size]}
        if start + size < len(rows):
            query = urlencode({**asked.query, "$skip": str(start + size), "$top": str(size)})
            page["@odata.nextLink"] = f"{self.base}{asked.path}?{query}"
        return page


def _condition(asked: str) -> Callable[[Item], bool]:
    """The few forms of ``$filter`` that are used; any other, a stray quote for instance, is refused as Graph does."""
    if not asked:
        return lambda _: True
    if found := re.fullmatch(r"(receivedDateTime|lastModifiedDateTime) ge (\S+)", asked):
        name, since = found[1], datetime.fromisoformat(found[2])
        return lambda item: datetime.fromisoformat(str(item.json()[name])) >= since
    if found := re.fullmatch(r"internetMessageId eq '((?:[^']|'')*)'", asked):
        own = found[1].replace("''", "'")
        return lambda item: bool(item.properties["internetMessageId"] == own)
    pattern = r"singleValueExtendedProperties/Any\(ep: ep/id eq '([^']+)' and ep/value eq '((?:[^']|'')*)'\)"
    if found := re.fullmatch(pattern, asked):
        mark, value = found[1], found[2].replace("''", "'")
        return lambda item: item.extended.get(mark) == value
    raise refused(400, "ErrorInvalidUrlQueryFilter")
