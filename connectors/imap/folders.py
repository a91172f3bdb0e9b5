"""Which folder is what: by the user's word, by special use (RFC 6154), by the names that mail clients give them."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.account import Folders
from connectors.imap import folder_names as usual
from connectors.imap.session import Listed
from connectors.port import Unavailable
from connectors.survey import Survey

_CLOSED = {"\\noselect", "\\nonexistent"}

_PARENTS = {"", "inbox", "[gmail]", "[google mail]"}
"""Where such a folder lies; one called Drafts below a project is something else."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """The folders of one account, by what they are for. ``drafts`` may not be there yet: then ``drafts_missing``."""

    watch: tuple[str, ...]
    drafts: str
    drafts_missing: bool
    sent: str | None
    trash: str | None
    archives: tuple[str, ...]

    @property
    def read(self) -> tuple[str, ...]:
        """The folders whose new mail is read; each once. Sent first: what the user wrote comes before its answers."""
        return tuple(dict.fromkeys((*((self.sent,) if self.sent else ()), *self.watch)))

    @property
    def searched(self) -> tuple[str, ...]:
        """The folders that hold older mail; Sent first, so that of two copies the one known to be sent is taken."""
        return tuple(dict.fromkeys((*((self.sent,) if self.sent else ()), *self.watch, *self.archives)))


def find_places(listed: Sequence[Listed], wanted: Folders, prefix: str) -> Places:
    """Raises ``Unavailable`` for a configured folder that is not there: it may come (a shared one, a renamed one)."""
    tree = _Tree(_open(listed), prefix)
    found = tree.first_used_as("\\drafts", usual.DRAFTS)
    # A misspelt name must not make a folder that nobody looks into; only where there is none at all is one made.
    drafts = (tree.existing(wanted.drafts) if found else tree.named(wanted.drafts)) if wanted.drafts else found
    sent = tree.existing(wanted.sent) if wanted.sent else tree.first_used_as("\\sent", usual.SENT)
    return Places(
        watch=tuple(tree.existing(name) for name in wanted.watch),
        drafts=drafts or tree.to_create(wanted.drafts or "Drafts"),
        drafts_missing=drafts is None,
        sent=sent,
        trash=tree.first_used_as("\\trash", usual.TRASH),
        archives=(*tree.used_as("\\archive", usual.ARCHIVE), *tree.used_as("\\all", ())),
    )


def survey_of(listed: Sequence[Listed], prefix: str, capabilities: frozenset[str]) -> Survey:
    """What is there, whatever the user may want."""
    tree = _Tree(_open(listed), prefix)
    return Survey(
        folders=tuple(each.name for each in _open(listed)),
        drafts=tree.first_used_as("\\drafts", usual.DRAFTS),
        sent=tree.first_used_as("\\sent", usual.SENT),
        junk=tree.first_used_as("\\junk", usual.JUNK),
        capabilities=capabilities,
    )


def _open(listed: Sequence[Listed]) -> list[Listed]:
    return [each for each in listed if not each.attributes & _CLOSED]


class _Tree:
    def __init__(self, listed: Sequence[Listed], prefix: str) -> None:
        self._listed = listed
        self._names = [each.name for each in listed]
        self._delimiter = next((each.delimiter for each in listed if each.delimiter), "/")
        self._prefix = prefix or self._prefix_seen()

    def _prefix_seen(self) -> str:
        """Without NAMESPACE: if every folder lies below INBOX, so will a new one."""
        below = "inbox" + self._delimiter
        others = [name for name in self._names if name.casefold() != "inbox"]
        return others[0][: len(below)] if others and all(name.casefold().startswith(below) for name in others) else ""

    def named(self, name: str) -> str | None:
        """The folder the user means: as the server writes it, or without the server's prefix, or with ``/``."""
        if name.casefold() == "inbox":  # RFC 9051 5.1: the one name without letter case
            return "INBOX"
        forms = dict.fromkeys(
            before + form for form in (name, name.replace("/", self._delimiter)) for before in ("", self._prefix)
        )
        return next((form for form in forms if form in self._names), None)

    def existing(self, name: str) -> str:
        found = self.named(name)
        if found is None:
            near = difflib.get_close_matches(name, self._names, n=3, cutoff=0.5) or self._names[:5]
            raise Unavailable(
                f"there is no folder `{name}` in this mailbox; it has {', '.join(near)}. Check `folders:`, "
                "or create it in your mail client"
            )
        return found

    def to_create(self, name: str) -> str:
        return name if name.startswith(self._prefix) else self._prefix + name.replace("/", self._delimiter)

    def used_as(self, attribute: str, names: Sequence[str]) -> list[str]:
        """Folders with the attribute, or if none has it, with one of the names, in the order of the names."""
        marked = [each.name for each in self._listed if attribute in each.attributes]
        mine = {self._bare(each.name): each.name for each in reversed(self._listed)}
        return marked or [mine[name] for name in names if name in mine]

    def first_used_as(self, attribute: str, names: Sequence[str]) -> str | None:
        return next(iter(self.used_as(attribute, names)), None)

    def _bare(self, name: str) -> str:
        """The last part of a name in lower case, if it lies where such folders lie; else the whole."""
        parent, _, leaf = name.rpartition(self._delimiter) if self._delimiter else ("", "", name)
        top = parent.casefold() in _PARENTS or parent + self._delimiter == self._prefix
        return (leaf if top else name).casefold()
