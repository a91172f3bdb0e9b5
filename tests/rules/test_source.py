"""YAML text becomes nodes that know their place, or every problem with its line."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.source import Position, Problems, read, read_file

CONFIG = """\
name: Ana Sousa
accounts:
  - name: home
    port: 993
    folders: {watch: [INBOX, Junk], drafts: null}
quiet: "22:00-08:00"
thanks: yes
since: 2020-01-01
rate: 1.5
"""


def problems(text: str) -> list[str]:
    with pytest.raises(Problems) as caught:
        read(text, "f.yaml")
    return [str(each) for each in caught.value.problems]


def test_plain_values_follow_yaml_1_2() -> None:
    """`yes` and dates stay text, numbers and null become what they are."""
    assert read(CONFIG, "f.yaml").plain() == {
        "name": "Ana Sousa",
        "accounts": [{"name": "home", "port": 993, "folders": {"watch": ["INBOX", "Junk"], "drafts": None}}],
        "quiet": "22:00-08:00",
        "thanks": "yes",
        "since": "2020-01-01",
        "rate": 1.5,
    }


def test_every_value_and_key_knows_its_place() -> None:
    """Values and keys are found by path; steps that are not in the file are passed over."""
    node = read(CONFIG, "f.yaml")
    assert node.at(["accounts", 0, "port"]) == Position(4, 11)
    assert node.at(["accounts", 0, "port"], key=True) == Position(4, 5)
    assert node.at(["accounts", 0, "folders", "watch", 1]) == Position(5, 30)
    assert node.at(["accounts", 0, "function-after[x]", "port", "host"]) == Position(4, 11)
    assert node.at() == Position(1, 1)


def test_an_empty_file_is_none() -> None:
    """Nothing, or comments only, is the scalar None at the top."""
    assert read("", "f").plain() is None
    assert read("# only a comment\n", "f").plain() is None


def test_duplicate_keys_are_all_named_at_once() -> None:
    """Each second key is a problem with the line of the first."""
    assert problems("a: 1\nb: 2\na: 3\nc:\n  d: 1\n  d: 2\n") == [
        "f.yaml:3:1: “a” stands here twice; it is already on line 1.",
        "f.yaml:6:3: “d” stands here twice; it is already on line 5.",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [1, 2\nb: 3\n", "f.yaml:2:"),
        ("a: 1\n\tb: 2\n", "f.yaml:2:1:"),
        ("a: &x 1\n", "f.yaml:1:4: Anchors"),
        ("a: 1\nb: *x\n", "f.yaml:2:4: Anchors"),
        ("a: !!python/object:os.system x\n", "f.yaml:1:4: Tags"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: A second document"),
        ("a: 1\nb: \x00\n", "f.yaml:2:4: There is a character"),
        ("? [1, 2]\n: 3\n", "f.yaml:1:3: A key"),
        ("a: 'open\n", "f.yaml:2:1: This is not YAML"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_place(text: str, place: str) -> None:
    """Syntax errors, anchors, tags, second documents and odd keys name line and column."""
    assert problems(text)[0].startswith(place)


def test_bombs_are_refused_quickly() -> None:
    """Billion laughs, deep nesting and a file too large end at once."""
    laughs = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdef", "bcdefg", strict=True))
    start = time.process_time()
    assert "Anchors" in problems(laughs)[0]
    assert "nested deeper" in problems("[" * 100_000)[0]
    assert "nested deeper" in problems("\n".join(" " * depth + "-" for depth in range(200)))[0]
    assert "larger than" in problems("a: " + "x" * 600_000)[0]
    assert time.process_time() - start < 4


def test_files_that_cannot_be_read_are_problems(tmp_path: Path) -> None:
    """A missing file and a file in another charset are sentences, with the line where there is one."""
    with pytest.raises(Problems, match="cannot be read: No such file"):
        read_file(tmp_path / "none.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(Problems, match=r"latin\.yaml:2:1: This line is not UTF-8"):
        read_file(latin)
    marked = tmp_path / "marked.yaml"
    marked.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_file(marked).plain() == {"a": 1}


@given(st.text(max_size=200))
def test_any_text_is_nodes_or_problems(text: str) -> None:
    """Nothing but Problems comes out of read."""
    try:
        read(text, "f").plain()
    except Problems as caught:
        assert all(each.line >= 1 and each.column >= 1 for each in caught.problems)


@given(st.text(alphabet="[]{}:,-?&*!|>'\"#%@ \n\tab01~", max_size=80))
def test_any_yaml_like_text_is_nodes_or_problems(text: str) -> None:
    """The same for text made of YAML's own marks."""
    try:
        read(text, "f").plain()
    except Problems as caught:
        assert caught.problems
