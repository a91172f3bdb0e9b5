"""docs/stories.md: each story as it really went. `make stories` writes the page; every run of a story compares."""

import os
import re
import textwrap
from email.message import EmailMessage
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/stories.md"
WRITES = os.environ.get("AFTERWORD_WRITE_STORIES") == "1"

_WIDTH = 100


def section(title: str) -> str | None:
    """What the page says of a story."""
    found = re.search(rf"(?ms)^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE.read_text())
    return found[1].strip() if found else None


def write(title: str, text: str) -> None:
    """Put a story in the place of its old form, or at the end."""
    page = PAGE.read_text().rstrip() + "\n"
    old = re.search(rf"(?ms)^## {re.escape(title)}\n.*?(?=^## |\Z)", page)
    new = f"## {title}\n\n{text}\n"
    if old:
        rest = page[old.end() :]
        PAGE.write_text(page[: old.start()] + new + (f"\n{rest}" if rest else ""))
    else:
        PAGE.write_text(f"{page}\n{new}")


def titles() -> list[str]:
    """The stories that the page tells, in their order."""
    return re.findall(r"(?m)^## (.+)$", PAGE.read_text())


def quoted(text: str) -> str:
    """The middle of a mail, without greeting and signature, as a quotation."""
    paragraphs = [" ".join(each.split()) for each in text.strip().split("\n\n")]
    inner = [each for each in paragraphs if not re.match(r"(Dear|Hi|Hello) |(Kind|Best) |Best |Jane |Acme ", each)]
    return "\n>\n".join(f"> {each}" for each in inner)


def letter(draft: EmailMessage) -> str:
    """A draft as the user reads it."""
    head = [f"To: {draft['To'] or '(nobody yet)'}", f"Subject: {draft['Subject']}", ""]
    lines = draft.get_content().rstrip().splitlines()
    return "\n".join(["```text", *head, *(textwrap.fill(line, _WIDTH) for line in lines), "```"])
