"""New words are told from old ones, whichever mail program quoted, in English and German."""

import pytest

from rules.reading import Part, read
from tests.rules.mails import book, message

NEW = "Thank you for the talk last week."
OLD = "It was a pleasure to meet the whole team."
NEU = "Vielen Dank für das Gespräch in der letzten Woche."
ALT = "Ich habe mich sehr über die Einladung gefreut."

ATTRIBUTIONS = {
    "gmail": "On Mon, May 4, 2026 at 2:22 PM Ana Sousa <ana@example.org> wrote:",
    "gmail, wrapped": "On Mon, May 4, 2026 at 2:22 PM Ana Maria Sousa-Fernandes <|ana.maria@example.org> wrote:",
    "gmail, 24 h": "On Mon, 4 May 2026 at 14:22, Ana Sousa <ana@example.org> wrote:",
    "gmail, German": "Am Mo., 4. Mai 2026 um 14:22 Uhr schrieb Ana Sousa <ana@example.org>:",
    "gmail, German, wrapped": "Am Mo., 4. Mai 2026 um 14:22 Uhr schrieb Ana Maria Sousa <|ana@example.org>:",
    "apple mail": "On 4 May 2026, at 14:22, Ana Sousa <ana@example.org> wrote:",
    "apple mail, German": "Am 04.05.2026 um 14:22 schrieb Ana Sousa <ana@example.org>:",
    "thunderbird": "On 5/4/26 14:22, Ana Sousa wrote:",
    "thunderbird, swapped": "Ana Sousa wrote on 5/4/26 2:22 PM:",
    "thunderbird, German": "Am 04.05.26 um 14:22 schrieb Ana Sousa:",
    "yahoo": "On Monday, May 4, 2026, 02:22:08 PM GMT+1, Ana Sousa <ana@example.org> wrote:",
    "proton": "On Monday, May 4th, 2026 at 2:22 PM, Ana Sousa <ana@example.org> wrote:",
}
"""What mail programs write over a quote; | ends a line."""

BLOCKS = {
    "outlook": "From: Ana Sousa <ana@example.org>|Sent: Monday, May 4, 2026 2:22 PM|To: Jane Doe|Subject: Re: Talk",
    "outlook, web": "________________________________|From: Ana|Sent: 04 May 2026 14:22|To: Jane Doe|Subject: Talk",
    "outlook, bold": "*From:* Ana Sousa|*Sent:* Monday, May 4, 2026|*To:* Jane Doe|*Subject:* Talk",
    "outlook, old": "-----Original Message-----|From: Ana|Sent: Monday, May 4, 2026|To: Jane|Subject: Talk",
    "outlook, German": "Von: Ana Sousa <ana@example.org>|Gesendet: Montag, 4. Mai 2026|An: Jane|Betreff: AW: Talk",
    "outlook, old, German": "-----Ursprüngliche Nachricht-----|Von: Ana|Gesendet: Montag|An: Jane|Betreff: Talk",
    "gmx": 'Gesendet: Montag, 04. Mai 2026 um 14:22 Uhr|Von: "Ana Sousa" <ana@example.org>|An: Jane|Betreff: Talk',
    "mobile": "-------- Original message --------|From: Ana Sousa|Date: 04/05/2026 14:22|To: Jane Doe|Subject: Talk",
    "mobile, German": "-------- Original-Nachricht --------|Von: Ana|Datum: 04.05.26|An: Jane|Betreff: Talk",
}
"""The header blocks of others, which mark the quote below in no other way."""

