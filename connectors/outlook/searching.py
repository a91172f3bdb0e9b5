"""Older mail for a case. Graph lists by date and folder, the match itself is made here: ``$search`` cannot be combined
with a date and finds parts of addresses as it pleases (learn.microsoft.com/graph/search-query-parameter).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.message import Message, MessageKey
from connectors.message.match import Matcher
from connectors.outlook.failures import Missing
from connectors.outlook.folders import SENT, Places
from connectors.outlook.items import HEAD, header_message, moment
from connectors.outlook.reading import Reader
from connectors.outlook.service import Row, Service
from connectors.port import Query

CANDIDATES = 5000
"""Messages of one folder whose headers are looked at, the newest first."""
_PAGE = "100"


@dataclass(frozen=True, kw_only=True)
class _Hit:
    header: Message
    folder: str
    row: Row


def search(service: Service, reader: Reader, places: Places, query: Query) -> Iterator[Message]:
    """The matches, newest first; of several copies the one in the first folder."""
    if not (query.references or query.correspondents or query.names):
        return
    matches = Matcher(query)
    hits: dict[MessageKey, _Hit] = {}
    for folder in places.searched:
        for row in _candidates(service, folder, query):
            header = header_message(row)
            if matches(header) and row.get("isDraft") is not True:
                hits.setdefault(header.key, _Hit(header=header, folder=folder, row=row))
    for hit in sorted(hits.values(), key=lambda hit: hit.header.arrived, reverse=True)[: query.limit]:
        found, _ = reader.read(hit.folder, [hit.row], outgoing=hit.folder == SENT)
        yield from found


def _candidates(service: Service, folder: str, query: Query) -> Iterator[Row]:
    listed = {
        **HEAD,
        "$select": HEAD["$select"] + ",hasAttachments",
        "$filter": f"receivedDateTime ge {moment(query.since)}",
        "$orderby": "receivedDateTime desc",
        "$top": _PAGE,
    }
    try:
        yield from service.pages(f"/me/mailFolders/{folder}/messages", listed, limit=CANDIDATES)
    except Missing:
        return  # not every mailbox has an archive
