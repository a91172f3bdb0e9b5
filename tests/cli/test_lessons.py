"""`lessons`: what the feedback so far comes to, on the terminal, as JSON and as a page."""

import html.parser
import re
import stat
from datetime import UTC, datetime

import pytest

from agent.cli import clock
from tests.agent.learnt import LONG, POLITE, a_year, told
from tests.cli.conftest import Home

NOW = datetime(2026, 6, 3, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def learnt(configured: Home) -> Home:
    """A user with a busy year behind."""
    for events in a_year(NOW):
        configured.happened(*events)
    return configured


class Reader(html.parser.HTMLParser):
    """Everything a browser would see: tags with their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_without_feedback_it_says_what_will_come(configured: Home) -> None:
    ended = configured.run("lessons")
    assert ended.code == 0
    assert ended.out.startswith("No feedback yet. When an employer answers your request for advice")


def test_polite_words_alone_are_called_so(configured: Home) -> None:
    """They were read, and there is nothing in them."""
    configured.happened(*told(POLITE, NOW))
    assert configured.run("lessons").out.startswith("1 piece of feedback so far, and no point in it to learn from")


def test_themes_come_with_quotes_and_sources(learnt: Home) -> None:
    """What several employers have said first; strengths apart; a pipe gets no colours and whole lines."""
    out = learnt.run("lessons").out
    assert "\x1b" not in out
    assert re.search(r"Clear, brief answers +3 +3 +2025-08, 2025-10, 2026-02 *\n", out)
    assert out.index("Clear, brief answers") < out.index("What to keep")
    assert re.search(r"    “You knew little about our product\.”  Priya Nair, Northwind, 31 Oct 2025 \(\w{6}\)\n", out)
    assert "Sam Lee, Orchard, 27 Feb 2026, on the phone" in out
    assert "Others were simply a better fit" not in out


def test_what_is_protected_is_named_without_its_words(learnt: Home) -> None:
    out = learnt.run("lessons").out
    left = out[out.index("Left out") :]
    assert re.search(r"Bluefin, 24 Apr 2026 \(\w{6}\)", left)
    assert "your age was a concern" not in out


def test_json_is_the_documented_form(learnt: Home) -> None:
    form = learnt.run("lessons", "--json").json
    assert list(form) == ["version", "now", "feedback", "work_on", "strengths", "left_out"]
    assert (form["version"], form["now"], form["feedback"]) == (1, "2026-06-03T12:00:00+00:00", 7)
    first = form["work_on"][0]
    assert list(first) == [
        "theme",
        "title",
        "practise",
        "mentions",
        "employers",
        "independent",
        "first",
        "last",
        "months",
        "points",
    ]
    assert first["independent"]
    assert list(first["points"][0]) == ["quote", "case", "employer", "position", "at", "who", "spoken"]
    assert [set(each) for each in form["left_out"]] == [{"case", "employer", "at"}]
    assert "your age was a concern" not in str(form)


def test_the_page_needs_nothing_else(learnt: Home) -> None:
    """No script, nothing fetched; both drawings are told in words as well; every tag is closed."""
    ended = learnt.run("lessons", "--html", "~/lessons.html")
    assert ended.code == 0, ended.err
    path = learnt.folder / "lessons.html"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    page = path.read_text()
    seen = Reader(page)
    assert seen.open == []
    tags = [tag for tag, _ in seen.tags]
    assert not {"script", "img", "link", "iframe", "object", "form", "a"} & set(tags)
    assert "url(" not in page
    assert "http" not in re.sub(r"<meta http-equiv", "", page)
    assert tags.count("svg") == tags.count("title") - 1 == tags.count("desc") == 2
    labelled = {attributes.get("id") for _, attributes in seen.tags}
    for tag, attributes in seen.tags:
        if tag == "svg":
            assert set((attributes["aria-labelledby"] or "").split()) <= labelled
    assert "prefers-color-scheme: dark" in page
    assert 'name="viewport"' in page
    assert "Clear, brief answers: 3." in seen.words


def test_the_page_escapes_what_mails_say(configured: Home) -> None:
    """A quote, an employer and a name with markup in them stay text."""
    evil = "<script>alert(1)</script>"
    text = f"Your answers were too long {evil} and hard to follow."
    configured.happened(*told(text, NOW, employer=f"Acme{evil}", who=f"Jane{evil} Doe"))
    assert configured.run("lessons", "--html", str(configured.folder / "page.html")).code == 0
    page = (configured.folder / "page.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; and hard to follow" in page
    assert page.count("&lt;script&gt;") >= 3


def test_an_empty_page_says_what_will_come(configured: Home) -> None:
    path = configured.folder / "page.html"
    assert configured.run("lessons", "--html", str(path)).code == 0
    assert "There is nothing here yet" in path.read_text()
    assert "<svg" not in path.read_text()


def test_a_page_of_ours_is_replaced_and_nothing_else(learnt: Home) -> None:
    """A slip of the hand costs nobody a file."""
    path = learnt.folder / "page.html"
    assert learnt.run("lessons", "--html", str(path)).code == 0
    assert learnt.run("lessons", "--html", str(path)).code == 0
    other = learnt.folder / "thesis.html"
    other.write_text("<p>Three years of work</p>")
    ended = learnt.run("lessons", "--html", str(other))
    assert (ended.code, other.read_text()) == (1, "<p>Three years of work</p>")
    assert "no page of Afterword's. Name another file, or add --force." in ended.err
    assert learnt.run("lessons", "--html", str(other), "--force").code == 0
    assert "Afterword lessons" in other.read_text()


def test_what_cannot_be_written_is_told(learnt: Home) -> None:
    """A folder, and a place that is not there; nothing is left lying about."""
    ended = learnt.run("lessons", "--html", str(learnt.folder))
    assert ended.code == 1
    assert "is a folder. Name a file in it" in ended.err
    ended = learnt.run("lessons", "--html", str(learnt.folder / "nowhere/page.html"))
    assert ended.code == 1
    assert "cannot be written: No such file or directory" in ended.err
    assert list(learnt.folder.glob(".afterword-*")) == []


def test_a_mail_cannot_steer_the_terminal(configured: Home) -> None:
    configured.happened(*told("Your answers were too long \x1b[31m and \u202e hard to follow.", NOW))
    out = configured.run("lessons").out
    assert "hard to follow" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_show_names_the_points_of_a_case(configured: Home) -> None:
    """Beside the mail itself."""
    case = configured.happened(*told(LONG, NOW))
    out = configured.run("show", case.id).out
    section = out[out.index("What the feedback says") :]
    assert "Clear, brief answers" in section
    assert "“but your answers were rather long and it was hard to follow the main point.”" in section
