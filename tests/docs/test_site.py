"""The documentation as a site: it is built without a warning, needs nothing from elsewhere, and leads to every page."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = {path.name for path in DOCS.glob("*.md")}
_LOADED = re.compile(
    r"<(?:script|img|iframe|source)[^>]* src=\"?(https?:[^\" >]+)|<link[^>]* href=\"?(https?:[^\" >]+)"
)
"""What a browser fetches without being asked, unlike a link."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as `make docs` builds it, elsewhere."""
    place = tmp_path_factory.mktemp("site")
    shutil.copy(ROOT / "mkdocs.yml", place)
    shutil.copytree(DOCS, place / "docs", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    build = [Path(sys.executable).parent / "zensical", "build", "--strict"]
    done = subprocess.run(build, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return place / "site"


def test_every_page_is_there(site: Path) -> None:
    """As a page, and with its text."""
    assert {path.with_suffix(".md").name for path in site.glob("*.html")} - {"404.md"} == PAGES
    assert "puts a well-worded request for advice" in (site / "index.html").read_text(encoding="utf-8")


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    """No font, no script, no picture: whoever reads it is seen by nobody, and it works without a network."""
    fetched = {each for page in site.glob("*.html") for each in _LOADED.findall(page.read_text(encoding="utf-8"))}
    assert fetched == set()


def test_every_page_has_its_place() -> None:
    """A new page stands in the navigation too."""
    named = re.findall(r"([\w-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(PAGES)
