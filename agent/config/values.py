"""What single values in the config file may look like: one word for each kind, each with its sentence when it is wrong.

The validators raise ``ValueError`` with the whole sentence the user reads; it never repeats what could be a secret.
"""

import ipaddress
import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import BeforeValidator, Field, Strict, ValidationInfo, WithJsonSchema

from agent.config.settings import Quiet
from rules.source import close_to

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = r"[0-9]{1,6}[smhd]"
_WORKING_DAYS = r"[1-9][0-9]{0,2} working days?"
_QUIET = r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])"
_FINGERPRINT = r"sha256:([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}"
_PRIVATE_TOP = ("local", "localhost", "test")


def is_loopback(host: str) -> bool:
    """Whether the name or address can only be this machine (RFC 1122 3.2.1.3, RFC 4291 2.5.3, RFC 6761 6.3)."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost" or host.casefold().endswith(".localhost")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("This must be text; put it in quotes if it looks like a number.")  # noqa: TRY004 - pydantic collects ValueError only
    return value


def _line(value: object) -> str:
    line = _text(value).strip()
    if not line or not line.isprintable():
        raise ValueError("This must be one line of text, and not empty.")
    return line


def _name(value: object) -> str:
    name = _line(value)
    if not re.fullmatch(r"[\w@+.-]([\w @+.-]{0,62}[\w@+.-])?", name):
        raise ValueError("A name is made of letters, digits, spaces and the signs @ + . - _, at most 64 of them.")
    return name


def _yes_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return value == "yes"
    raise ValueError("This must be yes or no.")


def _yes(value: object) -> bool:
    if value is True or value == "yes":
        return True
    raise ValueError("Write yes here, or leave this key out.")


def duration(value: object) -> timedelta:
    """``90m``, ``8h``, ``3d`` as a length of time. Raises ``ValueError`` with a sentence."""
    if not isinstance(value, str) or not re.fullmatch(_DURATION, value):
        raise ValueError("This is no duration. Write a number and a unit, such as 90m, 8h or 3d.")
    return timedelta(**{_UNITS[value[-1]]: int(value[:-1])})


def _positive(value: object) -> timedelta:
    length = duration(value)
    if not length:
        raise ValueError("This must be longer than nothing: a number and a unit, such as 90m, 8h or 3d.")
    return length


def _working_days(value: object) -> int | None:
    if value == "never":
        return None
    if not isinstance(value, str) or not re.fullmatch(_WORKING_DAYS, value):
        raise ValueError("Write a number of working days, such as `7 working days`, or `never`.")
    return int(value.split()[0])


def _quiet(value: object) -> Quiet:
    match = re.fullmatch(_QUIET, value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('Write two times of day, such as "22:00-08:00".')
    hours = [int(each) for each in match.groups()]
    quiet = Quiet(start=time(hours[0], hours[1]), end=time(hours[2], hours[3]))
    if quiet.start == quiet.end:
        raise ValueError('The quiet hours begin and end at the same time. Write two times, such as "22:00-08:00".')
    return quiet


def _email(value: object) -> str:
    address = _line(value)
    # Mail on an intranet or on this machine uses names that are reserved in public DNS (RFC 6761, RFC 6762);
    # the library refuses those by name, so the rest of the address is judged under a public one.
    private = address.rpartition("@")[2].rpartition(".")[2].casefold() in _PRIVATE_TOP
    try:
        found = validate_email(f"{address}.example" if private else address, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"This is no email address such as ana@example.org: {error}") from None
    return found.removesuffix(".example") if private else found


def _host(value: object) -> str:
    host = _line(value)
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        if re.fullmatch(r"[\w]([\w.-]{0,251}[\w.])?", host):
            return host
    raise ValueError("Write the name of the server alone, such as imap.example.org, without `//`, port or spaces.")


def _timezone(value: object) -> ZoneInfo:
    name = _line(value)
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder's name, a path out of the database, an unknown zone
        near = close_to(name, sorted(available_timezones()))
        raise ValueError(f"There is no time zone of that name; write one such as Europe/Lisbon.{near}") from None


def _country(value: object) -> str:
    from holidays import list_supported_countries  # knows 250 countries, loaded only when one is named

    code = _line(value).upper()
    if code not in list_supported_countries(include_aliases=False):
        raise ValueError("Public holidays are not known for this country; write its two letters, such as PT.")
    return code


def _fingerprint(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(_FINGERPRINT, value):
        raise ValueError("Write `sha256:` and the certificate's 64 hexadecimal digits.")
    return "sha256:" + value.removeprefix("sha256:").replace(":", "").lower()


def _path(value: object, info: ValidationInfo) -> Path:
    """Absolute; ``~`` is the home folder, and what is relative stands beside the config file."""
    try:
        path = Path(_line(value)).expanduser()
    except RuntimeError:
        raise ValueError("There is no home folder of that name.") from None
    return Path((info.context or {}).get("base", Path.cwd()), path)


def _file(value: object, info: ValidationInfo) -> Path:
    path = _path(value, info)
    if not path.is_file():
        raise ValueError(f"There is no file {path}.")
    return path


def _origin(value: object) -> str:
    url = urlsplit(_line(value))
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError("Write a whole address, such as https://graph.microsoft.us.")
    if url.scheme == "http" and not is_loopback(url.hostname):
        raise ValueError("Write https here: http is allowed only on this machine (127.0.0.1, ::1, localhost).")
    return url.geturl().rstrip("/")


def _store(value: object, info: ValidationInfo) -> str:
    url = _line(value)
    scheme, separator, rest = url.partition("://")
    backend = scheme.partition("+")[0]
    if not separator or backend not in ("sqlite", "postgresql"):
        raise ValueError("Write sqlite:/// and a file, such as sqlite:///~/afterword.db, or a postgresql:// address.")
    if backend != "sqlite":
        return url
    file, _, query = rest.removeprefix("/").partition("?")
    if not rest.startswith("/") or not file or file.startswith(":memory:"):
        raise ValueError("This would forget everything at the end; name a file, such as sqlite:///~/afterword.db.")
    return f"{scheme}:///{_path(file, info)}{'?' if query else ''}{query}"


def _languages(value: object) -> tuple[str, ...] | None:
    """None for ``auto``: chosen for each mail."""
    from rules.load import available  # brings the pattern engine with it, which `auto` does not need here

    known = available()
    if value == "auto":
        return None
    if not isinstance(value, list) or not value:
        raise ValueError(f"Write `auto`, or a list of languages out of {', '.join(known)}.")
    for code in value:
        if code not in known:
            raise ValueError(f"There are no rules for the language `{code}`; known are {', '.join(known)}.")
    return tuple(value)


def _listed(value: object) -> object:
    """One word is a list of one."""
    return [value] if isinstance(value, str) else value


def _not_empty(value: object) -> object:
    if value == []:
        raise ValueError("This list needs at least one entry.")
    return value


def _schema(kind: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **more})


OneOrMore = BeforeValidator(_listed)
NotEmpty = BeforeValidator(_not_empty)

Text = Annotated[str, BeforeValidator(_text)]
Line = Annotated[str, BeforeValidator(_line)]
Name = Annotated[str, BeforeValidator(_name)]
YesNo = Annotated[bool, BeforeValidator(_yes_no), WithJsonSchema({"enum": ["yes", "no", True, False]})]
Yes = Annotated[bool, BeforeValidator(_yes), WithJsonSchema({"enum": ["yes", True]})]
Duration = Annotated[timedelta, BeforeValidator(duration), _schema("string", pattern=f"^{_DURATION}$")]
Length = Annotated[timedelta, BeforeValidator(_positive), _schema("string", pattern=f"^{_DURATION}$")]
WorkingDays = Annotated[
    int | None, BeforeValidator(_working_days), _schema("string", pattern=f"^(never|{_WORKING_DAYS})$")
]
QuietHours = Annotated[Quiet, BeforeValidator(_quiet), _schema("string", pattern=f"^{_QUIET}$")]
Email = Annotated[str, BeforeValidator(_email), _schema("string", format="email")]
Host = Annotated[str, BeforeValidator(_host)]
Timezone = Annotated[ZoneInfo, BeforeValidator(_timezone), _schema("string")]
Country = Annotated[str, BeforeValidator(_country), _schema("string", pattern="^[A-Za-z]{2}$")]
Fingerprint = Annotated[str, BeforeValidator(_fingerprint), _schema("string", pattern=f"^{_FINGERPRINT}$")]
Location = Annotated[Path, BeforeValidator(_path), _schema("string")]
ExistingFile = Annotated[Path, BeforeValidator(_file), _schema("string")]
Origin = Annotated[str, BeforeValidator(_origin), _schema("string", format="uri")]
Languages = Annotated[
    tuple[str, ...] | None,
    BeforeValidator(_languages),
    WithJsonSchema({"anyOf": [{"const": "auto"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]
Store = Annotated[str, BeforeValidator(_store), _schema("string")]
Count = Annotated[int, Strict(), Field(ge=1)]
Port = Annotated[int, Strict(), Field(ge=1, le=65535)]
Argv = Annotated[tuple[Line, ...], NotEmpty]
