"""HTML to the text a person would see, with quotes marked by ``>`` as in plain text. Bounded time on any input.

The tree is read by selectolax (lexbor, HTML5). Building it is quadratic in depth, so input is cut at 200 KB, and what
is nested absurdly deep is stripped of its tags without building a tree.
"""

import html as entities
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_HTML = 200 * 1024
MAX_DEPTH = 600

_LINE, _BLOCK, _OPEN, _CLOSE, _SPACE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
"""Marks put into the tree, from the private use area; removed from the input first."""
_MARKS = re.compile("[\ue000-\ue004]")

_DROPPED = "script, style, head, title, noscript, template, svg, object, iframe, select, textarea, [hidden], .preheader"
_QUOTES = (
    "blockquote, .gmail_quote, .yahoo_quoted, .moz-cite-prefix, .protonmail_quote, .tutanota_quote, "
    "#OLK_SRC_BODY_SECTION, [name=messageReplySection]"
)
"""Outlook marks nothing: its history is known by the header block at its top (``rules.reading.history``)."""

_LINES = "br"
_BLOCKS = (
    "p, div, table, tr, ul, ol, li, h1, h2, h3, h4, h5, h6, pre, hr, section, article, header, footer, center, dt, dd"
)
_CELLS = "td, th"
_HIDDEN = re.compile(
    r"display:none|visibility:hidden|max-height:0(?:px)?(?:;|!|$)|(?:^|;)opacity:0(?:\.0+)?(?:;|!|$)",
)
"""Not ``font-size:0`` and ``mso-hide``: layouts made with MJML carry them around text that is seen."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})[^<>]{0,4000}?(/?)>")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_ANY_TAG = re.compile(r"<[^<>]{0,4000}>")
_SPACES = re.compile(r"[^\S\n]+")


def text_of(html: str) -> str:
    """The visible text; lines of quoted history begin with ``>``."""
    source = _MARKS.sub("", html[:MAX_HTML].replace("\x00", ""))
    if _too_deep(source):
        return entities.unescape(_ANY_TAG.sub("\n", source))
    tree = LexborHTMLParser(source)
    body = tree.body
    if body is None:
        return ""
    _drop(tree)
    for selector, before, after in (
        (_LINES, "", _LINE),
        (_BLOCKS, _BLOCK, _BLOCK),
        (_CELLS, "", _SPACE),
        (_QUOTES, _OPEN, _CLOSE),
    ):
        for node in body.css(selector):
            _surround(node, before, after)
    return _laid_out(body.text(deep=True))


def _drop(tree: LexborHTMLParser) -> None:
    """Remove what is not shown: scripts, hidden preheaders, tracking."""
    for node in tree.css(_DROPPED):
        node.decompose()
    for node in tree.css("[style]"):
        style = "".join((node.attributes.get("style") or "").split()).lower()
        if _HIDDEN.search(style) and node.tag not in ("body", "html"):
            node.decompose()


def _surround(node: LexborNode, before: str, after: str) -> None:
    if before:
        node.insert_before(before)
    node.insert_after(after)


def _laid_out(text: str) -> str:
    """White space as a browser lays it out; quote marks become ``>`` at the lines' starts."""
    text = " ".join(text.split())
    lines: list[str] = []
    depth = 0
    for piece in re.split("([\ue000-\ue004])", text):
        if piece == _SPACE:
            lines.append(" ")
        elif piece in (_LINE, _BLOCK, _OPEN, _CLOSE):
            depth = max(depth + (piece == _OPEN) - (piece == _CLOSE), 0)
            lines.append(("\n" if piece == _LINE else "\n\n") + (">" if depth else ""))
        elif piece:
            lines.append(piece)
    return _SPACES.sub(" ", "".join(lines))


def _too_deep(source: str) -> bool:
    return source.count("<") > MAX_DEPTH and max(_depths(source), default=0) > MAX_DEPTH


def _depths(source: str) -> Iterator[int]:
    """How many tags are open, tag by tag; an upper bound, since a parser closes some by itself."""
    depth = 0
    for tag in _TAG.finditer(source):
        if tag[1]:
            depth = max(depth - 1, 0)
        elif not tag[3] and tag[2].lower() not in _VOID:
            depth += 1
            yield depth
