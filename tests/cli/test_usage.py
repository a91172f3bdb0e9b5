"""What every command has in common: help, wrong usage, exit codes, where options may stand, how failures look."""

import re
from pathlib import Path

import pytest

from agent.cli import app, main
from agent.cli.failures import ending
from agent.cli.options import hoisted
from tests.cli.conftest import CONFIG, Home

COMMANDS = ["demo", "run", "check", "status", "show", "lessons", "why", "judge", "ask", "close", "file"]
COMMANDS += ["import", "export", "forget", "auth", "doctor", "completion", "help", "init"]
GROUPS = {
    "config": ["check", "schema"],
    "rules": ["check", "list", "schema"],
    "letters": ["list", "preview", "check"],
    "service": ["install", "uninstall", "status"],
}


def test_help_names_every_command(home: Home) -> None:
    """The first page shows all there is, each with a sentence."""
    ended = home.run("--help")
    assert ended.code == 0
    for command in [*COMMANDS, *GROUPS]:
        assert re.search(rf"\b{command}\b +\w+", ended.out), command


@pytest.mark.parametrize("words", [[name] for name in COMMANDS] + [[g, c] for g, cs in GROUPS.items() for c in cs])
def test_every_command_explains_itself(home: Home, words: list[str]) -> None:
    """Without a configuration, and in more than a line."""
    ended = home.run(*words, "--help")
    assert ended.code == 0
    assert f"Usage: afterword {' '.join(words)}" in ended.out
    assert len(ended.out.split()) > 25


def test_there_are_no_stubs() -> None:
    """Commands of later versions are not there at all."""
    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert names == set(COMMANDS)


def test_a_misspelt_command_gets_a_suggestion(home: Home) -> None:
    """Wrong usage is exit code 2, and the nearest word is named."""
    ended = home.run("statsu")
    assert ended.code == 2
    assert "Did you mean 'status'?" in ended.err


@pytest.mark.parametrize(
    "arguments", [("show",), ("status", "--jsno"), ("judge", "--jsonl"), ("status", "x"), ("rules", "x")]
)
def test_wrong_usage_is_two(home: Home, arguments: tuple[str, ...]) -> None:
    """Missing and unknown arguments, before any configuration is read."""
    assert home.run(*arguments).code == 2


def test_without_a_configuration_it_says_how_to_make_one(home: Home) -> None:
    """Every command that needs one: exit code 78 and an example, no traceback."""
    for arguments in (
        ["run"],
        ["check"],
        ["status"],
        ["show", "x"],
        ["ask", "x"],
        ["config", "check"],
        ["file", "<a@b>", "new"],
    ):
        ended = home.run(*arguments)
        assert ended.code == 78, arguments
        assert f"There is no configuration file {home.config}." in ended.err
        assert "connector: imap" in ended.err
        assert ended.out == ""


def test_mistakes_in_the_configuration_are_told_with_their_places(home: Home) -> None:
    """All of them on standard error, one a line, and exit code 78."""
    home.configure(CONFIG.replace("ana@example.org", "ana").replace("alerts", "alert"))
    ended = home.run("status")
    assert ended.code == 78
    first, second, last = ended.err.splitlines()
    assert first.startswith(f"{home.config}:3:47: This is no email address")
    assert second.startswith(f"{home.config}:5:1: There is no key `alert` here. Did you mean `alerts`?")
    assert last == "These 2 have to be put right first."


def test_the_configuration_may_be_named_on_either_side(home: Home, tmp_path: Path) -> None:
    """Before the command, after it, with an equals sign, or in the environment."""
    other = tmp_path / "other.yaml"
    other.write_text(CONFIG)
    for arguments in (
        ["--config", str(other), "config", "check"],
        ["config", "check", "--config", str(other)],
        ["config", f"--config={other}", "check"],
    ):
        ended = home.run(*arguments)
        assert (ended.code, ended.err) == (0, "")
        assert f"{other}: no mistakes found." in ended.out
    assert home.run_alone("config", "check", AFTERWORD_CONFIG=str(other)).code == 0
    assert home.run("status", "--config").code == 2


def test_options_move_to_the_front() -> None:
    """Only the common ones, and nothing behind a double dash."""
    assert hoisted(["why", "--verbose", "x", "--config", "c", "--json"]) == [
        *("--verbose", "--config", "c"),
        *("why", "x", "--json"),
    ]
    assert hoisted(["why", "--", "--verbose"]) == ["why", "--", "--verbose"]


def test_config_check_shows_what_it_understood(configured: Home) -> None:
    """The accounts by name; nothing is connected to."""
    ended = configured.run("config", "check")
    assert ended.code == 0
    assert "home" in ended.out
    assert "ana@example.org" in ended.out


def test_config_check_reads_the_rule_files_too(configured: Home) -> None:
    """A mistake in them has their own file name, line and column."""
    configured.configure(CONFIG + "rules: [own.yaml]\n")
    own = configured.config.parent / "own.yaml"
    own.write_text("rules:\n  - rule: x\n    meening: rejection\n")
    ended = configured.run("config", "check")
    assert ended.code == 78
    assert f"{own}:3:5:" in ended.err


@pytest.mark.parametrize("group", ["config", "rules"])
def test_schemas_are_json(home: Home, group: str) -> None:
    """Without a configuration, ready to be written into a file."""
    ended = home.run(group, "schema")
    assert ended.code == 0
    assert ended.json["$schema"].startswith("https://json-schema.org/")


def test_the_version_is_told(home: Home) -> None:
    """For bug reports."""
    ended = home.run("--version")
    assert ended.code == 0
    assert ended.out.startswith("afterword")


def test_it_runs_as_a_program_of_its_own(home: Home) -> None:
    """`python -m agent.cli` gives the exit codes to the shell."""
    assert home.run_alone("--help").code == 0
    assert home.run_alone("nonsense").code == 2
    assert home.run_alone("status").code == 78


def test_a_mistake_of_ours_is_a_sentence(home: Home) -> None:
    """No traceback; its places go to a file, without values; --verbose shows everything."""

    def broken() -> None:
        raise KeyError("ana@example.org")

    assert ending(broken, verbose=False) == 1
    err = home.capsys.readouterr().err
    assert "Something went wrong inside Afterword (KeyError)." in err
    assert "Traceback" not in err
    kept = (home.folder / ".local/state/afterword/crash.txt").read_text()
    assert err.rstrip().endswith(f"{home.folder}/.local/state/afterword/crash.txt; please send it to us.")
    assert "test_usage.py" in kept
    assert "KeyError: 'ana@example.org'" not in kept
    assert ending(broken, verbose=True) == 1
    assert "KeyError: 'ana@example.org'" in home.capsys.readouterr().err


def test_a_store_that_cannot_be_opened_is_a_sentence(configured: Home) -> None:
    """The place where it should lie is a file's: exit code 1, no traceback."""
    configured.configure(CONFIG + "store: sqlite:///blocked/a.db\n")
    (configured.config.parent / "blocked").write_text("")
    ended = configured.run("status")
    assert ended.code == 1
    assert "Traceback" not in ended.err
    assert len(ended.err) > 20


def test_colours_are_for_terminals(configured: Home) -> None:
    """A pipe gets plain text, with or without NO_COLOR."""
    assert "\x1b" not in configured.run_alone("status").out
    assert "\x1b" not in configured.run_alone("status", NO_COLOR="1").out


def test_main_gives_the_code_back() -> None:
    """The entry point hands the exit code to the script that calls it."""
    assert main(["--help"]) == 0
