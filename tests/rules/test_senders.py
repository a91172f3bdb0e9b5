"""What an address tells about its reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.senders import Reach, is_freemail, is_platform, is_robot, platform_of, reach, tenant


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("jane.doe@acme.example", Reach.HUMAN),
        ("careers@acme.example", Reach.HUMAN),
        ("norbert.reply@acme.example", Reach.HUMAN),
        ("no-reply@acme.example", Reach.NOBODY),
        ("NoReply+123@acme.example", Reach.NOBODY),
        ("do.not.reply@acme.example", Reach.NOBODY),
        ("jobs-noreply@linkedin.com", Reach.NOBODY),
        ("nicht-antworten@firma.example", Reach.NOBODY),
        ("mailer-daemon@mx.example", Reach.NOBODY),
        ("notifications@app.bamboohr.com", Reach.NOBODY),
        ("acme+job+9f2+77@app.bamboohr.com", Reach.RELAY),
        ("acme@myworkday.com", Reach.NOBODY),
        ("acme+autoreply@talent.icims.com", Reach.NOBODY),
        ("acme+email+8d3-99aa@talent.icims.com", Reach.RELAY),
        ("a8f3k2m9x1@email.workable.com", Reach.RELAY),
        ("noreply@candidates.workablemail.com", Reach.NOBODY),
        ("candidate-6f0e2c51-aaaa@message.teamtailor.com", Reach.RELAY),
        ("acme-jobs@m.personio.de", Reach.RELAY),
        ("system@successfactors.com", Reach.NOBODY),
        ("hit-reply@linkedin.com", Reach.RELAY),
        ("12.candidate@acme.n-ats.hrmos.co", Reach.RELAY),
        ("no address", Reach.NOBODY),
        ("", Reach.NOBODY),
    ],
)
def test_an_address_reaches_a_person_a_relay_or_nobody(address: str, expected: Reach) -> None:
    """By its local part, and by the platform's table."""
    assert reach(address) is expected


def test_platforms_own_their_subdomains_only() -> None:
    """A domain that merely ends alike is nobody's."""
    assert is_platform("us.greenhouse-mail.io")
    assert not is_platform("notgreenhouse-mail.io")
    assert platform_of("acme.example") is None


def test_freemail_says_nothing_about_an_employer() -> None:
    """Anybody may have such an address."""
    assert is_freemail("GMail.com")
    assert not is_freemail("acme.example")


def test_some_platforms_name_the_employer_in_the_address() -> None:
    """In the local part or the subdomain; elsewhere not."""
    assert tenant("acme@myworkday.com") == "acme"
    assert tenant("acme-jobs@m.personio.de") == "acme"
    assert tenant("jane@acme.teamtailor-mail.com") == "acme"
    assert tenant("no-reply@us.greenhouse-mail.io") is None
    assert tenant("jane@acme.example") is None


@given(st.text(max_size=400))
def test_any_text_is_judged(text: str) -> None:
    """No address breaks the table."""
    assert reach(text) in Reach
    assert is_robot(text) in (True, False)
    tenant(text)
