"""Shipped packs are fetched as they were last loaded, and read anew when anything about them changed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import rules.load.cache as cache
from rules.load.cache import pack_of
from rules.load.packs import load_pack
from rules.load.rulebook import PACKS
from rules.rule import Pack
from rules.source import Problems


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A pack of its own, a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(PACKS / "en", tmp_path / "en")
    yield tmp_path / "en"


def kept(folder: Path) -> list[Path]:
    return sorted((folder.parent / "cache/afterword/rules").glob("*"))


def loads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that are really read from now on."""
    read: list[Path] = []

    def reading(folder: Path, *, prove: bool) -> Pack:
        read.append(folder)
        return load_pack(folder, prove=prove)

    monkeypatch.setattr(cache, "load_pack", reading)
    return read


def test_what_is_fetched_is_what_was_loaded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule for rule, readable for the user alone."""
    first, read = pack_of(folder), loads(monkeypatch)
    second = pack_of(folder)
    assert read == []
    assert [(rule.name, rule.any_of, rule.none_of) for rule in second.rules] == [
        (rule.name, rule.any_of, rule.none_of) for rule in first.rules
    ]
    assert second.words.conditions.pattern == first.words.conditions.pattern
    (file,) = kept(folder)
    assert file.stat().st_mode & 0o077 == 0


def test_a_changed_rule_file_is_read_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was kept of the old one is removed."""
    pack_of(folder)
    before, read = kept(folder), loads(monkeypatch)
    with (folder / "rejection.yaml").open("a") as file:
        file.write("\n# changed\n")
    pack_of(folder)
    assert read == [folder]
    assert len(kept(folder)) == 1
    assert kept(folder) != before


@pytest.mark.parametrize("damage", [b"", b"\x80\x05", b"cos\nsystem\n", b"\x80\x04\x8c\x01x."])
def test_a_damaged_cache_is_read_anew(folder: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes) -> None:
    """And mended."""
    pack_of(folder)
    kept(folder)[0].write_bytes(damage)
    read = loads(monkeypatch)
    pack_of(folder)
    pack_of(folder)
    assert read == [folder]


def test_without_a_cache_it_works_as_well(folder: Path) -> None:
    """A file where the folder should be: nothing can be kept."""
    (folder.parent / "cache").write_text("")
    assert pack_of(folder).language == "en"


def test_another_users_file_is_not_trusted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever can write it could run code."""
    pack_of(folder)
    read = loads(monkeypatch)
    monkeypatch.setattr("os.getuid", lambda: 12345)
    pack_of(folder)
    assert read == [folder]


def test_mistakes_are_never_kept(folder: Path) -> None:
    """They are told each time."""
    (folder / "rejection.yaml").write_text("rules:\n  - rul: x\n")
    for _ in range(2):
        with pytest.raises(Problems):
            pack_of(folder)
    assert kept(folder) == []
