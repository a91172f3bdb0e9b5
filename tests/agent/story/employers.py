"""The frame of any story, and what employers write in it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agent.case import State
from agent.config.settings import FollowUp
from connectors.memory import DRAFTS, SENT, Stored
from tests.agent.stage import eml, with_new_id
from tests.agent.story.laws import Laws
from tests.agent.story.life import ADDRESSES, Life, parsed
from tests.agent.story.words import EMPLOYERS, ENGLISH, words_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

ANSWERS = ("feedback", "feedback", "vague feedback", "decline", "question", "away", "bounce", "reversal", "offer")

employers = st.sampled_from(list(EMPLOYERS))
accounts = st.sampled_from(list(ADDRESSES))
numbers = st.integers(0, 9)
spans = st.sampled_from([MINUTE, 15 * MINUTE, 3 * HOUR, DAY, 4 * DAY, 9 * DAY])


class Employers(RuleBasedStateMachine):
    """A story's beginning and its end, the time between, and what employers write in it."""

    life_of = Life

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.count = 0
        self.threads: dict[str, list[str]] = {}
        """The ids of what was said with each employer."""
        self.delivered: list[bytes] = []
        self.on_the_way: list[tuple[str, bytes]] = []
        """Sent copies that a client has not yet put where they belong."""
        self.broken = False

    @initialize(
        thanks=st.booleans(),
        close_after=st.sampled_from([None, 2, 7]),
        enquire_after=st.sampled_from([None, 1, 5]),
        brake=st.sampled_from([1, 10]),
    )
    def begin(self, thanks: bool, close_after: int | None, enquire_after: int | None, brake: int) -> None:
        follow_up = FollowUp(thanks=thanks, close_after=close_after, enquire_after=enquire_after)
        self.life = self.life_of(Path(self._folder.name), follow_up=follow_up, brake=brake)
        self.laws = Laws(self.life)

    def teardown(self) -> None:
        """Every clock ends: a few months of quiet, and nothing waits for anything. And the journal is the truth."""
        if hasattr(self, "life"):
            if not self.broken:  # the first failure is the one to be seen
                self._rest()
            self.life.close()
        self._folder.cleanup()

    def _rest(self) -> None:
        for _ in range(12):
            self.life.now += 8 * DAY
            with self.agent():
                self.life.turns()
        self.the_laws_hold()
        waiting = [case.state for case in self.life.cases() if case.state.value.endswith(("_due", "_drafted"))]
        assert waiting == []
        assert self.life.cases(State.AWAITING_FEEDBACK) == []
        before = self.life.cases()
        with self.life.journal.writing() as writer:
            assert writer.rebuild() == len(before)
        assert self.life.cases() == before

    def key(self) -> str:
        self.count += 1
        return f"{self.count}@mail.example"

    @contextmanager
    def agent(self) -> Iterator[None]:
        """The agent is at work: what it does to the mailboxes is looked at."""
        before = self.life.lying()
        self.broken = True
        yield
        self.laws.after_the_agent(before)
        self.broken = False

    @rule(span=spans)
    def time_passes(self, span: timedelta) -> None:
        self.life.now += span
        with self.agent():
            self.life.turns()
            self.laws.after_a_whole_turn()

    @invariant()
    def the_laws_hold(self) -> None:
        if hasattr(self, "life"):
            self.broken = True
            self.laws.always()
            self.broken = False

    def _take(self, number: int) -> tuple[str, Stored]:
        drafts = self.life.drafts()
        account, one = drafts[number % len(drafts)]
        return account, self.life.servers[account].take(DRAFTS, one.uid)

    # The employers

    @rule(
        employer=employers,
        what=st.sampled_from(sorted(ENGLISH)),
        machine=st.booleans(),
        to=accounts,
        answers=st.sampled_from(["last", "first", "nothing"]),
        late=st.sampled_from([0 * HOUR, 0 * HOUR, HOUR, 3 * DAY]),
    )
    def mail_comes(self, employer: str, what: str, machine: bool, to: str, answers: str, late: timedelta) -> None:
        """Also out of order: a mail that was held up bears the time of its arrival."""
        said = self.threads.get(employer, [])
        parent = {"last": said[-1], "first": said[0], "nothing": None}[answers] if said else None
        self._write(employer, what, machine=machine, to=to, answers=parent, late=late)

    def _write(
        self,
        employer: str,
        what: str,
        *,
        machine: bool = False,
        to: str = "home",
        answers: str | None = None,
        late: timedelta = timedelta(0),
    ) -> None:
        domain, key = f"{employer.lower()}.example", self.key()
        raw = eml(
            words_of(employer, what),
            key=key,
            sender=f"{employer} <no-reply@{domain}>" if machine else f"Jane Doe <jane@{domain}>",
            to=f"Ana Sousa <{ADDRESSES[to]}>",
            answers=answers,
            subject=f"Data Engineer at {employer}",
            date=self.life.now - late,
            **({"Auto_Submitted": "auto-replied"} if what in ("away", "bounce") else {}),
        )
        self.life.servers[to].add("INBOX", raw, arrived=self.life.now - late)
        self.delivered.append(raw)
        if what != "newsletter":
            self.threads.setdefault(employer, []).append(key)

    @rule(employer=employers, machine=st.booleans(), to=accounts)
    def she_is_turned_down(self, employer: str, machine: bool, to: str) -> None:
        """The usual beginning, so that stories get far."""
        self._write(employer, "invitation", to=to)
        self.time_passes(DAY)
        self._write(employer, "rejection", machine=machine, to=to, answers=self.threads[employer][-1])
        self.time_passes(MINUTE)

    @precondition(lambda self: self.life.drafts())
    @rule(number=numbers, what=st.sampled_from(ANSWERS), to=accounts, soon=st.booleans())
    def she_sends_and_they_answer(self, number: int, what: str, to: str, soon: bool) -> None:
        """The usual middle. Soon: before the agent has looked again."""
        account, one = self._take(number)
        key = self.key()
        self.life.servers[account].add(SENT, with_new_id(one.raw, key), arrived=self.life.now, flags=("Seen",))
        if not soon:
            self.time_passes(HOUR)
        employer = next((name for name in EMPLOYERS if f"@{name.lower()}." in str(parsed(one.raw)["To"])), "Acme")
        self.threads.setdefault(employer, []).append(key)
        self._write(employer, what, to=to, answers=key)
        self.time_passes(MINUTE)

    @precondition(lambda self: self.delivered)
    @rule(number=numbers, to=accounts)
    def the_same_mail_comes_again(self, number: int, to: str) -> None:
        """Forwarded to the other account, or delivered twice."""
        raw = self.delivered[number % len(self.delivered)]
        self.life.servers[to].add("INBOX", raw, arrived=self.life.now)