FORWARDS = {
    "gmail": "---------- Forwarded message ---------|From: Dana|Date: Mon, May 11, 2026|Subject: Outcome|To: HR",
    "gmail, German": "---------- Forwarded message ---------|Von: Dana|Date: Mo., 11. Mai 2026|Subject: x|To: HR",
    "thunderbird": "-------- Forwarded Message --------|Subject: Outcome|Date: Mon, 11 May 2026|From: Dana|To: HR",
    "thunderbird, German": "-------- Weitergeleitete Nachricht --------|Betreff: x|Datum: Mo|Von: Dana|An: HR",
    "apple mail": "Begin forwarded message:||From: Dana <dana@acme.example>|Subject: Outcome|Date: 11 May 2026|To: HR",
    "apple mail, German": "Anfang der weitergeleiteten Nachricht:||Von: Dana|Betreff: x|Datum: 11. Mai 2026|An: HR",
    "outlook": "From: Dana <dana@acme.example>|Sent: Monday, May 11, 2026|To: HR|Subject: Outcome",
}


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def newest(text: str | None, **fields: object) -> str:
    return " ".join(read(message(text, **fields), book()).text.split())


def old(text: str | None, **fields: object) -> str:
    sentences = read(message(text, **fields), book()).sentences
    return " ".join(each.text for each in sentences if each.part is Part.QUOTE)


def over(introduction: str, text: str) -> str:
    return introduction.replace("|", "\n") + f"\n\n{text}\n"


@pytest.mark.parametrize("introduction", [*ATTRIBUTIONS.values(), *BLOCKS.values()], ids=[*ATTRIBUTIONS, *BLOCKS])
@pytest.mark.parametrize(("new", "before"), [(NEW, OLD), (NEU, ALT)], ids=["en", "de"])
def test_an_answer_above_the_quote(introduction: str, new: str, before: str) -> None:
    """Only what the sender wrote now is new; what they quote is known as history, marked with > or not."""
    for history in (before, quoted(before)):
        text = f"Dear Ana,\n\n{new}\n\n{over(introduction, history)}"
        assert newest(text) == f"Dear Ana, {new}"
        assert before in old(text)


