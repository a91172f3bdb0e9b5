"""The shipped packs as they were last loaded: to read and prove all of them takes seconds, to fetch them does not.

One file a language in the user's cache folder, made anew whenever a rule file or this program's reading of them
changes. Without a cache, or with a damaged one, everything works as well and only starts more slowly.
"""

import contextlib
import copyreg
import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs
import re2

from rules.load.packs import load_pack
from rules.patterns import options
from rules.rule import Pack

_READERS = ("folding", "literals", "patterns", "rule", "load/form", "load/mentions", "load/packs", "load/words")


def pack_of(folder: Path) -> Pack:
    """The pack in a folder, from the cache where it holds. Raises ``Problems`` as ``load_pack`` does.

    Its examples are not run: a shipped pack has passed them in the project's tests.
    """
    kept = _place(folder)
    found = _fetched(kept)
    if found is None:
        found = load_pack(folder, prove=False)
        _keep(found, kept)
    return found


def _place(folder: Path) -> Path:
    name = f"{folder.name}-{_digest(sorted(folder.glob('*.yaml')), _program())}.pack"
    return platformdirs.user_cache_path("afterword", appauthor=False) / "rules" / name


def _digest(paths: list[Path], seed: str = "") -> str:
    """Of all the files' bytes."""
    digest = hashlib.sha256(seed.encode())
    for path in paths:
        with contextlib.suppress(OSError):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:24]


@cache
def _program() -> str:
    here = Path(__file__).parents[1]
    return _digest([here / f"{name}.py" for name in _READERS], sys.version)


def _fetched(path: Path) -> Pack | None:
    """What an earlier run kept; None when there is nothing, or nothing to be trusted: only the user's own file is."""
    try:
        with path.open("rb") as file:
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            found = pickle.load(file)  # noqa: S301 - the user's own file, written by this program
    except Exception:  # noqa: BLE001 - a damaged pickle raises anything; the pack is then read anew
        return None
    return found if isinstance(found, Pack) else None


def _keep(pack: Pack, path: Path) -> None:
    """Written whole or not at all; the versions before are removed."""
    with contextlib.suppress(OSError, pickle.PicklingError), _expressions():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        written = pickle.dumps(pack, protocol=pickle.HIGHEST_PROTOCOL)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.stem}-", delete=False) as file:
            file.write(written)
        Path(file.name).replace(path)
        for old in path.parent.glob(f"{path.name.partition('-')[0]}-*"):
            if old != path:
                old.unlink(missing_ok=True)


@contextlib.contextmanager
def _expressions() -> Iterator[None]:
    """RE2 objects know no pickling: what is kept of one is its pattern."""
    copyreg.pickle(type(re2.compile("")), lambda regex: (_compiled, (regex.pattern,)))
    yield


def _compiled(pattern: str | bytes) -> Any:
    return re2.compile(pattern, options())
