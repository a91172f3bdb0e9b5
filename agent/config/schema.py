"""The config file as types. The text under each key is what `config schema` and the problems say would be right."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator

from agent.config import values as v
from agent.policy import Then
from connectors.account import Tls
from rules.verdict import Meaning, Stage


class Part(BaseModel):
    """One mapping of the file. Unknown keys are mistakes, since a misspelt key would silently do nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True)


class MePart(Part):
    """Who writes the letters."""

    name: v.Line
    """Your name as it stands in From."""
    signature: v.Text = ""
    """The lines under your letters; your name when left out."""


class FoldersPart(Part):
    """Folder names as your mail program shows them."""

    watch: Annotated[tuple[v.Line, ...], v.NotEmpty, v.OneOrMore] = ("INBOX",)
    """Where new mail arrives: a list of folders."""
    drafts: v.Line | None = None
    """Where drafts are put; found by itself when left out."""
    sent: v.Line | None = None
    """Where sent mail is kept; found by itself when left out."""


class WatchPart(Part):
    """Folder names as your mail program shows them; drafts and sent mail lie where the provider puts them."""

    watch: Annotated[tuple[v.Line, ...], v.NotEmpty, v.OneOrMore] = ("INBOX",)
    """Where new mail arrives: a list of folders."""


def _one_source(value: object) -> object:
    if isinstance(value, dict):
        if len(value) != 1:
            raise ValueError("Name exactly one source: command, keyring, credential or file.")
        return value
    raise ValueError(
        "The password itself does not belong in this file. Name its source: "
        "{command: [pass, show, mail/home]}, {keyring: yes}, {credential: NAME} or {file: PATH}."
    )


class PasswordPart(Part):
    """Where the password comes from: exactly one source."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    command: v.Argv | None = None
    """A program and its arguments as a list; the first line it prints is the password."""
    keyring: v.Yes | None = None
    """`yes`: the desktop's keyring, service `afterword`, entry: the account's name."""
    credential: v.Name | None = None
    """The name of a systemd credential (LoadCredential=)."""
    file: v.Location | None = None
    """A file that only you can read (mode 0600); its first line is the password."""


class CommandPart(Part):
    """A program and its arguments, started without a shell."""

    command: v.Argv
    """A program and its arguments as a list, such as [ntfy-me]."""


class AccountPart(Part):
    """What every account has."""

    name: v.Name
    """Your own short word for this mailbox, such as home."""
    address: v.Email
    """Your address in this mailbox."""
    addresses: Annotated[tuple[v.Email, ...], v.OneOrMore] = ()
    """Further addresses you write from or are written to here."""


_KEYS = {"password", "client", "client_id"}
"""What lets an IMAP account in, besides `token`."""


class ImapPart(AccountPart):
    """A mailbox on an IMAP server."""

    connector: Literal["imap"]
    """imap, gmail, outlook or maildir."""
    host: v.Host
    """The name of the IMAP server, such as imap.example.org."""
    port: v.Port | None = None
    """The server's port, 1 to 65535; 993, or 143 without implicit TLS, when left out."""
    tls: Tls = Tls.IMPLICIT
    """implicit, starttls, or none (this machine only)."""
    fingerprint: v.Fingerprint | None = None
    """Pins a self-signed certificate: sha256: and its 64 hexadecimal digits."""
    ca: v.ExistingFile | None = None
    """A PEM file with your own certificate authority."""
    username: v.Line | None = None
    """The name to sign in with; the address when left out."""
    password: Annotated[PasswordPart, BeforeValidator(_one_source)] | None = None
    """Where the password comes from: {command: [...]}, {keyring: yes}, {credential: NAME} or {file: PATH}."""
    client: v.Location | None = None
    """Google: the client_secret.json of your Google Cloud client, in the place of a password."""
    client_id: v.Name | None = None
    """Microsoft: the application (client) id of your registration in Entra, in the place of a password."""
    tenant: v.Name = "common"
    """Microsoft: common, organizations, consumers, or a tenant id."""
    authority: v.Origin | None = None
    """The sign-in server's address; Google's or Microsoft's own when left out."""
    token: Annotated[CommandPart | None, Field(validate_default=True)] = None
    """Where an OAuth access token comes from: {command: [PROGRAM, ARGUMENT, ...]}."""
    folders: FoldersPart = FoldersPart()

    @field_validator("tls")
    @classmethod
    def _in_the_clear(cls, tls: Tls, info: ValidationInfo) -> Tls:
        host = info.data.get("host")
        if tls is Tls.NONE and host is not None and not v.is_loopback(host):
            raise ValueError(
                "Without TLS anybody on the way could read your password and mail: `none` is allowed only on this "
                "machine (127.0.0.1, ::1, localhost). Write implicit or starttls."
            )
        return tls

    @field_validator("token")
    @classmethod
    def _one_key(cls, token: CommandPart | None, info: ValidationInfo) -> CommandPart | None:
        if not set(info.data) >= _KEYS:  # one is wrong itself, and told so
            return token
        given = sorted(key for key in _KEYS if info.data[key] is not None) + (["token"] if token else [])
        if not given:
            raise ValueError(
                "`password` is missing here: say where it comes from, such as {command: [pass, show, me]}."
            )
        if len(given) > 1:
            raise ValueError(f"This account has {' and '.join(f'`{key}`' for key in given)}; keep one of them.")
        return token


