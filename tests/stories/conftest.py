"""One server for all stories, wiped between them; a story for each test, with its title and what it is about."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.dovecot import Dovecot
from tests.stories.story import Story


@pytest.fixture(scope="session")
def server() -> Iterator[Dovecot]:
    with Dovecot() as running:
        yield running


@pytest.fixture
def story(server: Dovecot, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Story]:
    title, _, about = inspect.getdoc(request.function).partition("\n\n")
    told = Story(server, tmp_path, title.rstrip("."), " ".join(about.split()))
    with told.household.imap() as client:
        for folder in ("INBOX", "Drafts", "Sent", "Trash"):
            client.select(folder)
            if client.search(None, "ALL")[1][0]:
                client.store("1:*", "+FLAGS", "(\\Deleted)")
                client.expunge()
    try:
        yield told
    finally:
        told.close()
