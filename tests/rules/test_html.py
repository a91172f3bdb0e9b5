"""HTML is read as a person sees it."""

import pytest

from rules.reading import visible
from rules.reading.html import text_of
from tests.rules.mails import message


def lines(html: str) -> list[str]:
    return [" ".join(line.split()) for line in text_of(html).split("\n") if line.strip()]


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">You are hired</div>',
        '<div style="DISPLAY : NONE !important; max-height: 0">You are hired</div>',
        '<span style="visibility:hidden">You are hired</span>',
        '<div style="max-height:0;overflow:hidden">You are hired</div>',
        '<div style="max-height:0px;opacity:0">You are hired</div>',
        '<span style="opacity:0">You are hired</span>',
        '<p class="preheader">You are hired</p>',
        "<p hidden>You are hired</p>",
        "<title>You are hired</title>",
        "<style>p:after{content:'You are hired'}</style>",
        "<script>document.write('You are hired')</script>",
        "<noscript>You are hired</noscript>",
        "<template><p>You are hired</p></template>",
        "<!-- You are hired -->",
        "<!--[if mso]><p>You are hired</p><![endif]-->",
        '<img alt="" src="https://track.example/You-are-hired">',
        "<select><option>You are hired</option></select>",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    """Preheaders, scripts, comments and tracking say nothing to the reader."""
    assert lines(f"<html><body>{hidden}<p>Dear Ana,</p></body></html>") == ["Dear Ana,"]


@pytest.mark.parametrize(
    "shown",
    [
        '<td style="font-size:0px"><div style="font-size:16px">Dear Ana,</div></td>',
        '<div style="line-height:0;mso-hide:none">Dear Ana,</div>',
        '<div style="max-height:0.5in">Dear Ana,</div>',
        '<div style="opacity:0.9">Dear Ana,</div>',
        '<body style="visibility:hidden">Dear Ana,</body>',
        "<p>De<b>a</b>r A<i>n</i>a,",
        "<div><div><div>Dear Ana,</div>",
        "Dear&nbsp;Ana&#44;",
    ],
)
def test_what_is_shown_is_read(shown: str) -> None:
    """Layout tricks, broken tags and entities do not hide words."""
    assert lines(shown) == ["Dear Ana,"]


def test_tables_keep_their_cells_apart() -> None:
    """A row is a line, a cell a word at least."""
    html = "<table><tr><td>Role</td><td>Clerk</td></tr><tr><th>Place</th><td>Porto</td></tr></table>"
    assert lines(html) == ["Role Clerk", "Place Porto"]


def test_lists_and_headings_are_lines() -> None:
    """So that no sentence runs into the next."""
    html = "<h1>Next steps</h1><ul><li>first</li><li>second</li></ul><p>Bye</p>one<br>two<hr>three"
    assert lines(html) == ["Next steps", "first", "second", "Bye", "one", "two", "three"]


def test_white_space_is_laid_out_as_in_a_browser() -> None:
    """Source lines are no lines, and non-breaking spaces are spaces."""
    assert lines("<p>We have\n   decided&nbsp;to\tmove on.</p>") == ["We have decided to move on."]


def test_quotes_are_marked_as_in_plain_text() -> None:
    """Each line of a quote begins with >."""
    seen = lines("<p>new</p><blockquote><p>old</p><p>older</p></blockquote><p>new again</p>")
    assert [line for line in seen if line != ">"] == [
        "new",
        ">old",
        ">older",
        "new again",
    ]


def test_the_plain_part_is_read_where_it_is_a_letter() -> None:
    """A stub gives way to HTML that says more; HTML sent as plain text is read as HTML."""
    letter = (
        "Thank you for coming to our office on Monday and for all the questions that you have asked us about the role."
    )
    assert visible(message(letter + " And more than that.", html="<p>Something else</p>")).startswith(letter)
    assert visible(message("View this in your browser", html=f"<p>{letter}</p>")).strip() == letter
    assert visible(message("Short, but all there is", html="<p>Less</p>")) == "Short, but all there is"
    assert visible(message(None, html=f"<p>{letter}</p>")).strip() == letter
    assert visible(message(f"<html><body><p>{letter}</p></body></html>")).strip() == letter
    assert visible(message(None)) == ""
