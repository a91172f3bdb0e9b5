"""Searching: older mail by thread, correspondent or name, bounded."""

from connectors.message import MessageId
from connectors.port import Query
from tests.contract.mails import ago, fresh_id, mail
from tests.contract.world import World


def _found(world: World, query: Query) -> list[str]:
    with world.open() as mailbox:
        return [message.key for message in mailbox.search(query)]


def _deliver(world: World, *, days: int = 1, folder: str = "INBOX", **kind: str) -> MessageId:
    """One mail that arrived so many days ago; its id."""
    own = fresh_id()
    arrived = ago(days=days)
    world.deliver(mail(world.account.address, message_id=own, date=arrived, **kind), folder=folder, arrived=arrived)  # type: ignore[arg-type]  # only the text arguments are passed on
    return own


class Searching:
    """``search``."""

    def test_a_thread_is_found(self, world: World) -> None:
        """By the ids of a thread: the messages themselves and those that answer them, the user's own included."""
        me = world.account.address
        root, answer, own, other = fresh_id(), fresh_id(), fresh_id(), fresh_id()
        world.deliver(mail(me, message_id=root))
        world.deliver(mail(me, message_id=answer, answers=[root]))
        world.send(mail("jane@acme.example", sender=me, message_id=own, answers=[root, answer]))
        world.deliver(mail(me, message_id=other, answers=[fresh_id()]))
        found = _found(world, Query(since=ago(days=180), references=frozenset({root})))
        assert sorted(found) == sorted([root, answer, own])

    def test_a_domain_is_found_with_its_subdomains(self, world: World) -> None:
        """A domain means its subdomains too, and no other domain that looks like it; mail to it counts as well."""
        me = world.account.address
        wanted = [
            _deliver(world, sender="Jane <jane@acme.example>"),
            _deliver(world, sender="Jobs <no-reply@mail.ACME.example>"),
        ]
        _deliver(world, sender="Eve <eve@notacme.example>")
        _deliver(world, sender="Eve <eve@acme.example.evil.example>")
        sent = fresh_id()
        world.send(mail("Jane <jane@acme.example>", sender=me, message_id=sent))
        found = _found(world, Query(since=ago(days=180), correspondents=frozenset({"@acme.example"})))
        assert sorted(found) == sorted([*wanted, sent])

    def test_an_address_is_found_alone(self, world: World) -> None:
        """A whole address means that address: others at a freemail domain are other people."""
        wanted = _deliver(world, sender="Jane <Jane.Doe@freemail.example>")
        _deliver(world, sender="Eve <eve@freemail.example>")
        _deliver(world, sender="Eve <not.jane.doe@freemail.example>")
        query = Query(since=ago(days=180), correspondents=frozenset({"jane.doe@freemail.example"}))
        assert _found(world, query) == [wanted]

    def test_a_name_is_found_in_subject_and_sender(self, world: World) -> None:
        """A name is found as whole words, in any letter case and any encoding."""
        wanted = [
            _deliver(world, sender="x@ats.example", subject="Your interview at MÜLLER & Söhne"),
            _deliver(world, sender="Müller & Söhne Careers <x@ats.example>", subject="Your interview"),
        ]
        _deliver(world, sender="x@ats.example", subject="Your interview at Müllerei")
        _deliver(world, sender="x@ats.example", subject="Your interview", text="Müller")
        found = _found(world, Query(since=ago(days=180), names=frozenset({"müller"})))
        assert sorted(found) == sorted(wanted)

    def test_the_search_is_bounded_and_gives_the_newest_first(self, world: World) -> None:
        """At most ``limit`` messages, the newest ones, none that arrived before ``since``."""
        ids = {days: _deliver(world, days=days) for days in (40, 3, 200, 1, 2)}
        query = Query(since=ago(days=180), correspondents=frozenset({"@acme.example"}), limit=3)
        assert _found(world, query) == [ids[1], ids[2], ids[3]]
        everything = Query(since=ago(days=180), correspondents=frozenset({"@acme.example"}))
        assert _found(world, everything) == [ids[1], ids[2], ids[3], ids[40]]

    def test_the_archive_is_searched(self, world: World) -> None:
        """Mail the user has archived is found, with its text; what lies in Trash is not."""
        archived = _deliver(world, folder="Archive", text="Come for an interview.\n")
        _deliver(world, folder="Trash")
        with world.open() as mailbox:
            [message] = mailbox.search(Query(since=ago(days=180), correspondents=frozenset({"jane@acme.example"})))
        assert message.message_id == archived
        assert message.text and message.text.strip() == "Come for an interview."

    def test_a_search_for_nothing_finds_nothing(self, world: World) -> None:
        """An empty query is not a query for everything."""
        _deliver(world)
        assert _found(world, Query(since=ago(days=180))) == []

    def test_hostile_words_are_only_words(self, world: World) -> None:
        """Line breaks, quotes and wildcards in what is searched for reach no server as a command."""
        _deliver(world)
        before = world.count()
        words = frozenset({'a\r\nZ9 CREATE injected\r\n"', '"', "\\", "*", "%", "(.*)", "\x00", "ß" * 400})
        references = frozenset({MessageId('<a"\r\nZ9 CREATE injected\r\n@b>')})
        assert _found(world, Query(since=ago(days=180), names=words, correspondents=words, references=references)) == []
        assert world.count() == before
