"""The names under which mail is known again."""

from collections.abc import Iterator

from agent.case import Case, Mail


def own_names(mail: Mail) -> Iterator[str]:
    """The message itself, and its thread as its account has it."""
    yield f"key:{mail.key}"
    if mail.message_id:
        yield f"id:{mail.message_id}"
    if mail.thread:
        yield f"thread:{mail.account}:{mail.thread}"


def references(case: Case) -> frozenset[str]:
    """The names under which mail of this case can be known again."""
    names = {name for mail in case.mails for name in own_names(mail)}
    names |= {f"id:{letter.message_id}" for letter in case.letters}
    names |= {f"id:{letter.sent_id}" for letter in case.letters if letter.sent_id}
    names |= {f"thread:{letter.account}:{letter.sent_thread}" for letter in case.letters if letter.sent_thread}
    return frozenset(names)
