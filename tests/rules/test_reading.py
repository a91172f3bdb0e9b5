"""What a person would read of a mail: the newest human text, whatever client wrote it."""

from datetime import UTC, datetime

import pytest

from connectors.message import Address, Message, MessageKey
from rules.load import Rulebook, load_rulebook
from rules.reading import Part, read, visible
from rules.reading.html import text_of
from rules.reading.sentences import split
from tests.rules.mails import message


def mail(text: str | None = None, html: str | None = None, subject: str = "") -> Message:
    return Message(
        key=MessageKey("k"),
        message_id=None,
        in_reply_to=None,
        references=(),
        sender=Address(address="jane@acme.example", name="Jane"),
        reply_to=(),
        to=(),
        cc=(),
        subject=subject,
        date=None,
        arrived=datetime(2026, 5, 12, tzinfo=UTC),
        outgoing=False,
        text=text,
        html=html,
    )


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook()


def newest(book: Rulebook, text: str | None = None, html: str | None = None) -> str:
    return " ".join(read(mail(text, html), book).text.split())


NEW = "We have decided to go with another candidate."

HISTORIES = {
    "gmail": "On Mon, 4 May 2026 at 14:22, Ana Sousa <ana@example.org> wrote:\n> I look forward to it.\n> Ana",
    "gmail wrapped": "On Mon, May 4, 2026 at 2:22 PM Ana Sousa-Fernandes <\nana@example.org> wrote:\n\n> Hello",
    "outlook": (
        "________________________________\nFrom: Ana Sousa <ana@example.org>\nSent: Monday, May 4, 2026 10:12 AM\n"
        "To: Jane\nSubject: Interview\n\nI look forward to our interview."
    ),
    "outlook classic": "-----Original Message-----\nFrom: Ana\nSent: Monday\nTo: Jane\nSubject: Hi\n\nI look forward.",
    "thunderbird german": "Am 04.05.26 um 14:22 schrieb Ana Sousa:\n> Ich freue mich auf das Gespräch.",
    "outlook german": "Von: Ana\nGesendet: Montag, 4. Mai 2026 10:12\nAn: Jane\nBetreff: Gespräch\n\nIch freue mich.",
    "apple": "On 4 May 2026, at 14:22, Ana Sousa <ana@example.org> wrote:\n\n> Looking forward!",
}


@pytest.mark.parametrize("client", HISTORIES)
def test_quoted_history_is_not_read(book: Rulebook, client: str) -> None:
    """Under a top-posted answer nothing of the history remains, whichever client quoted it."""
    assert newest(book, f"Hi Ana,\n\n{NEW}\n\n{HISTORIES[client]}\n") == f"Hi Ana, {NEW}"


def test_an_introduction_right_under_the_text_takes_none_of_it(book: Rulebook) -> None:
    """Without an empty line between, the line above “Jane wrote on ...” is still new, though it might be a name."""
    text = f"Hi Ana, {NEW}\nJane Doe wrote on 4 May 2026 at 14:22:\n> I look forward.\n"
    assert newest(book, text) == f"Hi Ana, {NEW}"


def test_answers_below_and_between_quotes_are_read(book: Rulebook) -> None:
    """Bottom- and inline-posting: every line that is not quoted is new."""
    text = "On Monday, 4 May 2026, Ana Sousa wrote:\n> Is there any news?\n\nYes, there is.\n> Which?\n\n" + NEW
    assert newest(book, text) == f"Yes, there is. {NEW}"


def test_a_forwarded_mail_is_the_text(book: Rulebook) -> None:
    """With nothing above the header block, what was forwarded is what the mail says."""
    text = (
        "FYI\n\n---------- Forwarded message ---------\nFrom: Dana <dana@acme.example>\nDate: Mon, 11 May 2026\n"
        f"Subject: Outcome\nTo: HR <hr@acme.example>\n\nDear Ana,\n{NEW}\n"
    )
    assert NEW in newest(book, text)


def test_a_header_block_within_the_body_is_passed_over(book: Rulebook) -> None:
    """Some systems send the mail's own header again as text."""
    text = f"From: Acme\nSent: Monday\nTo: Ana Sousa\nSubject: Your application\n\nDear Ana,\n\n{NEW}\n"
    assert newest(book, text) == f"Dear Ana, {NEW}"


