"""Whether two names are one employer, and two titles one position."""

import pytest

from agent.filing.identity import employer_key, requisition_key, same_employer, same_position


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Acme", "ACME GmbH", True),
        ("Müller & Söhne KG", "muller sohne", True),
        ("The Guardian", "Guardian", True),
        ("DeepL SE", "Deep L", True),
        ("Acme", "Acme Labs", False),
        ("AG", "AG", True),
        (None, "Acme", False),
        ("", "", False),
    ],
)
def test_employers_are_compared_without_legal_forms(one: str | None, other: str | None, same: bool):
    """Folded, but never by a part of the name."""
    assert same_employer(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Data Engineer", "Data Engineer (m/w/d)", True),
        ("Senior Data Engineer", "Sr. Data Engineer", True),
        ("Senior Data Engineer", "Data Engineer", False),
        ("Engineer II", "Engineer III", False),
        ("Data Engineer", "Data Engineer, Platform", True),
        ("Data Engineer", "Data Analyst", False),
        ("Entwickler*in", "Entwickler", True),
        (None, "Data Engineer", False),
        ("Manager", "Manager", False),
    ],
)
def test_positions_are_compared_with_their_seniority(one: str | None, other: str | None, same: bool):
    """Junior and senior are two applications."""
    assert same_position(one, other) is same


def test_requisition_ids_and_empty_names():
    """Punctuation and case do not count."""
    assert requisition_key("R-01234") == requisition_key("r 01234") != ""
    assert requisition_key(None) == employer_key(None) == ""
