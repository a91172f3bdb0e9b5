"""Sample mail for the contract suite, built by the standard library and not by our own writer."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count

from connectors.message import Address, Draft, MessageId, Parent
from connectors.message.serialise import mint_message_id

LONG_ID = MessageId("<IA3PR11MB9136414F72F6CE4AD6448FF892FDA@IA3PR11MB9136.namprd11.prod.outlook.example>")
"""Longer than the 78 characters at which some writers break an id; as Microsoft makes them."""
WORLDLY = "Größe, naïve, 😀👩‍👩‍👧, שלום, مرحبا, 日本語の件名"

_numbers = count(1)


def now() -> datetime:
    """The time as mail servers keep it: whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def ago(**span: float) -> datetime:
    """A time before now: ``ago(days=2)``."""
    return now() - timedelta(**span)


def fresh_id() -> MessageId:
    """A Message-ID never used before."""
    return MessageId(f"<{datetime.now(UTC).timestamp()}.{next(_numbers)}@mail.acme.example>")


def mail(
    to: str,
    *,
    sender: str = "Jane Doe <jane@acme.example>",
    subject: str = "Your application",
    text: str = "Thank you for your time.\n",
    message_id: MessageId | None = None,
    answers: Iterable[MessageId] = (),
    date: datetime | None = None,
) -> bytes:
    """A plain mail. ``answers``: its References, the direct parent last."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = date or now()
    message["Message-ID"] = message_id or fresh_id()
    chain = list(answers)
    if chain:
        message["In-Reply-To"], message["References"] = chain[-1], " ".join(chain)
    message.set_content(text, cte="quoted-printable")
    return message.as_bytes()


def invitation(to: str, *, message_id: MessageId) -> bytes:
    """An HTML mail with its plain twin, a calendar part, and attachments: a file and a forwarded mail."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message["From"], message["To"], message["Subject"] = "Jörg Weiß <jw@acme.example>", to, WORLDLY
    message["Date"], message["Message-ID"] = now(), message_id
    message.set_content("Wir freuen uns: Grüße!\n", cte="base64")
    message.add_alternative("<p>Wir freuen uns: <b>Grüße!</b></p>", subtype="html")
    message.add_alternative("BEGIN:VCALENDAR\r\nSUMMARY:Gespräch\r\nEND:VCALENDAR\r\n", subtype="calendar")
    message.add_attachment("attached words, not of this mail\n", filename="notes.txt")
    message.add_attachment(b"\x00\x01" * 600_000, maintype="application", subtype="pdf", filename="map.pdf")
    forwarded = EmailMessage()
    forwarded["Subject"] = "an older mail"
    forwarded.set_content("forwarded words, not of this mail\n")
    message.add_attachment(forwarded)
    return message.as_bytes()


def draft(sender: str, *, parent: MessageId | None = None, text: str = "Dear Jane,\n\nthank you.\n") -> Draft:
    """A letter from the user, an answer to ``parent`` or a fresh one."""
    older = MessageId("<first@mail.acme.example>")
    return Draft(
        message_id=mint_message_id(sender.rpartition("@")[2]),
        sender=Address(address=sender, name="Ana Söusa"),
        to=Address(address="jane@acme.example", name="Jane Doe, Acme 日本"),
        subject=f"Re: {WORLDLY}",
        text=text,
        date=now(),
        parent=Parent(message_id=parent, references=(older, parent)) if parent else None,
    )
