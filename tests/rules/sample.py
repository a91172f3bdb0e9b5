"""A message to Ana about her application, for tests of what its words mean."""

from connectors.message import Address, Message, MessageId
from tests.rules.mails import message


def mail(
    text: str | None = None,
    *,
    subject: str = "Your application for the Data Analyst position",
    sender: str = "jane@acme.example",
    name: str = "Jane Doe",
    html: str | None = None,
    outgoing: bool = False,
    answers: bool = False,
    calendars: tuple[str, ...] = (),
    headers: tuple[tuple[str, str], ...] = (),
) -> Message:
    """A message with this text; ``answers``: it is a reply to another one."""
    return message(
        text,
        subject=subject,
        sender=Address(address=sender, name=name),
        html=html,
        outgoing=outgoing,
        in_reply_to=MessageId("<p@acme.example>") if answers else None,
        calendars=calendars,
        headers=headers,
    )
