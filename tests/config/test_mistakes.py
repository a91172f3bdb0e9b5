"""Every mistake in a config file at once, each with its line, its column and what would be right."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.config.load import load
from rules.source import Problems

RIGHT = """\
me: {name: Ana}
accounts:
  - name: home
    connector: imap
    address: ana@example.org
    host: imap.example.org
    password: {keyring: yes}
"""


def mistakes(folder: Path, text: str) -> list[str]:
    """What is wrong, as ``line:column: sentence``."""
    path = folder / "config.yaml"
    path.write_text(text)
    with pytest.raises(Problems) as caught:
        load(path)
    return [str(each).removeprefix(f"{path}:") for each in caught.value.problems]


def test_many_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """One pass names them all, in the order of the lines."""
    text = """\
version: 0
me:
  nam: Ana
accounts:
  - name: home
    connector: imap
    adress: ana@example.org
    host: imap.example.org
    prot: 993
    tls: none
    password: hunter2
  - name: home
    connector: imp
  - name: local
    connector: maildir
    address: ana@ex@ample.org
    path: ~/Mail
    folders: {watch: 3, draft: x}
clock:
  ask_within: 24
  remind_before: [8h, 2x]
  quiet_hours: "22-8"
policy:
  - when: {meaning: rejected, from: human, account: hom}
    then: requst
