"""A letter above the mail it answers, as Outlook lays it out, and the letter alone again out of that.

``comment`` of createReply is taken for HTML: line breaks in plain text are lost there. Should some server write the
tags out instead, ``says`` tells, and the draft is set right at once.
"""

import html
import re

from selectolax.lexbor import LexborHTMLParser

_LIMIT = 200_000
"""Characters of a body that are looked at: the letter stands on top of it."""
_QUOTE = re.compile(
    r"""<hr\b
    | <div\b[^<>]{0,300}\bid\s*=\s*["']?(?:divRplyFwdMsg|appendonsend)\b   # Graph, Outlook on the web, new Outlook
    | <div\b[^<>]{0,300}border-top:\s*solid                                # classic Outlook
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TEXT_QUOTE = re.compile(r"^_{20,}[ \t]*$", re.MULTILINE)
_BODY = re.compile(r"<body\b[^<>]{0,2000}>", re.IGNORECASE)
_LINE_END = re.compile(r"(?i)<br\b[^<>]{0,200}>|(?=</(?:p|div|li|tr|h[1-6])>)")


def as_html(text: str) -> str:
    """Plain text as HTML that looks the same."""
    return "<br>\n".join(html.escape(line, quote=False) for line in text.splitlines())


def above_quote(body: str, *, is_html: bool) -> str:
    """What the user would say is their own: all above the quoted mail."""
    body = body[:_LIMIT]
    found = (_QUOTE if is_html else _TEXT_QUOTE).search(body)
    return body[: found.start()] if found else body


def says(body: str, text: str) -> bool:
    """Whether the HTML body shows the text above its quote, line by line."""
    shown = LexborHTMLParser(_LINE_END.sub("\n", re.sub(r"[\r\n]+", " ", above_quote(body, is_html=True)))).body
    return _lines(shown.text() if shown else "") == _lines(text)


def set_right(body: str, text: str) -> str:
    """The HTML body with the text above its quote, in place of whatever stands there."""
    opening = _BODY.search(body)
    start = opening.end() if opening else 0
    quote = _QUOTE.search(body, start)
    return f"{body[:start]}{as_html(text)}<br>{body[quote.start() :] if quote else ''}"


def _lines(text: str) -> list[str]:
    return [line for each in text.splitlines() if (line := " ".join(each.split()))]
