"""Every sentence that a mailbox or the store can say has its row on the troubleshooting page, and no row is stale."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/troubleshooting.md").read_text()
ROWS = [row.strip() for row in re.findall(r"(?m)^\| (.+?) \|", PAGE) if row.strip() != "it says"]

_FAILURES = {"Refused", "Unavailable", "CursorExpired", "Unreadable", "StoreTrouble", "AlreadyRunning", "OtherForm"}
_FAILURES |= {"NoSignIn", "Busy", "Lost"}
_GIVES_SENTENCE = re.compile(r"_refusal|_sentence|_newer")
"""Functions that make the sentence of one of them."""
_SHORT = 12
"""Letters that a sentence has besides the values in it; less is no sentence."""

SPEAKING = sorted(ROOT.joinpath("connectors").rglob("*.py"))
SPEAKING += [ROOT / "agent/lock.py", *sorted(ROOT.joinpath("agent/journal").glob("*.py"))]
OTHERS = [path for room in ("config", "turn") for path in sorted(ROOT.joinpath("agent", room).glob("*.py"))]


def text(node: ast.expr) -> str:
    """A string as the code has it, with … for each value in it."""
    match node:
        case ast.Constant(value=str(plain)):
            return plain
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.BinOp(left=left, right=right):
            return text(left) + text(right)
    return "…"


def sentences(path: Path) -> Iterator[str]:
    """What the failures of this file tell the user."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in _FAILURES:
                yield from map(text, arguments)
            case ast.FunctionDef(name=name) if _GIVES_SENTENCE.fullmatch(name):
                yield from (text(each.value) for each in ast.walk(node) if isinstance(each, ast.Return) and each.value)
            case ast.ClassDef(bases=bases) if {ast.unparse(base) for base in bases} & _FAILURES:
                inits = (each for each in ast.walk(node) if isinstance(each, ast.Call))
                yield from (text(arg) for each in inits if "super" in ast.unparse(each.func) for arg in each.args)


def strings(path: Path) -> Iterator[str]:
    """Every text in this file."""
    kinds = (ast.Constant, ast.JoinedStr, ast.BinOp)
    yield from (text(node) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds))


def is_told(sentence: str, row: str) -> bool:
    """Whether the row is this sentence's: … stands for anything in it, and the way quotes are set does not count."""
    wanted = ".*".join(map(re.escape, re.sub(r"[`']", "", row).split("…")))
    return re.fullmatch(wanted, re.sub(r"[`']", "", " ".join(sentence.split()))) is not None


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sentence_has_its_row(path: Path) -> None:
    """With the names in it left out."""
    said = {sentence for sentence in sentences(path) if len(sentence.replace("…", "")) > _SHORT}
    assert sorted(each for each in said if not any(is_told(each, row) for row in ROWS)) == []


def test_no_row_is_stale() -> None:
    """Each row is what some part of the program says today."""
    said = {each for path in (*SPEAKING, *OTHERS) for each in strings(path)}
    assert [row for row in ROWS if not any(is_told(each, row) for each in said)] == []


def test_it_looks_at_something() -> None:
    """Sentences of each kind are found, and one that nobody wrote a row for would be missed."""
    found = {sentence for path in SPEAKING for sentence in sentences(path)}
    assert len(found) > 120
    for words in ("closed the connection", "is full. Nothing is lost", "would not do that now", "takes no draft"):
        assert any(words in each for each in found)
    assert not any(is_told("… said nothing that we could understand", row) for row in ROWS)
    assert all(len(row.replace("…", "")) > _SHORT or row == "account …: …. Then …" for row in ROWS)