class MaildirPart(AccountPart):
    """A Maildir++ tree on this machine."""

    connector: Literal["maildir"]
    """imap, gmail, outlook or maildir."""
    path: v.Location
    """The folder of the Maildir: INBOX at its top, .Drafts and .Sent below."""
    folders: FoldersPart = FoldersPart()


class GmailPart(AccountPart):
    """A Gmail mailbox."""

    connector: Literal["gmail"]
    """imap, gmail, outlook or maildir."""
    client: v.Location | None = None
    """The client_secret.json of your Google Cloud client."""
    folders: WatchPart = WatchPart()
    token: Annotated[CommandPart | None, Field(validate_default=True)] = None
    """Where an OAuth access token comes from: {command: [PROGRAM, ARGUMENT, ...]}."""
    endpoint: v.Origin | None = None
    """The API's address; Google's own when left out."""
    authority: v.Origin | None = None
    """The sign-in server's address; Google's own when left out."""

    @field_validator("token")
    @classmethod
    def _a_way_in(cls, token: CommandPart | None, info: ValidationInfo) -> CommandPart | None:
        if token is None and "client" in info.data and info.data["client"] is None:
            raise ValueError("`client` is missing here: the client_secret.json of your Google Cloud client.")
        return token


class OutlookPart(AccountPart):
    """An Outlook or Microsoft 365 mailbox."""

    connector: Literal["outlook"]
    """imap, gmail, outlook or maildir."""
    tenant: v.Name = "common"
    """common, organizations, consumers, or a tenant id."""
    client_id: v.Name | None = None
    """The application (client) id of your registration in Microsoft Entra."""
    folders: WatchPart = WatchPart()
    token: Annotated[CommandPart | None, Field(validate_default=True)] = None
    """Where an OAuth access token comes from: {command: [PROGRAM, ARGUMENT, ...]}."""
    endpoint: v.Origin | None = None
    """The API's address; Microsoft's own when left out."""
    authority: v.Origin | None = None
    """The sign-in server's address; Microsoft's own when left out."""

    @field_validator("token")
    @classmethod
    def _a_way_in(cls, token: CommandPart | None, info: ValidationInfo) -> CommandPart | None:
        if token is None and "client_id" in info.data and info.data["client_id"] is None:
            raise ValueError("`client_id` is missing here: the application id of your registration in Microsoft Entra.")
        return token


AnyAccount = Annotated[ImapPart | MaildirPart | GmailPart | OutlookPart, Field(discriminator="connector")]


