"""The applications that the user may mean by an employer's name: for what comes by phone or on paper."""

from collections.abc import Sequence
from datetime import datetime

from agent.case import Case, State
from agent.filing.identity import same_employer, same_position
from agent.filing.match import RECENT, domains_of


def named(
    cases: Sequence[Case], now: datetime, *, employer: str, position: str | None = None, address: str | None = None
) -> list[Case]:
    """The running applications at this employer, by its name or the domain of the person's address; without one those
    that ended of late. A position that is known to be another one is no match; one that is the same decides.
    """
    fitting = [case for case in cases if _is_there(case, employer, address) and not _differ(case, position)]
    exact = [case for case in fitting if same_position(case.position, position)]
    chosen = exact or fitting
    running = [case for case in chosen if case.state is not State.CLOSED]
    return running or [case for case in chosen if case.turned_down and now - case.since <= RECENT]


def _is_there(case: Case, employer: str, address: str | None) -> bool:
    if case.employer:
        return same_employer(case.employer, employer)
    return bool(address) and str(address).rpartition("@")[2].casefold() in domains_of(case)


def _differ(case: Case, position: str | None) -> bool:
    return bool(position and case.position and not same_position(case.position, position))
