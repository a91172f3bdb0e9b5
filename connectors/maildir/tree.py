"""A tree of Maildirs on disk: where the folders lie and what is in them (cr.yp.to/proto/maildir.html, Maildir++).

Two layouts are known: Maildir++ (INBOX at the top, ``.Drafts`` and ``.Jobs.Replies`` beside its ``cur``), and plain
folders (``INBOX``, ``Drafts``, ``Jobs/Replies``), as mbsync and offlineimap make them. A ``new`` or ``tmp`` may be
missing: whoever copied the tree left empty folders out.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.survey import Survey

COLON = "!" if os.name == "nt" else ":"
"""Between the name of a message and its flags; Windows allows no colon in file names."""
INBOX = "INBOX"

DRAFTS = ("Drafts", "Draft", "Entwürfe", "Brouillons", "Borradores", "Bozze", "Rascunhos", "Concepten")
SENT = ("Sent", "Sent Items", "Sent Messages", "Sent Mail", "Gesendet", "Envoyés", "Enviados", "Inviata", "Verzonden")
TRASH = (
    "Trash",
    "Deleted Items",
    "Deleted Messages",
    "Bin",
    "Papierkorb",
    "Corbeille",
    "Papelera",
    "Cestino",
    "Lixeira",
)
JUNK = (
    "Junk",
    "Spam",
    "Junk E-mail",
    "Junk Mail",
    "Bulk Mail",
    "Spamverdacht",
    "Indésirables",
    "Correo no deseado",
    "Posta indesiderata",
    "Ongewenst",
)
ARCHIVE = ("Archive", "Archives", "All Mail", "Archiv", "Archivo", "Archivio", "Arquivo", "Archief")


@dataclass(frozen=True)
class Entry:
    """One message file. ``base`` stays when the file moves from ``new`` to ``cur`` or changes its flags."""

    base: str
    path: str

    @property
    def flags(self) -> str:
        """The letters of its flags: D draft, S seen, T trashed."""
        return self.path.rpartition(f"{COLON}2,")[2] if f"{COLON}2," in self.path else ""

    @property
    def is_draft(self) -> bool:
        return "D" in self.flags


@dataclass(frozen=True)
class Folder:
    """One Maildir. ``name`` is what the user calls it; in the one that ``is_sent`` lies what the user sent."""

    name: str
    path: Path
    is_sent: bool = False

    def entries(self) -> dict[str, Entry]:
        """Every message by its base name. Raises ``OSError``.

        A file that is renamed while its directory is read may be missed (POSIX readdir), so a directory that changed
        meanwhile is read again and both readings count; a file that is gone by then is found missing when it is read.
        """
        found: dict[str, Entry] = {}
        for _ in range(3):
            before = self.stamp()
            found |= {entry.base: entry for part in self._parts() for entry in _files(part)}
            if self.stamp() == before:
                break
        return found

    def _parts(self) -> list[Path]:
        new = self.path / "new"
        return [*([new] if new.exists() else []), self.path / "cur"]

    def stamp(self) -> tuple[int, ...]:
        """Changes when a file comes, goes or is renamed: the times of ``new`` and ``cur``, ns. Raises ``OSError``."""
        return tuple(part.stat().st_mtime_ns for part in self._parts())

    def identity(self) -> int:
        """Another number when the Maildir is another one, restored or made anew. Raises ``OSError``."""
        return (self.path / "cur").stat().st_ino


@dataclass(frozen=True)
class Tree:
    """All folders below one path."""

    root: Path

    @property
    def is_maildir_plus(self) -> bool:
        """Whether INBOX lies at the top."""
        return _is_maildir(self.root)

    def find(self, *names: str) -> Folder | None:
        """The first of these folders that is there. Parts of a name may be parted by ``/`` or ``.``."""
        for name in names:
            for place in self._places(name):
                if _is_maildir(place):
                    return Folder(name, place)
        return None

    def place_for(self, name: str) -> Path:
        """Where a folder belongs that is not there yet."""
        return self._places(name)[0 if self.is_maildir_plus else -1]

    def names(self) -> list[str]:
        """Every folder by a name that ``find`` knows, three levels deep; INBOX first."""
        if self.is_maildir_plus:
            places = [(each.name[1:].replace(".", "/"), each) for each in sorted(self.root.glob(".*"))]
        else:
            deep = (each for levels in ("*", "*/*", "*/*/*") for each in sorted(self.root.glob(levels)))
            places = [(each.relative_to(self.root).as_posix(), each) for each in deep]
        found = ["/".join(map(_decoded, name.split("/"))) for name, place in places if _is_maildir(place)]
        return [INBOX, *(name for name in found if name.casefold() != "inbox" and self.find(name))]

    def archives(self) -> list[Folder]:
        """The archive folders, those by year below them included (``Archives/2024``)."""
        known = {name.casefold() for name in ARCHIVE}
        places = sorted(self.root.glob(".*")) if self.is_maildir_plus else sorted(self.root.glob("*"))
        tops = [place for place in places if re.split(r"[./]", place.name.lstrip("."))[0].casefold() in known]
        below = [] if self.is_maildir_plus else [place for top in tops for place in sorted(top.glob("*"))]
        return [Folder(place.name.lstrip("."), place) for place in (*tops, *below) if _is_maildir(place)]

    def _places(self, name: str) -> list[Path]:
        parts = [part for part in re.split(r"[./]", name) if part]
        if parts[:1] == [INBOX]:
            parts = parts[1:]
        if not parts:
            return [self.root, *(self.root / each for each in (INBOX, "Inbox", "inbox"))]
        return [
            self.root / ("." + ".".join(map(_encoded, parts))),
            self.root / ("." + ".".join(parts)),
            self.root.joinpath(*map(_encoded, parts)),
            self.root.joinpath(*parts),
        ]


def _is_maildir(place: Path) -> bool:
    return (place / "cur").is_dir()


def _files(directory: Path) -> Iterator[Entry]:
    with os.scandir(directory) as found:
        for each in found:
            if not each.name.startswith(".") and each.is_file():
                yield Entry(each.name.partition(COLON)[0], each.path)


def _encoded(part: str) -> str:
    """Folder names are written in IMAP's modified UTF-7 (RFC 3501 5.1.3) by the servers that share the tree."""
    if part.isascii():
        return part.replace("&", "&-")
    from imapclient import imap_utf7  # late: only names with other letters need it

    encoded: bytes = imap_utf7.encode(part)
    return encoded.decode("ascii")


def _decoded(part: str) -> str:
    """Back from modified UTF-7; what is none stays as it is."""
    if "&" not in part:
        return part
    from imapclient import imap_utf7  # as above

    try:
        decoded: str = imap_utf7.decode(part.encode())
    except ValueError:
        return part
    return decoded


def survey_of(path: Path) -> Survey:
    """Which folders there are below."""
    tree = Tree(path.expanduser())
    drafts, sent, junk = (tree.find(*names) for names in (DRAFTS, SENT, JUNK))
    return Survey(
        folders=tuple(tree.names()),
        drafts=drafts.name if drafts else None,
        sent=sent.name if sent else None,
        junk=junk.name if junk else None,
    )