class ClockPart(Part):
    """When to ask and when to remind."""

    ask_within: v.Length = timedelta(hours=24)
    """How long after the rejection arrived the request should go out: a number and a unit, such as 24h."""
    remind_before: Annotated[tuple[v.Length, ...], v.OneOrMore] = (timedelta(hours=8), timedelta(hours=2))
    """When to remind you before that time is over: a list such as [8h, 2h]; [] for never."""
    quiet_hours: v.QuietHours | None = None
    """Hours without reminders, such as "22:00-08:00"."""
    timezone: v.Timezone | None = None
    """Your time zone, such as Europe/Lisbon; the system's when left out."""
    country: v.Country | None = None
    """Two letters of the country whose public holidays are no working days; none when left out."""


class FollowUpPart(Part):
    """What follows a request."""

    thanks: v.YesNo = True
    """Whether to draft a thank-you when feedback came: yes or no."""
    close_after: v.WorkingDays = 7
    """When to draft a short thank-you without an answer: `7 working days`, or `never`."""
    enquire_after: v.WorkingDays = None
    """When to ask for the state of things after an interview: `5 working days`, or `never`."""


class WhenPart(Part):
    """Conditions; one that is left out always holds, and a list holds when one of its words does."""

    meaning: Annotated[tuple[Meaning, ...], v.OneOrMore] = ()
    """What the mail says, such as rejection or filled."""
    stage: Annotated[tuple[Stage, ...], v.OneOrMore] = ()
    """How far the application had come: interviewed, applied or unknown."""
    sender: Annotated[tuple[Literal["person", "machine"], ...], v.OneOrMore] = Field(default=(), alias="from")
    """Who wrote: person or machine."""
    employer: Annotated[tuple[v.Line, ...], v.OneOrMore] = ()
    """The employer's name, with * and ? as in file names."""
    account: Annotated[tuple[v.Name, ...], v.OneOrMore] = ()
    """The name of one of your accounts."""
    language: Annotated[tuple[v.Line, ...], v.OneOrMore] = ()
    """The mail's language: en, de, ..."""


class EntryPart(Part):
    """One line of the policy: the first entry that holds decides."""

    when: WhenPart
    """Conditions, such as {employer: "Acme*"}."""
    then: Then
    """request (draft a letter), note (only remember) or ignore."""


def _alert_kind(value: Any) -> str:
    return "a program" if isinstance(value, dict) else "desktop"


AnyAlert = Annotated[
    Annotated[Literal["desktop"], Tag("desktop")] | Annotated[CommandPart, Tag("a program")],
    Discriminator(_alert_kind),
]


class ConfigPart(Part):
    """The configuration of Afterword."""

    version: Literal[1] = 1
    """The form of this file: 1."""
    me: MePart
    """Who writes the letters: {name: ...}."""
    accounts: Annotated[tuple[AnyAccount, ...], v.NotEmpty]
    """The mailboxes to watch: a list with at least one."""
    clock: ClockPart = ClockPart()
    """When to ask and when to remind."""
    follow_up: FollowUpPart = FollowUpPart()
    """What follows a request."""
    alerts: Annotated[tuple[AnyAlert, ...], v.OneOrMore] = ("desktop",)
    """How you are told: a list of `desktop` and {command: [PROGRAM, ...]}; [] for none."""
    lookback: v.Duration = timedelta(days=3)
    """On the first run, how old a rejection may be to be answered, such as 3d."""
    brake: v.Count = 10
    """How many letters one turn may promise at most: a whole number from 1."""
    languages: v.Languages = None
    """auto, or a list of languages such as [en, de]."""
    rules: Annotated[tuple[v.ExistingFile, ...], v.OneOrMore] = ()
    """Files with your own rules; a relative path starts at this file's folder."""
    policy: tuple[EntryPart, ...] = ()
    """What to do about which mail, put before the default entries: a list of {when: ..., then: ...}."""
    store: v.Store | None = None
    """The database: sqlite:/// and a file, or a postgresql:// address."""
