"""The JSON Schema that editors complete and check the config file with."""

from typing import Any

from agent.config.load import schema
from agent.config.schema import ConfigPart


def parts() -> list[dict[str, Any]]:
    return [schema(), *schema()["$defs"].values()]


def test_every_key_is_explained() -> None:
    """Each property has a sentence of its own or refers to a part that has one, and nothing unknown is allowed."""
    described = 0
    for part in parts():
        if "properties" not in part:
            continue
        assert part["additionalProperties"] is False
        for name, key in part["properties"].items():
            assert key.get("description") or "$ref" in key, name
            described += 1
    assert described > 50


def test_the_schema_names_the_keys_of_the_documentation() -> None:
    """The keys at the top, and those of an IMAP account, are the ones the design fixes."""
    assert set(schema()["properties"]) == {
        *("version", "me", "accounts", "clock", "follow_up", "alerts", "lookback", "brake"),
        *("languages", "rules", "policy", "store"),
    }
    assert set(schema()["$defs"]["ImapPart"]["properties"]) == {
        *("name", "connector", "address", "addresses", "host", "port", "tls", "fingerprint", "ca"),
        *("username", "password", "token", "folders", "client", "client_id", "tenant", "authority"),
    }
    assert "from" in schema()["$defs"]["WhenPart"]["properties"]


def test_the_schema_allows_what_people_write() -> None:
    """`yes`, durations and `never` are strings to an editor, as they are to YAML 1.2."""
    clock, follow = schema()["$defs"]["ClockPart"]["properties"], schema()["$defs"]["FollowUpPart"]["properties"]
    assert clock["ask_within"]["type"] == "string"
    assert "yes" in follow["thanks"]["enum"]
    assert "never" in follow["close_after"]["pattern"]
    assert schema()["$schema"].endswith("2020-12/schema")
    assert ConfigPart.model_fields["me"].is_required()
