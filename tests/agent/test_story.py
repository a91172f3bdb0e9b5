"""Any story: mail, user, time and crashes in any order. What must never happen never does, and every clock ends."""

import tempfile
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agent.case import LetterKind, State
from agent.case.events import LetterPromised, UserAsked, UserClosed
from agent.tone import breaches
from connectors.memory import DRAFTS, SENT, TRASH
from connectors.message.serialise import is_minted
from tests.agent.stage import ANA, FEEDBACK, INVITATION, REJECTION, Stage, books, eml, with_new_id
from tests.agent.test_interruptions import Killed, MortalMailbox, Reaper

EMPLOYERS = ("Acme", "Birkenhof", "Cobalt")

WORDS = {
    "invitation": INVITATION,
    "rejection": REJECTION,
    "feedback": FEEDBACK,
    "decline": "Dear Ana,\n\nthank you for your note. Unfortunately our policy does not allow us to give individual "
    "feedback to applicants.\n\nKind regards\nJane Doe\n",
    "offer": "Dear Ana,\n\nwe are delighted to offer you the position of Data Engineer at Acme. Your contract is "
    "attached.\n\nKind regards\nJane Doe\n",
    "away": "I am out of the office until Monday with limited access to my mail.\n",
    "newsletter": "Ten recipes for the weekend. Unfortunately the strawberries are over.\n",
}

employers = st.sampled_from(EMPLOYERS)
spans = st.sampled_from([timedelta(minutes=5), timedelta(hours=3), timedelta(days=1), timedelta(days=4)])


