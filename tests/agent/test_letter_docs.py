"""docs/letters.md shows the letters as they are: its samples and its table are printed from the code."""

import re
import textwrap
from pathlib import Path

from agent.correspondents import FoundBy, explain
from agent.letters import load_letters
from agent.letters.check import samples
from agent.letters.entries import FIELDS
from agent.letters.form import Fact, Register
from agent.tone import breaches

PAGE = Path(__file__).parents[2] / "docs" / "letters.md"

_SAMPLE = re.compile(r"<!-- sample: (\w+) (\w+) (\S+) (\d) (\w+) -->\n(?:```text\n.*?\n```\n)?", re.DOTALL)
_TABLE = re.compile(r"<!-- found_by -->\n\n?(?:\|.*\n)*")


def filled(page: str) -> str:
    """The page with every sample and the table as the code has them now."""
    return _TABLE.sub(_ways, _SAMPLE.sub(_sample, page))


def _sample(marker: re.Match[str]) -> str:
    language, kind, situation, number, register = marker.groups()
    wanted = set() if situation == "otherwise" else {word.replace("_", " ") for word in situation.split("+")}
    pack = load_letters().packs[language]
    entry = next(each for each in pack.entries if each.kind == kind and {fact.value for fact in each.when} == wanted)
    letter = next(samples(pack, entry, int(number) - 1, Register(register)))
    comment = marker[0].partition("\n")[0]
    paragraphs = [f"Subject: {letter.subject}", *letter.text("Ana Sousa").rstrip().splitlines()]
    shown = "\n\n".join([paragraphs[0], "\n".join(textwrap.fill(each, 96) for each in paragraphs[1:])])
    return f"{comment}\n```text\n{shown}\n```\n"


def _ways(_: re.Match[str]) -> str:
    rows = "".join(f"| `{word.value}` | {explain(word)} |\n" for word in FoundBy)
    return f"<!-- found_by -->\n\n| found by | means |\n|---|---|\n{rows}"


def test_the_example_of_own_letters_is_right(tmp_path: Path) -> None:
    """It loads as it stands, passes every check, and is what a case gets."""
    path = tmp_path / "my-rules.yaml"
    (example,) = re.findall(r"<!-- example: own letters -->\n```yaml\n(.*?)```\n", PAGE.read_text("utf-8"), re.DOTALL)
    path.write_text(example, encoding="utf-8")
    book = load_letters(["en", "de"], [path])
    assert [entry.kind for pack in book.packs.values() for entry in pack.entries if entry.own] == ["request", "close"]
    assert book.known.is_agency("tom@brightsearch.example")
    assert "en/journey" in {breach.rule for breach in breaches("Thank you for my journey.", "en", None, book.tone)}


def test_every_situation_is_named_on_the_page() -> None:
    """Whoever writes letters of their own finds them all."""
    page = PAGE.read_text(encoding="utf-8")
    assert [fact for fact in Fact if f"`{fact.value}`" not in page] == []
    assert [field for field in FIELDS if f"`{field}`" not in page] == []


def test_the_page_shows_the_letters_as_they_are() -> None:
    """Changing a wording changes the page; this test's ``filled`` writes it."""
    page = PAGE.read_text(encoding="utf-8")
    assert len(_SAMPLE.findall(page)) >= 8
    assert page == filled(page)
