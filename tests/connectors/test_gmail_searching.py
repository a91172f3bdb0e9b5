"""Searching Gmail: many words in few questions, none of which turns into something else."""

from collections.abc import Iterator

import pytest

from connectors.gmail import line
from connectors.message import MessageId
from connectors.port import Query
from tests.contract.gmail_world import GmailWorld
from tests.contract.mails import ago, draft, fresh_id, mail
from tests.servers.gmail import Gmail

ME = "ana@example.org"


@pytest.fixture
def world() -> Iterator[GmailWorld]:
    """An empty mailbox."""
    with Gmail() as server:
        yield GmailWorld(server)


def _found(world: GmailWorld, **query: object) -> list[str]:
    with world.open() as mailbox:
        return [each.key for each in mailbox.search(Query(since=ago(days=180), **query))]  # type: ignore[arg-type]  # the tests name the fields they mean


def test_a_long_query_is_asked_in_short_questions(world: GmailWorld) -> None:
    """Google's client makes a POST of an address longer than 2,048 characters, and the gate would stop it."""
    wanted = fresh_id()
    world.deliver(mail(ME, sender="jane@company199.example", message_id=wanted))
    people = frozenset(f"@company{number}.example" for number in range(200))
    names = frozenset(["日本語の会社" * 10, "Ж" * 300, "x" * 3000])
    ids = frozenset(MessageId(f"<{number}{'y' * 200}@mail.example>") for number in range(40))
    assert _found(world, correspondents=people, names=names, references=ids) == [wanted]
    assert 5 < world.server.count("GET .*/messages$") < 80


@pytest.mark.parametrize(
    "word", ["a} OR in:anywhere {b", 'a" in:trash "b', "from:x", "{x}", "-", "OR", "\n", "\u202e", "\ud800"]
)
def test_no_word_becomes_an_operator(world: GmailWorld, word: str) -> None:
    """Every question has the same shape: a date, and quoted phrases in braces."""
    _found(world, names=frozenset({word}), correspondents=frozenset({word}))
    for asked in world.server.asked:
        question = asked.first("q")
        phrases = question.split('"')[1::2]
        assert question.count('"') % 2 == 0
        assert not any(set(phrase) & set('"\\') or not phrase.isprintable() for phrase in phrases)
        outside = "".join(question.split('"')[::2])
        assert set(outside.replace("{", "").replace("}", "").split()) <= {
            f"after:{outside[6:16]}",
            "from:",
            "to:",
            "cc:",
            "subject:",
        }


def test_drafts_are_not_found(world: GmailWorld) -> None:
    """What the user has not sent is nobody's mail."""
    world.server.store.create_draft(mail("jane@acme.example", sender=ME))
    assert _found(world, correspondents=frozenset({"@acme.example"})) == []


def test_one_mail_under_two_names_is_one(world: GmailWorld) -> None:
    """Found by its sender, its subject and its thread, it is read once."""
    own = fresh_id()
    world.deliver(mail(ME, message_id=own, sender="Acme <jobs@acme.example>", subject="Acme"))
    found = _found(
        world, correspondents=frozenset({"@acme.example"}), names=frozenset({"Acme"}), references=frozenset({own})
    )
    assert found == [own]
    assert sum(each.first("format") == "full" for each in world.server.asked) == 1
    assert sum(each.first("format") == "metadata" for each in world.server.asked) == 1


def test_a_mail_whose_headers_have_no_end_hides_no_other(world: GmailWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it keep a draft from being placed, wherever it lies."""
    monkeypatch.setattr(line, "ANSWER_LIMIT", 20_000)
    wanted = fresh_id()
    world.deliver(mail(ME, subject="x " * 15_000))
    world.send(mail("jane@acme.example", sender=ME, subject="x " * 15_000))
    world.deliver(mail(ME, message_id=wanted))
    assert _found(world, correspondents=frozenset({"@acme.example"})) == [wanted]
    with world.open() as mailbox:
        mailbox.place_draft(draft(ME))
    assert len(world.drafts()) == 1
