"""`rules` and `letters`: what there is, and whether it is right."""

from tests.cli.conftest import CONFIG, Home

RULES = """\
rules:
  - rule: frobnicator
    meaning: rejection
    weight: decisive
    any of: [{text: the frobnicator has spoken}]
    hits: [The frobnicator has spoken.]
    misses: [The frobnicator sleeps.]
"""


def test_the_packs_are_right(home: Home) -> None:
    """Without a configuration; every example is run."""
    ended = home.run("rules", "check")
    assert ended.code == 0
    assert "all right" in ended.out


def test_rules_check_reads_the_files_it_is_given(home: Home) -> None:
    """A mistake has its file, line and column; exit code 78."""
    own = home.folder / "own.yaml"
    own.write_text(RULES)
    assert home.run("rules", "check", str(own)).code == 0
    own.write_text(RULES.replace("sleeps", "has spoken again"))
    ended = home.run("rules", "check", str(own))
    assert ended.code == 78
    assert f"{own}:7:" in ended.err


def test_rules_check_without_paths_reads_the_configured_ones(configured: Home) -> None:
    """Those of `rules:`."""
    configured.configure(CONFIG + "rules: [own.yaml]\n")
    (configured.config.parent / "own.yaml").write_text(RULES.replace("weight: decisive", "weight: heavy"))
    ended = configured.run("rules", "check")
    assert ended.code == 78
    assert "own.yaml:4:" in ended.err


def test_rules_check_warns_of_what_looks_odd(home: Home) -> None:
    """With file, line and column; a warning is no failure."""
    own = home.folder / "own.yaml"
    own.write_text(RULES.replace("the frobnicator has spoken", "spoken"))
    ended = home.run("rules", "check", str(own))
    assert ended.code == 0
    assert f"{own}:5:21: warning: The word “spoken” alone decides here." in ended.out
    assert "all right, with " in ended.out
    own.write_text(RULES)
    assert f"{own}:" not in home.run("rules", "check", str(own)).out


def test_rules_list_names_every_rule_with_its_place(configured: Home) -> None:
    """The user's own among them."""
    configured.configure(CONFIG + "rules: [own.yaml]\n")
    (configured.config.parent / "own.yaml").write_text(RULES)
    lines = [line.split() for line in configured.run("rules", "list").out.splitlines()]
    names = [words[0] for words in lines]
    assert names == sorted(names)
    assert len(names) > 30
    (own,) = [words for words in lines if "frobnicator" in words[0]]
    assert own[1:] == ["rejection", "decisive", "own.yaml:2"]


def test_letters_are_listed_and_previewed(home: Home) -> None:
    """Every kind, in the language asked for, under an invented name or the user's own."""
    listed = home.run("letters", "list").out
    for kind in ("request", "thanks", "close", "enquiry"):
        assert f"en {kind}" in listed
    shown = home.run("letters", "preview", "request", "--language", "en")
    assert shown.code == 0
    assert "Jane Doe" in shown.out
    assert "Ana Sousa" in shown.out
    home.configure(CONFIG.replace("Ana Sousa", "Bea Lima"))
    assert "Bea Lima" in home.run("letters", "preview", "thanks").out
    assert "en thanks" not in home.run("letters", "preview", "close").out


def test_letters_are_right(home: Home) -> None:
    """Every wording passes the tone rules."""
    ended = home.run("letters", "check")
    assert ended.code == 0
    assert "all right" in ended.out


LETTERS = """\
letters:
  en:
    - letter: close
      when: []
      subject: Thank you
      wordings:
        - Thank you once more for the interview and for the time you took. I wish you and the whole band every success.
"""


def test_own_letters_are_listed_previewed_and_checked(configured: Home) -> None:
    """As the user's own, with their place; a mistake ends with 78, also in a file that is not configured yet."""
    configured.configure(CONFIG + "rules: [own.yaml]\n")
    own = configured.config.parent / "own.yaml"
    own.write_text(LETTERS)
    first = next(line for line in configured.run("letters", "list").out.splitlines() if "en close" in line)
    assert first.endswith("yours, own.yaml:3")
    shown = configured.run("letters", "preview", "close", "--language", "en").out
    assert "otherwise; wording 1 (yours, own.yaml:3)" in shown
    assert "the whole band" in shown
    assert configured.run("letters", "check").code == 0
    draft = configured.folder / "draft.yaml"
    draft.write_text(LETTERS.replace("I wish you", "Why was I not chosen? I wish you"))
    ended = configured.run("letters", "check", str(draft))
    assert ended.code == 78
    assert f"{draft}:7:11: This wording breaks en/ask-why" in ended.err


def test_unknown_letters_and_languages_are_wrong_usage(home: Home) -> None:
    """With the words there are."""
    ended = home.run("letters", "preview", "complaint")
    assert ended.code == 2
    assert "request" in ended.err
    assert home.run("letters", "list", "--language", "xx").code == 2


def test_config_check_warns_of_a_policy_entry_that_never_decides(home: Home) -> None:
    """At its place in the file, with the line of the entry before it; the configuration is right all the same."""
    home.configure(CONFIG + "policy:\n  - {when: {}, then: note}\n  - {when: {employer: Acme}, then: ignore}\n")
    ended = home.run("config", "check")
    assert ended.code == 0
    assert f"{home.config}:8:5: warning: This entry never decides: the one on line 7 holds before it." in ended.out
    home.configure(CONFIG + "policy:\n  - {when: {employer: Acme}, then: ignore}\n  - {when: {}, then: note}\n")
    assert "warning" not in home.run("config", "check").out
