"""What the user knows of employers and addresses: their own names for them, and who reads what."""

from pathlib import Path

import pytest

from connectors.message import Address, Message
from rules.judge import judge
from rules.load import Rulebook, load_rulebook
from rules.source import Problems
from rules.verdict import Flag
from tests.rules.mails import message

OWN = """\
employers:
  - name: Acme
    also: [ACME Holding International, Acme Corp.]
    addresses: ["*@acme.example", "talent@hiring.example"]
senders:
  - addresses: ["*@news.acme.example", "Updates@acme.example"]
    reads: nobody
"""
NO = "Hello Ana,\n\nthank you for your application to {}. We decided to move forward with other candidates.\n"


@pytest.fixture
def own(tmp_path: Path) -> Rulebook:
    (tmp_path / "own.yaml").write_text(OWN)
    return load_rulebook(["en"], [tmp_path / "own.yaml"])


def mail(address: str, employer: str = "us") -> Message:
    return message(NO.format(employer), sender=Address(address=address, name=""))


@pytest.mark.parametrize(
    ("address", "named", "employer"),
    [
        ("jane@acme.example", "Globex", "Acme"),
        ("TALENT@hiring.example", "us", "Acme"),
        ("jane@agency.example", "Acme Corp", "Acme"),
        ("jane@agency.example", "Globex", "Globex"),
        ("jane@notacme.example", "us", None),
    ],
)
def test_an_employer_is_called_as_the_user_calls_it(
    own: Rulebook, address: str, named: str, employer: str | None
) -> None:
    """By who writes, or by another of its names; nobody else is."""
    assert judge(mail(address, named), own).employer == employer


def test_an_address_that_nobody_reads_is_flagged(own: Rulebook) -> None:
    """So that no letter goes there."""
    assert Flag.UNMONITORED in judge(mail("x@news.acme.example"), own).flags
    assert Flag.UNMONITORED in judge(mail("updates@acme.example"), own).flags
    assert Flag.UNMONITORED not in judge(mail("jane@acme.example"), own).flags


def test_of_two_files_the_later_holds(own: Rulebook, tmp_path: Path) -> None:
    """As with rules."""
    (tmp_path / "later.yaml").write_text('employers: [{name: Acme GmbH, addresses: ["*@acme.example"]}]\n')
    book = load_rulebook(["en"], [tmp_path / "own.yaml", tmp_path / "later.yaml"])
    assert judge(mail("jane@acme.example"), book).employer == "Acme GmbH"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("employers: [{also: [x]}]\n", ":1:13:"),
        ("employers: [{name: Acme, addresses: [acme.example]}]\n", ":1:38:"),
        ("senders: [{addresses: ['*@a.example'], reads: somebody}]\n", ":1:47:"),
        ("senders: [{addresses: [], reads: nobody}]\n", ":1:23:"),
    ],
)
def test_mistakes_have_their_place(tmp_path: Path, text: str, place: str) -> None:
    """Line and column."""
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(Problems) as caught:
        load_rulebook(["en"], [tmp_path / "own.yaml"])
    assert place in str(caught.value)
