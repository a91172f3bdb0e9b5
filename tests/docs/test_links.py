"""What the documentation points at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"(?ms)^```.*?^```$")


def headings(page: Path) -> set[str]:
    """The anchors of a page, as its readers' web sites make them."""
    lines = re.findall(r"(?m)^#+ (.+)$", _FENCE.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", line.casefold()).replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """Files and headings that a page links to exist; addresses elsewhere are https."""
    for target in _LINK.findall(_FENCE.sub("", page.read_text())):
        if "://" in target:
            assert target.startswith("https://"), target
            continue
        place, _, anchor = target.partition("#")
        linked = (page.parent / place).resolve() if place else page
        assert linked.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in headings(linked), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_the_site_needs_nothing_outside_of_it(page: Path) -> None:
    """A link out of the folder leads nowhere on the site: name the file instead."""
    assert [each for each in _LINK.findall(_FENCE.sub("", page.read_text())) if each.startswith("..")] == []


def test_there_are_pages() -> None:
    """The test above looks at something."""
    assert {"README.md", "CONTRIBUTING.md", "architecture.md"} <= {page.name for page in PAGES}
