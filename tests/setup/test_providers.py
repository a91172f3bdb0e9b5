"""The built-in table: every entry is whole, and no address has two."""

from collections import Counter
from pathlib import Path

import pytest

from agent.config import values as v
from agent.setup.asking import as_
from agent.setup.providers import for_domain, table
from agent.setup.values import Provider, Way

ROOT = Path(__file__).parents[2]
PROVIDERS = [each for each, _ in table()]


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_an_entry_is_whole(provider: Provider) -> None:
    """A server for whom takes passwords, steps that fit on a line or two, and a page that is there."""
    if Way.PASSWORD in provider.ways:
        assert provider.server is not None
        assert as_(v.Host)(provider.server.host) == provider.server.host
        assert provider.password
    assert provider.domains
    assert all(domain == domain.casefold() and "." in domain for domain in provider.domains)
    assert provider.steps
    assert max(map(len, provider.steps)) <= 130
    page, _, part = provider.page.partition(", ")
    assert (ROOT / page).exists()
    assert not part or f"## {part.strip('“”')}\n" in (ROOT / page).read_text()


def test_no_domain_twice() -> None:
    counted = Counter(domain for provider in PROVIDERS for domain in provider.domains)
    assert [domain for domain, times in counted.items() if times > 1] == []


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("Gmail.com", "Gmail"),
        ("hotmail.co.uk", "Outlook.com or Microsoft 365"),
        ("me.com", "iCloud"),
        ("gmx.de", "GMX"),
    ],
)
def test_known_domains(domain: str, name: str) -> None:
    found = for_domain(domain)
    assert found is not None
    assert found.name == name


def test_unknown_domains() -> None:
    assert for_domain("firm.example") is None
    assert for_domain("notgmail.com") is None