class Story(RuleBasedStateMachine):
    """Ana, three employers, and an agent that may die at any step."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.stage = Stage(Path(self._folder.name))
        self.count = 0
        self.last: dict[str, str] = {}
        self.edited: dict[str, bytes] = {}
        self.placed_at_all: set[str] = set()

    def teardown(self) -> None:
        """Every clock ends: a few months of quiet, and nothing waits for anything."""
        for _ in range(30):
            self.stage.turn(after=timedelta(days=4))
            self.nothing_happened_that_must_not()
        waiting = [case.state for case in self.stage.cases() if case.state.value.endswith(("_due", "_drafted"))]
        waiting += [case.state for case in self.stage.cases(State.AWAITING_FEEDBACK)]
        assert waiting == []
        self.stage.journal.close()
        self._folder.cleanup()

    def key(self) -> str:
        self.count += 1
        return f"{self.count}@mail.example"

    # The employers

    @rule(employer=employers, what=st.sampled_from(sorted(WORDS)), machine=st.booleans())
    def mail_comes(self, employer: str, what: str, machine: bool) -> None:
        domain = f"{employer.lower()}.example"
        sender = f"{employer} <no-reply@{domain}>" if machine else f"Jane Doe <jane@{domain}>"
        key = self.key()
        text = WORDS[what].replace("Acme", employer)
        more = {"Auto_Submitted": "auto-replied"} if what == "away" else {}
        self.stage.deliver(
            eml(
                text,
                key=key,
                sender=sender,
                answers=self.last.get(employer),
                subject=f"Data Engineer at {employer}",
                **more,
            )
        )
        if what != "newsletter":
            self.last[employer] = key

    # The user

    def drafts(self) -> list:
        return self.stage.server.stored(DRAFTS)

    @precondition(lambda self: self.drafts())
    @rule(number=st.integers(0, 9))
    def send_a_draft(self, number: int) -> None:
        one = self.drafts()[number % len(self.drafts())]
        key = self.key()
        self.stage.server.take(DRAFTS, one.uid)
        self.edited.pop(ident(one.raw), None)
        self.stage.send(with_new_id(one.raw, key))
        parent = message_from_bytes(one.raw, policy=policy.default)["In-Reply-To"]
        for employer, last in self.last.items():
            if parent and last in parent:
                self.last[employer] = key

    @precondition(lambda self: self.drafts())
    @rule(number=st.integers(0, 9))
    def throw_a_draft_away(self, number: int) -> None:
        one = self.drafts()[number % len(self.drafts())]
        self.stage.server.take(DRAFTS, one.uid)
        self.edited.pop(ident(one.raw), None)
        self.stage.server.add(TRASH, one.raw, arrived=self.stage.now)

    @precondition(lambda self: self.drafts())
    @rule(number=st.integers(0, 9))
    def edit_a_draft(self, number: int) -> None:
        one = self.drafts()[number % len(self.drafts())]
        self.stage.server.take(DRAFTS, one.uid)
        self.edited.pop(ident(one.raw), None)
        raw = with_new_id(one.raw + b"PS: All the best to the team.\r\n", self.key())
        self.stage.server.add(DRAFTS, raw, arrived=self.stage.now, flags=("Draft",))
        self.edited[ident(raw)] = raw

    @precondition(lambda self: self.last)
    @rule(employer=employers)
    def write_on_her_own(self, employer: str) -> None:
        if employer in self.last:
            text = "Thank you for your message, and all the best!\n"
            raw = eml(
                text,
                key=self.key(),
                sender=ANA,
                to=f"jane@{employer.lower()}.example",
                answers=self.last[employer],
                date=self.stage.now,
            )
            self.stage.send(raw)

    @precondition(lambda self: self.stage.cases())
    @rule(number=st.integers(0, 9), ask=st.booleans())
    def use_the_command_line(self, number: int, ask: bool) -> None:
        cases = self.stage.cases()
        case = cases[number % len(cases)]
        if ask and case.state in (State.NOTED, State.CLOSED) and case.notice:
            event = UserAsked(at=self.stage.now)
        else:
            event = UserClosed(at=self.stage.now)
        with self.stage.journal.writing() as writer:
            writer.append(case, event)

    # The machine

    @rule(span=spans)
    def time_passes(self, span: timedelta) -> None:
        self.stage.turn(after=span)

    @rule(step=st.integers(1, 25))
    def the_agent_dies(self, step: int) -> None:
        reaper = Reaper(step)
        self.stage.wrap = lambda mailbox: MortalMailbox(mailbox, reaper)
        try:
            self.stage.turn(after=timedelta(minutes=1))
        except Killed:
            self.stage.journal.close()
            self.stage.journal = self.stage.open_journal()
        self.stage.wrap = None

    @rule()
    def the_server_forgets(self) -> None:
        self.stage.server.renumber()

    # What must never happen

    @invariant()
    def nothing_happened_that_must_not(self) -> None:
        self.no_letter_twice()
        self.no_touched_edit()
        self.no_letter_after_a_veto()
        self.no_letter_without_tone()
        with self.stage.journal.writing() as writer:
            assert all(writer.replayed(case.id) == case for case in writer.cases())

    def no_letter_twice(self) -> None:
        stored = [ident(one.raw) for folder in (DRAFTS, SENT, TRASH) for one in self.stage.server.stored(folder)]
        minted = [one for one in stored if is_minted(one)]
        assert len(minted) == len(set(minted))
        parents = [str(answered) for one in self.drafts() if (answered := parent_of(one.raw))]
        assert len(parents) == len(set(parents)), "two open drafts answer one message"

    def no_touched_edit(self) -> None:
        lying = {ident(one.raw): one.raw for one in self.drafts()}
        assert all(lying.get(key) == raw for key, raw in self.edited.items())

    def no_letter_after_a_veto(self) -> None:
        with self.stage.journal.reading() as reader:
            for case in reader.cases():
                vetoed = False
                for event in reader.events(case.id):
                    vetoed = (vetoed or event.kind == "discarded") and event.kind not in ("asked", "mail")
                    assert not (vetoed and isinstance(event, LetterPromised) and event.letter is LetterKind.REQUEST)

    def no_letter_without_tone(self) -> None:
        for one in self.drafts():
            if is_minted(ident(one.raw)) and ident(one.raw) not in self.placed_at_all:
                text = message_from_bytes(one.raw, policy=policy.default).get_content()
                blocked = [b for b in breaches(text, "en", None, books().letters.tone) if b.severity == "block"]
                assert blocked == []
                self.placed_at_all.add(ident(one.raw))


def ident(raw: bytes) -> str:
    return str(message_from_bytes(raw)["Message-ID"])


def parent_of(raw: bytes) -> str | None:
    return message_from_bytes(raw)["In-Reply-To"]


TestStory = Story.TestCase
TestStory.settings = settings(
    settings.default,
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