@pytest.mark.parametrize("closing", ["--", "-- ", "Best regards,", "Mit freundlichen Grüßen", "Sent from my iPhone"])
def test_what_stands_under_the_closing_is_the_signature(book: Rulebook, closing: str) -> None:
    """A signature is kept apart: it names people, and decides nothing."""
    reading = read(mail(f"Dear Ana,\n\n{NEW}\n\n{closing}\nJane Doe\nAcme Ltd\n"), book)
    assert "Jane Doe" not in reading.text
    assert "Jane Doe" in [each.text for each in reading.sentences if each.part is Part.SIGNATURE]


def test_text_goes_on_behind_a_closing_in_the_middle(book: Rulebook) -> None:
    """A mail in two languages takes leave twice; a long line or a greeting is no signature."""
    text = f"Guten Tag,\n\nwir melden uns bald.\n\nMit freundlichen Grüßen\nJane\n\nDear Ana,\n{NEW}\n"
    assert NEW in newest(book, text)


def test_html_is_read_as_it_is_seen() -> None:
    """Hidden preheaders, styles and scripts are left out; blocks end lines; cells and inline marks glue nothing."""
    seen = text_of(
        "<html><head><title>t</title><style>p{}</style></head><body><div style='display : none'>You are hired!</div>"
        "<p>Dear <b>A</b>na,</p><p>one<br>two</p><table><tr><td>Role</td><td>Clerk</td></tr></table>"
        "<script>x()</script><ul><li>first</li><li>second</li></ul></body></html>"
    )
    lines = [" ".join(line.split()) for line in seen.split("\n") if line.strip()]
    assert lines == ["Dear Ana,", "one", "two", "Role Clerk", "first", "second"]


def test_layout_tricks_do_not_hide_the_text() -> None:
    """MJML sets font-size:0 on what surrounds the visible text."""
    assert "Dear Ana" in text_of("<td style='font-size:0px'><div style='font-size:16px'>Dear Ana</div></td>")


def test_html_quotes_are_history(book: Rulebook) -> None:
    """Gmail's quote block is marked like a quote in plain text."""
    html = f"<div>{NEW}</div><div class=gmail_quote>On Mon, Ana wrote:<br><blockquote>Hired?</blockquote></div>"
    assert newest(book, html=html) == NEW


def test_a_stub_in_the_plain_part_gives_way_to_html(book: Rulebook) -> None:
    """Some senders put a remark about HTML where the text should be; a real plain part is preferred."""
    long = (
        "Dear Ana, thank you for your patience while we finished our conversations with everybody on the list. We read "
        "every application with care. " + NEW
    )
    assert newest(book, "Please view this mail in HTML.", f"<p>{long}</p>") == long
    assert newest(book, long, "<p>other</p>") == long


def test_invisible_characters_and_direction_marks_are_removed(book: Rulebook) -> None:
    """Zero-width and direction characters cannot split the words of a rule."""
    assert (
        newest(book, "We have de\u200bcided\u202e to go with an\u00adother\u00a0candidate.\x00")
        == NEW.replace(".", ". ").strip()
    )


def test_sentences_survive_hard_wraps_and_abbreviations() -> None:
    """Wrapped lines are joined, list items are not, and “Dr.” ends nothing."""
    text = (
        "We have spoken with Dr. Smith about it and we have now decided to move\nforward with other candidates. "
        "We wish you\nwell!\n\n- first point\n- second point\n"
    )
    assert [each.text for each in split(text, frozenset({"dr"}))] == [
        "We have spoken with Dr. Smith about it and we have now decided to move forward with other candidates.",
        "We wish you well!",
        "- first point",
        "- second point",
    ]


def test_a_sentence_without_an_end_is_cut() -> None:
    """No sentence is longer than 600 characters, and no word is lost."""
    pieces = split("word " * 2000)
    assert all(len(each.text) <= 600 for each in pieces)
    assert sum(len(each.text.split()) for each in pieces) == 2000


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thank you for the time that you took to talk to us about this role.", ("en",)),
        ("Vielen Dank für die Zeit, die Sie sich für uns genommen haben.", ("de",)),
        ("xyzzy plugh", ()),
    ],
)
def test_the_language_is_known_by_its_small_words(book: Rulebook, text: str, language: tuple[str, ...]) -> None:
    """English, German, or not known."""
    assert read(mail(text), book).languages[:1] == language


def test_an_address_in_angle_brackets_is_no_markup() -> None:
    """“<p.hendriks@…>” is not a paragraph."""
    text = "We invite you.\n\nOn Monday, P. Hendriks <p.hendriks@acme.example> wrote:\n> I withdraw.\n"
    assert visible(message(text)) == text
