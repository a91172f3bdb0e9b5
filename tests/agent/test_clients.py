"""What the mail clients do with a draft, and what is made of it: every client, every deed, on a whole mailbox.

How each client treats ids comes from their sources and bug trackers: Thunderbird (``nsMsgCompose.cpp``), Gmail and
classic Outlook mint a new Message-ID when they send, neomutt when it recalls a postponed message; Roundcube and the new
Outlook keep it; of Apple Mail nothing is known, so the worst is assumed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from agent.case import Fate, Outcome, State
from connectors.memory import DRAFTS, SENT, TRASH
from tests.agent.stage import ANA, JANE, Stage, eml, interviewed_and_turned_down, with_new_id

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Client:
    """``new_id_sent``, ``new_id_saved``: it mints a Message-ID then. ``lag``: so long after the draft is gone does the
    copy in Sent show."""

    name: str
    new_id_sent: bool
    new_id_saved: bool
    lag: timedelta = timedelta(0)

    def __str__(self) -> str:
        return self.name


CLIENTS = (
    Client(name="Thunderbird", new_id_sent=True, new_id_saved=True),
    Client(name="Apple Mail", new_id_sent=True, new_id_saved=True, lag=8 * MINUTE),
    Client(name="Outlook classic", new_id_sent=True, new_id_saved=False, lag=2 * MINUTE),
    Client(name="new Outlook", new_id_sent=False, new_id_saved=False),
    Client(name="Gmail web", new_id_sent=True, new_id_saved=True),
    Client(name="Gmail mobile", new_id_sent=True, new_id_saved=True, lag=5 * MINUTE),
    Client(name="Roundcube", new_id_sent=False, new_id_saved=False),
    Client(name="neomutt", new_id_sent=True, new_id_saved=True),
)


def take_draft(stage: Stage) -> bytes:
    (draft,) = stage.server.stored(DRAFTS)
    return stage.server.take(DRAFTS, draft.uid).raw


def changed(raw: bytes) -> bytes:
    assert b"Ana Sousa\r\n" in raw
    return raw.replace(b"Ana Sousa\r\n", b"PS: My best wishes to Tom.\r\nAna Sousa\r\n")


def into_sent(stage: Stage, client: Client, raw: bytes) -> None:
    """The draft goes; the copy in Sent comes, with some clients minutes later. A look in between believes nothing."""
    sent = with_new_id(raw, f"sent-by-{client.name.replace(' ', '-')}@client.example") if client.new_id_sent else raw
    stage.turn(after=client.lag)
    assert stage.case.state is State.REQUEST_DRAFTED
    stage.send(sent)


def sends(stage: Stage, client: Client) -> None:
    into_sent(stage, client, take_draft(stage))


def saves(stage: Stage, client: Client) -> None:
    raw = changed(take_draft(stage))
    saved = with_new_id(raw, "saved@client.example") if client.new_id_saved else raw
    stage.server.add(DRAFTS, saved, arrived=stage.now, flags=("Draft",))


def changes_and_sends(stage: Stage, client: Client) -> None:
    into_sent(stage, client, changed(take_draft(stage)))


def saves_and_sends_later(stage: Stage, client: Client) -> None:
    saves(stage, client)
    stage.turn(after=HOUR)
    into_sent(stage, client, take_draft(stage))


def deletes(stage: Stage, _: Client) -> None:
    stage.server.add(TRASH, take_draft(stage), arrived=stage.now)


def deletes_for_ever(stage: Stage, _: Client) -> None:
    take_draft(stage)


def moves(stage: Stage, _: Client) -> None:
    stage.server.add("Later", take_draft(stage), arrived=stage.now, flags=("Draft",))


def moves_into_the_inbox(stage: Stage, _: Client) -> None:
    stage.server.add("INBOX", take_draft(stage), arrived=stage.now, flags=("Draft",))


def answers(stage: Stage, client: Client) -> None:
    raw = eml("Thank you, Jane!", key=f"own@{client.name.replace(' ', '-')}.example", sender=ANA, to=JANE,
              answers="notice@acme.example", date=stage.now)  # fmt: skip
    stage.send(raw)


def forwards(stage: Stage, client: Client) -> None:
    """To a friend, with the References that clients give a forward as well."""
    key, subject = f"fwd@{client.name.replace(' ', '-')}.example", "Fwd: Your application as Data Engineer"
    raw = eml("Look.", key=key, sender=ANA, to="Ben <ben@friends.example>", answers="notice@acme.example",
              subject=subject, date=stage.now)  # fmt: skip
    stage.send(raw)


SENT_IT = (State.AWAITING_FEEDBACK, Fate.SENT, None)
VETO = (State.CLOSED, Fate.DISCARDED, Outcome.DISCARDED)

DEEDS = (
    (sends, SENT_IT),
    (changes_and_sends, SENT_IT),
    (saves_and_sends_later, SENT_IT),
    (saves, (State.REQUEST_DRAFTED, Fate.EDITED, None)),
    (deletes, VETO),
    (deletes_for_ever, VETO),
    (moves, VETO),
    (moves_into_the_inbox, VETO),
    (answers, (State.AWAITING_FEEDBACK, Fate.ANSWERED, None)),
    (forwards, (State.REQUEST_DRAFTED, Fate.PENDING, None)),
)


@pytest.mark.parametrize(("deed", "told"), DEEDS, ids=[deed.__name__ for deed, _ in DEEDS])
@pytest.mark.parametrize("client", CLIENTS, ids=str)
def test_what_each_client_does(stage: Stage, client: Client, deed: Callable[[Stage, Client], None], told: tuple):
    """The fate of the draft, an hour and a bit later."""
    interviewed_and_turned_down(stage)
    stage.now += HOUR
    deed(stage, client)
    stage.turn(after=MINUTE)
    stage.turn(after=HOUR)
    assert (stage.case.state, stage.case.letter.fate, stage.case.outcome) == told
    if told == SENT_IT:
        (sent,) = stage.server.stored(SENT)
        assert stage.case.letter.sent_id.encode() in sent.raw, "answers are filed by the id it really went out with"


def test_a_draft_put_aside_and_sent_a_day_later_was_sent_after_all(stage: Stage):
    """Moved elsewhere is a veto: nothing is written again. But what is sent from there later counts."""
    interviewed_and_turned_down(stage)
    raw = take_draft(stage)
    stage.turn(after=MINUTE)
    stage.turn(after=HOUR)
    assert (stage.case.outcome, stage.drafts()) == (Outcome.DISCARDED, [])
    stage.now += 24 * HOUR
    stage.send(with_new_id(raw, "late@client.example"))
    stage.turn()
    assert (stage.case.state, stage.case.letter.sent_id) == (State.AWAITING_FEEDBACK, "<late@client.example>")
