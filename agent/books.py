"""The rules and letters in force: loaded at the start and when a file changes, kept when an edit is broken."""

import logging
from pathlib import Path

from agent.config.settings import Settings
from agent.letters import load_letters
from agent.turn import Books
from rules.load import load_rulebook
from rules.source import Problems

log = logging.getLogger("afterword.books")


class Shelf:
    """The books in force and what is wrong with the user's newest edit, if anything is."""

    def __init__(self, settings: Settings) -> None:
        """Load everything. A broken rule file of the user is left out and told; it never stops the daemon."""
        self._settings = settings
        self._stamps = self._read_stamps()
        self.problems: Problems | None = None
        try:
            self.books = self._load(settings.rules)
        except Problems as problems:
            self._complain(problems)
            self.books = self._load(self._sound_files())

    def refresh(self) -> bool:
        """Load again if a rule file changed. Returns whether there is something new: books, or problems."""
        stamps = self._read_stamps()
        if stamps == self._stamps:
            return False
        self._stamps = stamps
        try:
            self.books = self._load(self._settings.rules)
        except Problems as problems:
            self._complain(problems)
        else:
            self.problems = None
            log.info("rules loaded again")
        return True

    def _load(self, overlays: tuple[Path, ...]) -> Books:
        languages = self._settings.languages
        return Books(rules=load_rulebook(languages or "auto", overlays), letters=load_letters(languages, overlays))

    def _sound_files(self) -> tuple[Path, ...]:
        """The user's files that are right by themselves."""
        sound: list[Path] = []
        for path in self._settings.rules:
            try:
                self._load((*sound, path))
            except Problems:
                continue
            sound.append(path)
        return tuple(sound)

    def _complain(self, problems: Problems) -> None:
        self.problems = problems
        for problem in problems.problems:
            log.error("%s (the last good rules stay in force)", problem)

    def _read_stamps(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(_stamp(path) for path in self._settings.rules)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