@pytest.mark.parametrize("introduction", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_an_answer_below_the_quote(introduction: str) -> None:
    """Mailing-list style: the attribution and the marked lines are old, everything else is new."""
    text = f"{over(introduction, quoted(OLD))}\n{NEW}\n"
    assert newest(text) == NEW
    assert OLD in old(text)


def test_an_answer_between_the_quotes() -> None:
    """Point by point."""
    text = f"On 5/4/26 14:22, Ana Sousa wrote:\n{quoted('Is there any news?')}\n\n{NEW}\n\n{quoted(OLD)}\nSame here.\n"
    assert newest(text) == f"{NEW} Same here."


def test_a_deep_history_is_history() -> None:
    """Quotes of quotes, of several clients."""
    first = over(ATTRIBUTIONS["gmail"], quoted(f"One.\n\n{over(ATTRIBUTIONS['thunderbird, German'], quoted(OLD))}"))
    assert newest(f"{NEW}\n\n{first}\n{over(BLOCKS['outlook'], 'Two.')}") == NEW


@pytest.mark.parametrize("introduction", FORWARDS.values(), ids=FORWARDS)
@pytest.mark.parametrize("remark", ["", "FYI\n\n", "Zur Info\n\n"])
def test_a_forwarded_mail_is_what_the_mail_says(introduction: str, remark: str) -> None:
    """Without words of its own above, the forwarded text is the newest."""
    for forwarded in (over(introduction, f"Dear Ana,\n\n{NEW}"), over(introduction, quoted(f"Dear Ana,\n\n{NEW}"))):
        assert newest(remark + forwarded).endswith(f"Dear Ana, {NEW}")


def test_a_forwarded_mail_under_own_words_is_history() -> None:
    """Who forwards and comments says something themselves."""
    own = "Hi Ana, please see below, and do call me."
    for introduction in FORWARDS.values():
        assert newest(f"{own}\n\n{over(introduction, OLD)}") == own


@pytest.mark.parametrize(
    "closing",
    [
        *("-- ", "--", "Best regards,", "Kind regards", "Many thanks,", "Sincerely,", "Cheers,", "All the best,"),
        *("Warm regards,", "Yours sincerely,", "Best,", "Sent from my iPhone", "Get Outlook for iOS"),
        *("Mit freundlichen Grüßen", "Viele Grüße", "Herzliche Grüße aus Köln", "Beste Grüße,", "LG", "MfG"),
        *("Liebe Grüße", "Mit besten Grüßen", "Freundliche Grüsse", "Von meinem iPhone gesendet"),
    ],
)
def test_a_signature_is_kept_apart(closing: str) -> None:
    """It names people and companies, and decides nothing."""
    reading = read(
        message(f"Dear Ana,\n\n{NEW}\n\n{closing}\nJane Doe\nHead of Nothing\nAcme Ltd, 1 High Street\n"), book()
    )
    assert " ".join(reading.text.split()) == f"Dear Ana, {NEW}"
    signature = [each.text for each in reading.sentences if each.part is Part.SIGNATURE]
    assert "Jane Doe" in " ".join(signature)
    assert all(each.part is not Part.QUOTE for each in reading.sentences)


@pytest.mark.parametrize(
    "text",
    [
        f"Thanks for coming in, and best regards to your family, which I met outside.\n\n{NEW}",
        f"{NEW}\n\n- first we read\n- then we talk\n\nUntil then, all is said.",
        f"From: the whole team, a big thank you.\n\n{NEW}",
        f"On Monday we wrote: nothing is decided.\n\n{NEW}",
        f"{NEW}\n\nWhen: Tuesday\nWhere: our office\nWho: Jane Doe\n\nPlease bring nothing.",
    ],
)
def test_new_words_that_look_old_stay(text: str) -> None:
    """One line like a header, a closing or an attribution is no history, and no signature either."""
    assert newest(text) == " ".join(text.split())


def test_two_languages_in_one_mail_are_both_read() -> None:
    """The second half stands under the closing of the first."""
    german = f"Sehr geehrte Frau Sousa,\n\n{NEU}\n\nMit freundlichen Grüßen\nJane Doe\n"
    english = f"Dear Ms Sousa,\n\n{NEW}\n\nKind regards\nJane Doe\n"
    reading = read(message(f"{german}\n---\n\n{english}"), book())
    assert NEU in reading.text
    assert NEW in reading.text
    assert set(reading.languages) == {"de", "en"}


def test_the_html_part_alone_is_divided_as_well() -> None:
    """Gmail, Outlook, Apple and Thunderbird mark quotes in their own ways."""
    quotes = [
        f'<div class="gmail_quote"><div>On Mon, May 4, 2026 Ana wrote:<br></div><blockquote>{OLD}</blockquote></div>',
        f'<div class="gmail_quote gmail_quote_container">On Mon, Ana wrote:<blockquote>{OLD}</blockquote></div>',
        f'<div class="moz-cite-prefix">On 5/4/26, Ana wrote:<br></div><blockquote type="cite">{OLD}</blockquote>',
        f'<blockquote type="cite"><div>On 4 May 2026, at 14:22, Ana wrote:</div><br>{OLD}</blockquote>',
        f'<div class="yahoo_quoted"><div>On Monday, Ana wrote:</div><div>{OLD}</div></div>',
        f'<div class="protonmail_quote">On Monday, Ana wrote:<blockquote>{OLD}</blockquote></div>',
        (
            '<div id="divRplyFwdMsg"><b>From:</b> Ana Sousa<br><b>Sent:</b> Monday, May 4, 2026<br><b>To:</b> Jane<br>'
            f"<b>Subject:</b> Interview</div><div>{OLD}</div>"
        ),
        (
            "<div style='border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>Von:</b> Ana Sousa <br><b>Gesendet:</b> "
            f"Montag, 4. Mai 2026<br><b>An:</b> Jane<br><b>Betreff:</b> Gespräch</p></div><p class=MsoNormal>{OLD}</p>"
        ),
    ]
    for quote in quotes:
        html = f"<html><body><div>Dear Ana,</div><p>{NEW}</p>{quote}</body></html>"
        assert newest(None, html=html) == f"Dear Ana, {NEW}", quote
