"""Telephone numbers under a mail: as they are written, and never a fax, a date or a number of something else."""

import time

import pytest

from rules.extract.phones import phones
from rules.judge import judge
from rules.load import load_rulebook
from tests.rules.sample import mail

NUMBERS = {
    "Tel.: +49 (0)30 1234-567 | Fax: +49 30 1234-568": ("+49 (0)30 1234-567",),
    "T 030 1234567\nM: 0171/2345678\nF 030 1234569": ("030 1234567", "0171/2345678"),
    "Phone (direct): (555) 123-4567": ("(555) 123-4567",),
    "Call me at +1 415 555 0100.": ("+1 415 555 0100",),
    "+351 21 123 45 67 · www.acme.example": ("+351 21 123 45 67",),
    "電話: 03-1234-5678": ("03-1234-5678",),
    "Telefaks: +47 22 12 34 56": (),
    "2026-11-20 10:00, HRB 123456, USt-ID DE123456789": (),
    "IBAN DE89 3704 0044 0532 0130 00": (),
    "12/03/2026 - 14/03/2026": (),
    "Order 00123456789": (),
    "Tel 12345": (),
    "+1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6": (),
    "+49 30 1234567\nTel. +49 (30) 1234567": ("+49 30 1234567",),
}


@pytest.mark.parametrize(("text", "found"), NUMBERS.items())
def test_numbers(text: str, found: tuple[str, ...]) -> None:
    assert phones(text) == found


def test_a_hostile_text_is_read_in_no_time() -> None:
    """And no more than a few numbers are kept of it."""
    began = time.perf_counter()
    assert phones("+1 " * 100_000 + "\n" + "".join(f"+{number:012}\n" for number in range(20_000)))[3:] == ()
    assert time.perf_counter() - began < 2


def test_the_verdict_holds_the_signatures_numbers_first() -> None:
    """They stand under the closing words; one in the text counts as well, one in the quoted mail does not."""
    text = "Dear Ana,\n\nwe have decided to move forward with other candidates. Questions? Call me: +1 415 555 0100.\n"
    under = "\nKind regards\nJane Doe\nAcme GmbH\nTel. 030 1234567\nFax 030 1234568\n"
    quoted = "\nOn Monday Ana Sousa wrote:\n> My number is +351 912 345 678\n"
    assert judge(mail(text + under + quoted), load_rulebook()).phones == ("030 1234567", "+1 415 555 0100")
