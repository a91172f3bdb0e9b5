"""Which folders there are, from the names a user writes. Well-known names: graph/api/resources/mailfolder."""

from dataclasses import dataclass
from urllib.parse import quote

from connectors.account import Folders
from connectors.outlook.failures import Missing
from connectors.outlook.items import text
from connectors.outlook.service import Service
from connectors.port import Unavailable

DRAFTS, SENT, TRASH, ARCHIVE = "drafts", "sentitems", "deleteditems", "archive"
_WELL_KNOWN = {
    "inbox": "inbox",
    "junk": "junkemail",
    "junk email": "junkemail",
    "spam": "junkemail",
    "archive": ARCHIVE,
    SENT: SENT,
    "sent": SENT,
    "sent items": SENT,
    "trash": TRASH,
    "deleted items": TRASH,
}
_FOLDERS_LIMIT = 500


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where to read, by the names in the cursor: the watched folders, and last of all the sent mail."""

    read: dict[str, str]

    @property
    def searched(self) -> tuple[str, ...]:
        """Where older mail lies."""
        return tuple(dict.fromkeys((*self.read.values(), ARCHIVE)))


def find_places(service: Service, folders: Folders) -> Places:
    """Raises ``Unavailable`` when a configured folder is not there."""
    read: dict[str, str] = {}
    for name in (*folders.watch, SENT):
        folder = _find(service, name)
        if folder not in read.values():
            read[name] = folder
    return Places(read=read)


def _find(service: Service, name: str) -> str:
    """``Work/Applications`` is a folder within a folder, by the names that Outlook shows."""
    if known := _WELL_KNOWN.get(name.casefold()):
        return known
    at = ""
    for step in name.split("/"):
        path = f"/me/mailFolders/{at}/childFolders" if at else "/me/mailFolders"
        at = _child(service, path, step)
        if not at:
            raise Unavailable(f"there is no folder `{name}` in this mailbox; check `folders:` in the configuration")
    return at


def _child(service: Service, path: str, name: str) -> str:
    try:
        rows = list(service.pages(path, {"$select": "id,displayName", "$top": "100"}, limit=_FOLDERS_LIMIT))
    except Missing:
        return ""
    found = (text(row, "id") for row in rows if text(row, "displayName").casefold() == name.casefold())
    return quote(next(found, ""), safe="")
