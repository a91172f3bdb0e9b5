"""From bytes to a verdict: whatever was sent, there is one, and its evidence is the mail's own."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.message.parse import parse
from connectors.port import Unreadable
from rules.judge import judge
from rules.verdict import Meaning, Verdict
from tests.rules.fuzz import damaged, trouble
from tests.rules.labelled import labelled
from tests.rules.mails import book

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CORPUS = Path(__file__).parents[1] / "corpus/development"


@cache
def samples() -> list[bytes]:
    """A mail of each meaning and language, as it was sent."""
    first = {(mail.meaning, mail.language): mail.path for mail in labelled(CORPUS)}
    return [path.read_bytes() for path in first.values()]


def judged(raw: bytes) -> Verdict | None:
    try:
        message = parse(raw, arrived=NOW, outgoing=False)
    except Unreadable:
        return None
    return judge(message, book())


def whole(verdict: Verdict) -> bool:
    """Whether everything in it can be written down: short, one line, no half characters."""
    texts = [verdict.employer, verdict.position, verdict.requisition, *verdict.signature_addresses]
    texts += [evidence.words for evidence in (*verdict.evidence, *verdict.interview_words)]
    texts += [text for each in verdict.appointments for text in (each.start, each.organizer, each.organizer_name)]
    known = [text for text in texts if text]
    return all(len(text) < 4100 and "\n" not in text and text.encode() for text in known)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600))
@example(b"")
@example(b"\x00")
@example(b"Subject: \xff\xfe\r\n\r\n\xd8\x00")
@example(b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nORGANIZER:mailto:\r\nEND:VEVENT\r\n")
def test_any_bytes_are_judged_or_no_mail(raw: bytes) -> None:
    """Nothing but a verdict or `Unreadable` comes out."""
    verdict = judged(raw)
    assert verdict is None or (verdict.meaning in Meaning and whole(verdict))


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_a_damaged_mail_is_judged(data: st.DataObject) -> None:
    """Real mails with a piece cut out, doubled, or overwritten by anything, anywhere."""
    raw = data.draw(st.sampled_from(samples()))
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 400)))
    piece = data.draw(st.one_of(st.just(b""), st.just(raw[start:end] * 3), st.binary(max_size=40)))
    verdict = judged(raw[:start] + piece + raw[end:])
    assert verdict is None or (verdict.meaning in Meaning and whole(verdict))


def test_mail_as_the_fuzzer_damages_it_is_judged() -> None:
    """The first mails of a long run: `make fuzz`."""
    mails = [path.read_bytes() for path in sorted(CORPUS.rglob("*.eml"))]
    told = {seed: trouble(damaged(seed, mails), book()) for seed in range(300)}
    assert {seed: said for seed, said in told.items() if said} == {}


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "hz", "big5", "shift_jis", "x-unknown", "rot13", "\x00"])
def test_a_lying_charset_is_survived(charset: str) -> None:
    """What a mail says of its charset may be wrong, odd or dangerous; the words are read all the same."""
    body = b"Thank you for your application. We have decided to move forward with other candidates.\r\n"
    raw = f"From: jane@acme.example\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode() + body
    verdict = judged(raw)
    assert verdict is not None
    if charset in ("utf-7", "big5", "shift_jis", "x-unknown", "rot13", "\x00"):
        assert verdict.meaning is Meaning.REJECTION


def test_letters_that_only_look_alike_are_no_words() -> None:
    """Homoglyphs decide nothing and break nothing: a Cyrillic "o" is not an "o"."""
    said = "We have decided to move forward with other candidates.".replace("o", "о")
    verdict = judged(f"From: jane@acme.example\r\nSubject: Your application\r\n\r\n{said}\r\n".encode())
    assert verdict is not None
    assert verdict.meaning is Meaning.NONE


def test_samples_are_there() -> None:
    """The damaged mails are of every meaning."""
    assert len(samples()) >= len(Meaning)
