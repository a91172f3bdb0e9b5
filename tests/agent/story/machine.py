"""What may happen in any story, in any order."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from connectors.memory import ARCHIVE, DRAFTS, SENT, TRASH
from connectors.port import Refused, Unavailable
from tests.agent.stage import eml, with_new_id
from tests.agent.story.employers import DAY, HOUR, MINUTE, Employers, accounts, employers, numbers, spans
from tests.agent.story.laws import parent_of
from tests.agent.story.life import ADDRESSES, ZONES
from tests.agent.story.words import ANGRY, KIND

jumps = st.sampled_from([-DAY, -2 * HOUR, -MINUTE])
steps = st.integers(1, 40)


class Story(Employers):
    """Ana, three employers, two mailboxes, and an agent that may die at any step."""

    # The user, in a mail client

    def _said(self, raw: bytes, key: str) -> None:
        for said in self.threads.values():
            if said and said[-1] in str(parent_of(raw)):
                said.append(key)

    @precondition(lambda self: self.life.drafts())
    @rule(number=numbers, client=st.sampled_from(["new id", "same id", "slow", "copy stays"]))
    def send_a_draft(self, number: int, client: str) -> None:
        """Thunderbird and Gmail mint a new id, others keep it; by halves: the sent copy comes later; or the draft is
        left lying."""
        account, one = self._take(number)
        if client == "copy stays":
            self.life.servers[account].add(DRAFTS, one.raw, arrived=one.arrived, flags=("Draft",))
        key = self.key()
        raw = one.raw if client == "same id" else with_new_id(one.raw, key)
        if client == "slow":
            self.on_the_way.append((account, raw))
        else:
            self.life.servers[account].add(SENT, raw, arrived=self.life.now, flags=("Seen",))
        self._said(one.raw, key)

    @precondition(lambda self: self.life.drafts())
    @rule(number=numbers)
    def send_a_draft_from_the_other_account(self, number: int) -> None:
        account, one = self._take(number)
        other = next(name for name in ADDRESSES if name != account)
        raw = with_new_id(one.raw, self.key()).replace(ADDRESSES[account].encode(), ADDRESSES[other].encode())
        self.life.servers[other].add(SENT, raw, arrived=self.life.now, flags=("Seen",))

    @precondition(lambda self: self.on_the_way)
    @rule()
    def the_sent_copy_appears(self) -> None:
        account, raw = self.on_the_way.pop(0)
        self.life.servers[account].add(SENT, raw, arrived=self.life.now, flags=("Seen",))

    @precondition(lambda self: self.life.drafts())
    @rule(number=numbers, where=st.sampled_from([TRASH, ARCHIVE, None]))
    def throw_a_draft_away(self, number: int, where: str | None) -> None:
        """Into Trash, into another folder, or really gone."""
        account, one = self._take(number)
        if where:
            self.life.servers[account].add(where, one.raw, arrived=self.life.now)

    @precondition(lambda self: self.life.drafts())
    @rule()
    def empty_the_drafts(self) -> None:
        for account, one in self.life.drafts():
            self.life.servers[account].take(DRAFTS, one.uid)

    @precondition(lambda self: self.life.drafts())
    @rule(number=numbers, text=st.sampled_from([KIND, ANGRY]), new_id=st.booleans())
    def edit_a_draft(self, number: int, text: str, new_id: bool) -> None:
        account, one = self._take(number)
        raw = one.raw + text.encode()
        raw = with_new_id(raw, self.key()) if new_id else raw
        self.life.servers[account].add(DRAFTS, raw, arrived=self.life.now, flags=("Draft",))

    @precondition(lambda self: any(self.threads.values()))
    @rule(employer=employers, account=accounts, fresh=st.booleans(), number=numbers)
    def write_on_her_own(self, employer: str, account: str, fresh: bool, number: int) -> None:
        said = self.threads.get(employer)
        key = self.key()
        raw = eml(
            "Thank you for your message, and all the best!\n",
            key=key,
            sender=ADDRESSES[account],
            to=f"jane@{employer.lower()}.example",
            answers=said[-1 - number % len(said)] if said and not fresh else None,
            date=self.life.now,
        )
        self.life.servers[account].add(SENT, raw, arrived=self.life.now, flags=("Seen",))
        if said and not fresh:
            said.append(key)

    # The user, at the command line

    @precondition(lambda self: self.life.cases())
    @rule(number=numbers, word=st.sampled_from(["ask", "ask", "close"]))
    def say_a_word_on_a_case(self, number: int, word: str) -> None:
        cases = self.life.cases()
        self.life.command(word, cases[number % len(cases)].id)

    @precondition(lambda self: self.life.cases())
    @rule(number=numbers, home=st.integers(-1, 9))
    def file_a_message(self, number: int, home: int) -> None:
        cases = self.life.cases()
        keys = [mail.message_id for case in cases for mail in case.mails]
        where = cases[home % len(cases)].id if home >= 0 else "new"
        if keys:
            self.life.command("file", keys[number % len(keys)], where)

    @rule(
        what=st.sampled_from(["call", "letter", "interview"]),
        employer=employers,
        account=accounts,
        when=st.sampled_from(["now", "3 h ago", "2 days ago"]),
        asked=st.booleans(),
    )
    def log_what_did_not_come_by_mail(self, what: str, employer: str, account: str, when: str, asked: bool) -> None:
        person = ["--person", "Jane Doe", "--email", f"jane@{employer.lower()}.example", "--account", account]
        words = ["--asked", "--note", "Say the answer first."] if what == "call" and asked else []
        moment = [] if when == "now" else ["--when", when]
        self.life.command("log", what, "--employer", employer, *person, *moment, *words)

    # The machine

    @rule(span=spans)
    def the_machine_is_off(self, span: timedelta) -> None:
        self.life.now += span

    @rule(jump=jumps)
    def the_clock_is_put_back(self, jump: timedelta) -> None:
        self.life.now += jump
        with self.agent():
            self.life.turns()
            self.laws.after_a_whole_turn()

    @rule(zone=st.sampled_from(ZONES))
    def she_travels(self, zone: str) -> None:
        self.life.travel(zone)

    @rule(step=steps)
    def the_agent_dies(self, step: int) -> None:
        self.life.now += MINUTE
        with self.agent():
            self.life.turns_until_death(step)

    @rule(step=steps, failure=st.sampled_from([Unavailable, Refused]))
    def the_server_fails(self, step: int, failure: type[Exception]) -> None:
        self.life.now += MINUTE
        with self.agent():
            self.life.turns_with_trouble(step, failure)

    @rule(account=accounts)
    def the_server_forgets(self, account: str) -> None:
        self.life.servers[account].renumber()
