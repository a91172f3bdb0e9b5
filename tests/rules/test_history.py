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
    "gmail, wrapped": "On Mon, May 4, 2026 at 2:22 PM Ana Maria Sousa-Fernandes <\nana.maria@example.org> wrote:",
    "gmail, 24 h": "On Mon, 4 May 2026 at 14:22, Ana Sousa <ana@example.org> wrote:",
    "apple mail": "On 4 May 2026, at 14:22, Ana Sousa <ana@example.org> wrote:",
    "thunderbird": "On 5/4/26 14:22, Ana Sousa wrote:",
    "thunderbird, swapped": "Ana Sousa wrote on 5/4/26 2:22 PM:",
    "yahoo": "On Monday, May 4, 2026, 02:22:08 PM GMT+1, Ana Sousa <ana@example.org> wrote:",
    "proton": "On Monday, May 4th, 2026 at 2:22 PM, Ana Sousa <ana@example.org> wrote:",
    "gmail, German": "Am Mo., 4. Mai 2026 um 14:22 Uhr schrieb Ana Sousa <ana@example.org>:",
    "gmail, German, wrapped": "Am Mo., 4. Mai 2026 um 14:22 Uhr schrieb Ana Maria Sousa-Fernandes <\nana@example.org>:",
    "apple mail, German": "Am 04.05.2026 um 14:22 schrieb Ana Sousa <ana@example.org>:",
    "thunderbird, German": "Am 04.05.26 um 14:22 schrieb Ana Sousa:",
    "gmx": 'Gesendet: Montag, 04. Mai 2026 um 14:22 Uhr\nVon: "Ana Sousa" <ana@example.org>\nAn: jane@acme.example\nBetreff: Aw: Gespräch',
    "outlook": "From: Ana Sousa <ana@example.org>\nSent: Monday, May 4, 2026 2:22 PM\nTo: Jane Doe <jane@acme.example>\nSubject: Re: Interview",
    "outlook, web": "________________________________\nFrom: Ana Sousa\nSent: 04 May 2026 14:22\nTo: Jane Doe\nSubject: Interview",
    "outlook, bold": "*From:* Ana Sousa\n*Sent:* Monday, May 4, 2026\n*To:* Jane Doe\n*Subject:* Interview",
    "outlook, old": "-----Original Message-----\nFrom: Ana Sousa\nSent: Monday, May 4, 2026 2:22 PM\nTo: Jane Doe\nSubject: Interview",
    "outlook, German": "Von: Ana Sousa <ana@example.org>\nGesendet: Montag, 4. Mai 2026 14:22\nAn: Jane Doe\nBetreff: AW: Gespräch",
    "outlook, old, German": "-----Ursprüngliche Nachricht-----\nVon: Ana Sousa\nGesendet: Montag, 4. Mai 2026\nAn: Jane Doe\nBetreff: Gespräch",
    "mobile, German": "-------- Original-Nachricht --------\nVon: Ana Sousa\nDatum: 04.05.26 14:22\nAn: Jane Doe\nBetreff: Gespräch",
    "mobile": "-------- Original message --------\nFrom: Ana Sousa\nDate: 04/05/2026 14:22\nTo: Jane Doe\nSubject: Interview",
}


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def newest(text: str | None, **fields: object) -> str:
    return " ".join(read(message(text, **fields), book()).text.split())


def old(text: str | None, **fields: object) -> str:
    sentences = read(message(text, **fields), book()).sentences
    return " ".join(each.text for each in sentences if each.part is Part.QUOTE)


@pytest.mark.parametrize("client", ATTRIBUTIONS)
@pytest.mark.parametrize(("new", "before"), [(NEW, OLD), (NEU, ALT)], ids=["en", "de"])
def test_an_answer_above_the_quote(client: str, new: str, before: str) -> None:
    """Only what the sender wrote now is new; what they quote is known as history, marked with > or not."""
    for history in (before, quoted(before)):
        text = f"Dear Ana,\n\n{new}\n\n{ATTRIBUTIONS[client]}\n\n{history}\n"
        assert newest(text) == f"Dear Ana, {new}"
        assert before in old(text)


@pytest.mark.parametrize(
    "client", [name for name in ATTRIBUTIONS if "\nTo:" not in ATTRIBUTIONS[name] and "\nAn:" not in ATTRIBUTIONS[name]]
)
def test_an_answer_below_the_quote(client: str) -> None:
    """Mailing-list style: the attribution and the marked lines are old, everything else is new."""
    text = f"{ATTRIBUTIONS[client]}\n\n{quoted(OLD)}\n\n{NEW}\n"
    assert newest(text) == NEW
    assert OLD in old(text)


def test_an_answer_between_the_quotes() -> None:
    """Point by point."""
    text = f"On 5/4/26 14:22, Ana Sousa wrote:\n{quoted('Is there any news?')}\n\n{NEW}\n\n{quoted(OLD)}\nSame here.\n"
    assert newest(text) == f"{NEW} Same here."


def test_a_deep_history_is_history() -> None:
    """Quotes of quotes, of several clients."""
    deep = f"{ATTRIBUTIONS['gmail']}\n{quoted('One. ' + ATTRIBUTIONS['thunderbird, German'])}\n{quoted(quoted(OLD))}\n\n{ATTRIBUTIONS['outlook']}\n\nTwo."
    assert newest(f"{NEW}\n\n{deep}") == NEW


@pytest.mark.parametrize(
    "introduction",
    [
        "---------- Forwarded message ---------\nFrom: Dana <dana@acme.example>\nDate: Mon, May 11, 2026\nSubject: Outcome\nTo: HR",
        "-------- Forwarded Message --------\nSubject: Outcome\nDate: Mon, 11 May 2026\nFrom: Dana\nTo: HR",
        "Begin forwarded message:\n\nFrom: Dana <dana@acme.example>\nSubject: Outcome\nDate: 11 May 2026\nTo: HR",
        "From: Dana <dana@acme.example>\nSent: Monday, May 11, 2026\nTo: HR\nSubject: Outcome",
        "-------- Weitergeleitete Nachricht --------\nBetreff: Ergebnis\nDatum: Mo, 11. Mai 2026\nVon: Dana\nAn: HR",
        "Anfang der weitergeleiteten Nachricht:\n\nVon: Dana\nBetreff: Ergebnis\nDatum: 11. Mai 2026\nAn: HR",
        "---------- Forwarded message ---------\nVon: Dana <dana@acme.example>\nDate: Mo., 11. Mai 2026\nSubject: Ergebnis\nTo: HR",
    ],
)
@pytest.mark.parametrize("remark", ["", "FYI\n\n", "Zur Info\n\n"])
def test_a_forwarded_mail_is_what_the_mail_says(introduction: str, remark: str) -> None:
    """Without words of its own above, the forwarded text is the newest."""
    assert newest(f"{remark}{introduction}\n\nDear Ana,\n\n{NEW}\n").endswith(f"Dear Ana, {NEW}")


def test_a_forwarded_mail_under_own_words_is_history() -> None:
    """Who forwards and comments says something themselves."""
    text = f"Hi Ana, please see below, and do call me.\n\n---------- Forwarded message ---------\nFrom: Dana\nDate: Mon\nSubject: x\nTo: HR\n\n{OLD}\n"
    assert newest(text) == "Hi Ana, please see below, and do call me."


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
    text = f"Sehr geehrte Frau Sousa,\n\n{NEU}\n\nMit freundlichen Grüßen\nJane Doe\n\n---\n\nDear Ms Sousa,\n\n{NEW}\n\nKind regards\nJane Doe\n"
    reading = read(message(text), book())
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
