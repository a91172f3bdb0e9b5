"""Letters in the tests: the book, the user, and cases that promise one."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agent.case import Case, Mail, Trigger
from agent.config.settings import Clock, Me, Settings
from agent.correspondents import Correspondent, find
from agent.letters import Composed, compose, load_letters
from connectors.account import Account
from tests.agent.facts import case_of, filed, mail, promised

BOOK = load_letters(check=True)
ANA = Account(name="home", connector="maildir", addresses=("ana@example.org", "a.sousa@example.org"))
SETTINGS = Settings(
    me=Me(name="Ana Sousa", signature="Ana Sousa\n+351 555 0100\n"),
    accounts=(ANA,),
    clock=Clock(timezone=ZoneInfo("Europe/Lisbon")),
    store="sqlite://",
    source=Path("config.yaml"),
)


def notice(**fields: Any) -> Mail:
    """Jane's own rejection after an interview, unless told otherwise."""
    known = {
        "key": "<notice@acme.example>",
        "stage": "interviewed",
        "employer": "Acme",
        "position": "Data Engineer",
        "subject": "Your application",
    }
    return mail("rejection", **(known | fields))


def case_with(told: Mail, *earlier: Mail, series: int = 0) -> Case:
    return case_of(
        *(filed(each, Trigger.INTERVIEW if each.meaning == "interview" else Trigger.RECEIPT) for each in earlier),
        filed(told, Trigger.NOTICE),
        replace(promised(), series=series),
    )


def written(case: Case, whom: Correspondent | None = None, **options: Any) -> Composed:
    """The letter that the case promises."""
    letter = case.letters[-1]
    found = whom or find(case, letter.kind, own=ANA)
    return compose(case, letter, correspondent=found, settings=SETTINGS, account=ANA, book=BOOK, **options)


def text_of(case: Case, **options: Any) -> str:
    return written(case, **options).draft.text