store: mysql://ana:hunter2@db/x
"""
    found = mistakes(tmp_path, text)
    assert [each.split(" ", 1)[0] for each in found] == [
        *("1:10:", "3:3:", "3:3:", "5:5:", "7:5:", "9:5:", "10:10:", "11:15:", "12:11:", "13:16:", "16:14:"),
        *("18:22:", "18:25:", "20:15:", "21:23:", "22:16:", "24:21:", "24:37:", "24:53:", "25:11:", "26:8:"),
    ]
    assert "hunter2" not in "".join(found)


@pytest.mark.parametrize(
    ("line", "place", "sentence"),
    [
        ("brakes: 3", "8:1:", "There is no key `brakes` here. Did you mean `brake`?"),
        ("zzz: 3", "8:1:", "There is no key `zzz` here. Known are: version, me, accounts,"),
        ("brake: ten", "8:8:", "This must be a whole number."),
        ("brake: 0", "8:8:", "This must be a larger number."),
        ("brake: true", "8:8:", "This must be a whole number."),
        ("lookback: 3 d", "8:11:", "This is no duration. Write a number and a unit, such as 90m, 8h or 3d."),
        ("lookback: -3d", "8:11:", "This is no duration."),
        ("clock: {ask_within: 0h}", "8:21:", "This must be longer than nothing"),
        ("clock: {quiet_hours: 22:00-22:00}", "8:22:", "The quiet hours begin and end at the same time."),
        ('clock: {quiet_hours: "24:00-08:00"}', "8:22:", 'Write two times of day, such as "22:00-08:00".'),
        ("clock: {timezone: Europe/Lisabon}", "8:19:", "There is no time zone of that name; write one such as"),
        ("clock: {timezone: Europe/Lisabon}", "8:19:", "Did you mean `Europe/Lisbon`?"),
        ("clock: {timezone: ../../etc/passwd}", "8:19:", "There is no time zone of that name"),
        ("clock: {timezone: Europe}", "8:19:", "There is no time zone of that name"),
        ("clock: {country: Portugal}", "8:18:", "write its two letters, such as PT."),
        ("clock: {country: QQ}", "8:18:", "Public holidays are not known"),
        ("clock: 24h", "8:8:", "This must be a group of keys, each with its value."),
        ("follow_up: {thanks: maybe}", "8:21:", "This must be yes or no."),
        ("follow_up: {thanks: 1}", "8:21:", "This must be yes or no."),
        ("follow_up: {close_after: 7 days}", "8:26:", "such as `7 working days`, or `never`."),
        ("follow_up: {close_after: 0 working days}", "8:26:", "such as `7 working days`, or `never`."),
        ("alerts: [destop]", "8:10:", "Did you mean `desktop`?"),
        ("alerts: [{command: ntfy}]", "8:20:", "This must be a list, such as [one, two]."),
        ("alerts: [{command: []}]", "8:20:", "This list needs at least one entry."),
        ("alerts: [{command: [x], comand: y}]", "8:25:", "There is no key `comand` here. Did you mean `command`?"),
        ("languages: english", "8:12:", "Write `auto`, or a list of languages out of de, en"),
        ("languages: [en, xx]", "8:12:", "There are no rules for the language `xx`"),
        ("rules: [none.yaml]", "8:9:", "There is no file"),
        ("policy: [{then: note}]", "8:10:", "`when` is missing here."),
        ("policy: [{when: {stage: hired}, then: note}]", "8:25:", "write interviewed, applied or unknown."),
        ("store: 'sqlite:///:memory:'", "8:8:", "This would forget everything at the end"),
        ("store: sqlite://", "8:8:", "This would forget everything at the end"),
        ("store: afterword.db", "8:8:", "Write sqlite:/// and a file"),
        ("version: one", "8:10:", "`one` is not known here; write 1."),
        ("version: 2", "8:10:", "This file has form 2, and this Afterword knows forms up to 1"),
        ("brake: 3\nbrake: 4", "9:1:", "“brake” stands here twice; it is already on line 8."),
        ("\tbrake: 3", "8:1:", "This is not YAML"),
    ],
)
def test_each_mistake_has_its_place_and_its_remedy(tmp_path: Path, line: str, place: str, sentence: str) -> None:
    """Appended to a right file, the mistake is the only one told, where it stands."""
    found = mistakes(tmp_path, RIGHT + line + "\n")
    assert len(found) == 1
    assert found[0].startswith(place)
    assert sentence in found[0]


@pytest.mark.parametrize(
    ("right", "wrong", "place", "sentence"),
    [
        ("name: Ana}", "name: 12}", "1:12:", "put it in quotes"),
        ("name: Ana}", 'name: "Ana\\nBcc: x"}', "1:12:", "one line of text"),
        ("name: Ana}", "signature: x}", "1:5:", "`name` is missing here. Your name as it stands in From."),
        ("name: home", "name: ho/me", "3:11:", "A name is made of letters"),
        ("connector: imap", "connector: pop3", "4:16:", "write imap, gmail, outlook or maildir."),
        ("    connector: imap\n", "", "3:5:", "`connector` is missing here"),
        ("connector: imap", "connector: outlook", "6:5:", "There is no key `host` here."),
        ("ana@example.org", "ana.example.org", "5:14:", "This is no email address such as ana@example.org"),
        ("ana@example.org", "Ana <ana@example.org>", "5:14:", "This is no email address"),
        ("ana@example.org", "ana@example..org", "5:14:", "This is no email address"),
        ("imap.example.org", "imaps://imap.example.org:993/", "6:11:", "Write the name of the server alone"),
        ("imap.example.org", "imap.example.org\n    port: 99999", "7:11:", "This must be a smaller number."),
        ("imap.example.org", 'imap.example.org\n    port: "993"', "7:11:", "This must be a whole number."),
        ("imap.example.org", "imap.example.org\n    tls: ssl", "7:10:", "write implicit, starttls or none."),
        ("imap.example.org", "192.0.2.1\n    tls: none", "7:10:", "allowed only on this machine"),
        ("imap.example.org", "localhost.example.org\n    tls: none", "7:10:", "allowed only on this machine"),
        ("imap.example.org", "imap.example.org\n    fingerprint: sha256:12", "7:18:", "64 hexadecimal digits"),
        ("imap.example.org", "imap.example.org\n    ca: none.pem", "7:9:", "There is no file"),
        ("imap.example.org", "imap.example.org\n    folders: {watch: []}", "7:22:", "at least one entry"),
        ("imap.example.org", "imap.example.org\n    token: {command: [x]}", "7:12:", "keep one of them"),
        ("imap.example.org", "imap.example.org\n    client_id: x", "3:5:", "has `client_id` and `password`; keep one"),
        ("{keyring: yes}", "{keyring: yes}\n    client: x.json", "3:5:", "has `client` and `password`; keep one"),
        ("imap.example.org", "imap.example.org\n    authority: example.org", "7:16:", "Write a whole address"),
        ("{keyring: yes}", "hunter2", "7:15:", "The password itself does not belong in this file."),
        ("{keyring: yes}", "{keyring: no}", "7:25:", "Write yes here, or leave this key out."),
        ("{keyring: yes}", "{keyring: yes, file: x}", "7:15:", "Name exactly one source"),
        ("{keyring: yes}", "{}", "7:15:", "Name exactly one source"),
        ("{keyring: yes}", "{command: pass show home}", "7:25:", "This must be a list, such as [one, two]."),
        ("    password: {keyring: yes}\n", "", "3:5:", "`password` is missing here"),
        ("accounts:\n", "accounts: []\nx:\n", "2:11:", "This list needs at least one entry."),
    ],
)
def test_each_mistake_in_an_account(tmp_path: Path, right: str, wrong: str, place: str, sentence: str) -> None:
    """The same for what is wrong in an account or in `me`; other mistakes may follow from it."""
    assert right in RIGHT
    found = mistakes(tmp_path, RIGHT.replace(right, wrong, 1))
    assert any(each.startswith(place) and sentence in each for each in found), found


def test_oauth_accounts_need_a_way_in(tmp_path: Path) -> None:
    """Gmail wants a client or a token, Outlook a client id or a token, and plain http stays on this machine."""
    text = """\
