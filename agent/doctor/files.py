"""The user's files: the configuration, the rules and letters, the policy."""

from collections.abc import Iterator
from pathlib import Path

from agent.config.load import NoConfig, load
from agent.config.settings import Settings
from agent.doctor.finding import Finding, State, places
from agent.policy import shadowed
from rules.source import Problems

CONFIGURATION, RULES = "configuration", "rules"


def configuration(path: Path | None) -> tuple[Settings | None, list[Finding]]:
    """The settings, and what there is to say of their file. None: nothing else of it can be checked."""
    try:
        settings = load(path)
    except NoConfig as none:
        return None, [Finding(name=CONFIGURATION, state=State.FAIL, sentence=str(none), needs_user=True)]
    except Problems as wrong:
        return None, list(_mistakes(CONFIGURATION, wrong))
    facts = (f"accounts {len(settings.accounts)}", f"rule files {len(settings.rules)}")
    return settings, [Finding(name=CONFIGURATION, sentence=f"{settings.source}: no mistakes", facts=facts)]


def books(settings: Settings) -> Iterator[Finding]:
    """The rules and letters, the user's own among them; and what in the policy never comes to bear."""
    from agent.letters import load_letters  # late: `--help` shall not wait for the rules
    from rules.load import load_rulebook

    try:
        load_rulebook(settings.languages or "auto", settings.rules)
        load_letters(settings.languages, settings.rules)
    except Problems as wrong:
        yield from _mistakes(RULES, wrong)
    else:
        own = f", and {len(settings.rules)} of your own" if settings.rules else ""
        yield Finding(name=RULES, sentence=f"the shipped files{own} load, and their examples hold")
    if idle := [f"{number + 1}" for number, _ in shadowed(settings.policy)]:
        yield Finding(
            name="policy",
            state=State.WARN,
            sentence=f"of your policy's entries, number {', '.join(idle)} never decides: an earlier one does",
            todo="afterword config check  names the lines.",
            facts=(f"never deciding {len(idle)}",),
        )


def _mistakes(name: str, wrong: Problems) -> Iterator[Finding]:
    for each in wrong.problems:
        yield Finding(name=name, state=State.FAIL, sentence=str(each), needs_user=True, facts=places(wrong))
