"""What must hold whatever happens."""

from collections import Counter

from agent.case import Case, Event, LetterKind, State, Trigger
from agent.case.events import LetterPromised
from agent.journal import Writer
from agent.tone import breaches
from connectors.message.serialise import is_minted
from tests.agent.stage import books
from tests.agent.story.life import ADDRESSES, Life, parsed

Place = tuple[str, str, object]
"""Account, folder, number."""


class Laws:
    """Looks on before and after everything the agent does."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.drafted: set[str] = set()
        """The Message-IDs that the agent has ever placed."""

    def after_the_agent(self, before: dict[Place, bytes]) -> None:
        """What its turns changed in the mailboxes: new drafts, and nothing else."""
        after = self.life.lying()
        assert before.items() <= after.items(), "a mail was changed or removed"
        new = sorted(after.keys() - before.keys(), key=str)
        assert all(folder == "Drafts" for _, folder, _ in new)
        for place in new:
            self._is_right(place[0], after[place])
        self._one_a_thread({place: after[place] for place in new}, after)

    def _is_right(self, account: str, raw: bytes) -> None:
        draft = parsed(raw)
        key = str(draft["Message-ID"])
        assert is_minted(key)
        assert key not in self.drafted, "one letter was drafted twice"
        self.drafted.add(key)
        assert ADDRESSES[account] in draft["From"], "from the account that it lies in"
        assert not any(own in str(draft["To"] or "") for own in ADDRESSES.values()), "to the user"
        text = draft.get_content()
        for language in ("en", "de"):
            found = breaches(text, language, None, books().letters.tone)
            assert [breach for breach in found if breach.severity == "block"] == [], text

    def _one_a_thread(self, new: dict[Place, bytes], after: dict[Place, bytes]) -> None:
        """No draft was placed beside another one that answers the same message."""
        drafts = {place: raw for place, raw in after.items() if place[1] == "Drafts"}
        parents = Counter(parent for raw in drafts.values() if (parent := parent_of(raw)))
        twice = [parent for raw in new.values() if (parent := parent_of(raw)) and parents[parent] > 1]
        assert twice == [], "two open drafts answer one message"

    def always(self) -> None:
        """What the journal says."""
        with self.life.journal.writing() as writer:
            for case in writer.cases():
                events = writer.events(case.id)
                assert writer.replayed(case.id) == case
                self._veto(events)
                self._numbers(case, events)
                self._told_once(case, events, writer)
        assert self.life.disturbed == []

    def after_a_whole_turn(self) -> None:
        """Nothing is forgotten: every notice has been decided about, with a letter or a reason for none."""
        forgotten = [case.id for case in self.life.cases(State.NOTED) if case.note is None]
        assert forgotten == []

    def _veto(self, events: list[Event]) -> None:
        """After a draft was thrown away, or the user was done, no letter of that kind without a new reason."""
        thrown: set[LetterKind] = set()
        done: set[LetterKind] = set()
        for event in events:
            if isinstance(event, LetterPromised):
                assert event.letter not in thrown | done, f"{event.letter} after a veto"
                last = event.letter
            elif event.kind == "discarded":
                thrown.add(last)
            elif event.kind == "user_closed":
                done = set(LetterKind)
            elif event.kind == "asked":
                thrown, done = set(), set()
            elif event.kind == "logged":  # the user's own word, and what was said on the phone is thanked for
                thrown, done = thrown - {LetterKind.THANKS}, set()
            elif event.kind == "mail":
                reasons = _REASONS.get(event.trigger, set())
                thrown, done = thrown - reasons, done - reasons

    def _numbers(self, case: Case, events: list[Event]) -> None:
        """A promise is placed at most once; at most two enquiries by themselves."""
        assert [letter.number for letter in case.letters] == list(range(1, len(case.letters) + 1))
        assert len({letter.message_id for letter in case.letters}) == len(case.letters)
        asked = sum(event.kind == "asked" for event in events)
        revived = sum(event.kind == "mail" and event.trigger is Trigger.INTERVIEW for event in events)
        assert sum(letter.kind is LetterKind.ENQUIRY for letter in case.letters) <= 2 + asked + 2 * revived

    def _told_once(self, case: Case, events: list[Event], _writer: Writer) -> None:
        """Every alert has its event, so none is told twice; a crash in between may swallow one."""
        told = Counter(alert.kind for _, alert in self.life.alerts if alert.case == case.id)
        reminded = [event.what for event in events if event.kind == "reminded"]
        assert len(reminded) == len(set(reminded))
        assert told["drafted"] + told["reminder"] <= len(reminded)
        assert told["tone"] <= sum(event.kind == "edited" and bool(event.breaches) for event in events)


_REASONS = {
    Trigger.INTERVIEW: set(LetterKind),
    Trigger.NOTICE_ANEW: set(LetterKind),
    Trigger.NOTICE: {LetterKind.THANKS, LetterKind.ENQUIRY},
    Trigger.FEEDBACK: {LetterKind.THANKS},
    Trigger.DECLINE: {LetterKind.THANKS},
}
"""Mail that gives a new reason for a letter."""


def parent_of(raw: bytes) -> str | None:
    return parsed(raw)["In-Reply-To"]