me: {name: Ana}
accounts:
  - {name: g, connector: gmail, address: a@gmail.example}
  - {name: o, connector: outlook, address: a@contoso.example}
  - {name: p, connector: outlook, address: a@contoso.example, client_id: x, endpoint: http://example.org}
"""
    found = mistakes(tmp_path, text)
    assert [each.split(" is ")[0] for each in found[:2]] == ["3:5: `client`", "4:5: `client_id`"]
    assert found[2].startswith("5:87: Write https here")


def test_an_empty_file_names_what_is_missing(tmp_path: Path) -> None:
    """Nothing in the file is not nothing to say."""
    found = mistakes(tmp_path, "# nothing yet\n")
    assert [each.partition(" is missing")[0] for each in found] == ["1:1: `me`", "1:1: `accounts`"]


def test_a_file_of_another_kind_is_told_so(tmp_path: Path) -> None:
    """A list at the top, and bytes that are no UTF-8."""
    sentence = "This must be a group of keys, each with its value. The configuration of Afterword."
    assert mistakes(tmp_path, "- a\n") == [f"1:1: {sentence}"]
    (tmp_path / "latin.yaml").write_bytes(b"me: {name: Jos\xe9}\n")
    with pytest.raises(Problems, match=r"latin\.yaml:1:1: This line is not UTF-8"):
        load(tmp_path / "latin.yaml")


_WORDS = st.sampled_from(
    ["me", "name", "accounts", "imap", "connector", "clock", "when", "then", "policy", "alerts", "password", "24h", "~"]
)
_YAML = st.recursive(
    _WORDS | st.integers() | st.booleans() | st.none() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=12,
)


_KEYS = st.sampled_from(["me", "accounts", "clock", "policy", "alerts", "store", "rules", "x"])


@given(st.dictionaries(_KEYS, _YAML))
def test_whatever_the_file_holds_it_is_settings_or_problems(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    """No shape of the file makes anything but a list of problems with real places."""
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(json.dumps(value))  # JSON is YAML
    try:
        load(path)
    except Problems as caught:
        assert all(each.line >= 1 and each.column >= 1 and each.sentence for each in caught.problems)
