"""How to get in: the provider's steps, a password that is tried before it is kept, or a sign-in in the browser."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from agent.config import values as v
from agent.setup import keeping
from agent.setup.asking import Given, again, answered, as_, chosen
from agent.setup.entrance import Door, Sought, door
from agent.setup.keeping import Typed
from agent.setup.values import Provider, Stopped, Talk, Way
from connectors import connect, survey
from connectors.account import Account, Tls
from connectors.port import Failure, Refused
from connectors.secrets import FromCommand, FromFile, FromKeyring, Secret
from connectors.survey import Survey

_MINUTES = {
    Way.PASSWORD: "an {password} over IMAP: five minutes. It opens the whole mailbox until you take it back",
    Way.GOOGLE: "Google's own API: about twenty minutes, and a right that can be limited to reading and drafts",
    Way.MICROSOFT: "Microsoft's own API: about ten minutes. Microsoft's servers themselves then refuse to send",
}


@dataclass(frozen=True, kw_only=True)
class Inside:
    """A mailbox that let us in. ``entry`` is its part of the configuration, but for where a typed password is kept."""

    account: Account
    entry: Mapping[str, Any]
    survey: Survey | None = None
    typed: Typed | None = field(default=None, repr=False)


def way_in(talk: Talk, given: Given, provider: Provider | None) -> Way:
    """Which of the provider's ways; the first is recommended."""
    if given.client is not None:
        return Way.GOOGLE
    if given.client_id is not None:
        return Way.MICROSOFT
    ways = provider.ways if provider and given.host is None else (Way.PASSWORD,)
    if len(ways) == 1 or talk.alone or _source(given, "") is not None:
        return ways[0]
    talk.say("There are several ways in. The first is the shortest.")
    password = provider.password if provider else "password"
    return ways[chosen(talk, "Which one", [_MINUTES[way].format(password=password) for way in ways], option="--client")]


def with_password(talk: Talk, given: Given, found: Sought, account: Account) -> Inside:
    """Over IMAP: find the door, show the steps, and try until a password fits. Raises ``Stopped``."""
    source, provider = _source(given, account.name), found.provider
    if source is None:
        steps(talk, provider)
    opened = door(talk, given, found)
    user = given.username or opened.server.username or account.address
    if provider and provider.local_part and not given.username:
        user = account.address.rpartition("@")[0]
    account = replace(
        account,
        connector="imap",
        host=opened.server.host,
        port=opened.server.port,
        tls=opened.server.tls,
        fingerprint=opened.fingerprint,
        username=user,
        password=source,
    )
    found_there = None
    while not given.offline and found_there is None:
        if account.password is None:
            account = replace(account, password=Typed(_secret(talk, provider, account)))
        account, found_there = _tried(talk, account)
    typed = account.password if isinstance(account.password, Typed) else None
    return Inside(account=account, entry=_imap_entry(account, opened), survey=found_there, typed=typed)


def steps(talk: Talk, provider: Provider | None) -> None:
    """What the provider wants, as short as it can be said."""
    if provider is None:
        talk.say(
            "The password is the one for mail programs. Some providers want an app password, and IMAP switched on."
        )
        return
    if provider.ways[0] is Way.PASSWORD:
        talk.say(f"{provider.name} wants: {provider.password}")
    for number, step in enumerate(provider.steps, 1):
        talk.say(f"  {number}. {step}")
    talk.say(f"More: {provider.page}")


def _secret(talk: Talk, provider: Provider | None, account: Account) -> str:
    kind = (provider.password if provider else "") or "password"
    while not (
        text := talk.secret(
            f"The {kind} of {account.username} at {account.host}, not shown", option="--password-file"
        ).strip()
    ):
        talk.say("An empty password opens nothing. Ctrl-C stops; nothing is written.")
    return text


def _tried(talk: Talk, account: Account) -> tuple[Account, Survey | None]:
    """The mailbox's folders; without them the account to try next, after saying why this one was not let in."""
    talk.say(f"Signing in at {account.host} as {account.username} ...")
    try:
        return account, survey(account)
    except Refused as no:
        again(talk, f"That did not work: {no}.")
        return _corrected(talk, account), None
    except Failure as later:
        again(talk, f"That did not work now: {later}.")
    if not talk.agree("Try once more?", default=True):
        raise Stopped("Run `afterword init` again later.")
    return account, None


def _corrected(talk: Talk, account: Account) -> Account:
    """Another user name, and the password anew: it is mostly the one or the other."""
    talk.say("Please try again: the user name may be the whole address, or only the part before the @.")
    user = answered(talk, "User name", as_(v.Line), default=account.username, option="--username")
    return replace(account, username=user, password=None)


def _source(given: Given, account: str) -> Secret | None:
    """Where the password comes from, if the command line says so. Raises ``Stopped``."""
    if given.password_command:
        try:
            return FromCommand(tuple(shlex.split(given.password_command)))
        except ValueError:
            raise Stopped("--password-command: there is a quote without its other half.") from None
    if given.password_file:
        return FromFile(given.password_file.expanduser().absolute())
    return FromKeyring(account) if given.keyring else None


def _imap_entry(account: Account, opened: Door) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": account.name,
        "connector": "imap",
        "address": account.address,
        "host": account.host,
    }
    if account.port != (993 if account.tls is Tls.IMPLICIT else 143):
        entry["port"] = account.port
    if account.tls is not Tls.IMPLICIT:
        entry["tls"] = account.tls.value
    if opened.fingerprint:
        entry["fingerprint"] = opened.fingerprint
    if account.username != account.address:
        entry["username"] = account.username
    match account.password:
        case FromCommand(argv):
            entry["password"] = {"command": list(argv)}
        case FromFile(path):
            entry["password"] = {"file": str(path)}
        case FromKeyring() | None:
            entry["password"] = {"keyring": "yes"}
        case _:
            pass  # typed: it is kept when the configuration is written
    return entry


def keep(talk: Talk, inside: Inside, config: Path) -> Mapping[str, Any]:
    """Put a typed password where it is kept; gives the entry that says so. Raises ``NotKept`` when nothing takes it."""
    if inside.typed is None:
        return inside.entry
    name, password = inside.account.name, inside.typed.text
    place = keeping.file_for(config, name)
    talk.say("Looking whether this machine has a keyring that works ...")
    places: dict[str, Callable[[], dict[str, Any]]] = {}
    if keeping.keyring_works():
        label = "in the keyring (not if Afterword shall run before you log in)"
        places[label] = lambda: keeping.into_keyring(name, password)
    else:
        talk.say(
            "It has none, or it is locked. That is usual without a desktop. The password can lie in a file that only "
            "you can read; whoever can read your files can read it too, so use a password made for Afterword alone."
        )
    places[f"in the file {place}, readable by you alone"] = lambda: keeping.into_file(place, password)
    places["nowhere: a program of mine prints it, such as pass"] = lambda: _by_program(talk, password)
    number = chosen(talk, "Where shall the password be kept", list(places), option="--password-file")
    return {**inside.entry, "password": list(places.values())[number]()}


def _by_program(talk: Talk, password: str) -> dict[str, Any]:
    """The user's own password manager, once it gives the password that was just right."""
    command = talk.ask("The program and its arguments, such as pass show mail/home", option="--password-command")
    try:
        argv = shlex.split(command)
        same = bool(argv) and FromCommand(tuple(argv)).reveal() == password
    except (ValueError, Refused) as no:
        raise keeping.NotKept(str(no)) from None
    if not same:
        raise keeping.NotKept("that program does not print the password that you have just given")
    return {"command": argv}


def with_api(talk: Talk, given: Given, way: Way, provider: Provider | None, account: Account) -> Inside:
    """Through Google's or Microsoft's own API, after signing in on their page. Raises ``Stopped``."""
    if way is Way.GOOGLE:
        account, entry = _google(talk, given, account)
    else:
        account, entry = _microsoft(talk, given, provider, account)
    if given.offline:
        return Inside(account=account, entry=entry)
    from connectors import oauth  # late: the web libraries behind it take a moment to load

    visit = talk.visit()
    talk.say("Now sign in on the provider's own page. Afterword never sees your password.")
    try:
        oauth.sign_in(account, asking=oauth.Asking(talk.say, visit), device=way is Way.MICROSOFT and visit is None)
        with connect(account):
            pass
    except Failure as no:
        raise Stopped(f"The sign-in did not work: {no}.\nRun `afterword init` again when that is put right.") from no
    return Inside(account=account, entry=entry, survey=survey(account))


def _google(talk: Talk, given: Given, account: Account) -> tuple[Account, dict[str, Any]]:
    talk.say("It needs a client of your own with Google; docs/gmail.md shows each step. At its end you have a file.")
    path = answered(
        talk, "The client_secret.json from Google", as_(v.ExistingFile),
        given=str(given.client) if given.client else None, option="--client",
    )  # fmt: skip
    entry = {"name": account.name, "connector": "gmail", "address": account.address, "client": str(path)}
    return replace(account, connector="gmail", client=path), entry


def _microsoft(talk: Talk, given: Given, provider: Provider | None, account: Account) -> tuple[Account, dict[str, Any]]:
    if given.client_id is None:
        talk.say("Microsoft takes no passwords from programs. It wants a registration of your own, once:")
        steps(talk, provider)
        talk.say("If you have none yet, press Ctrl-C, make it, and run `afterword init` again.")
    client_id = answered(talk, "Application (client) ID", as_(v.Name), given=given.client_id, option="--client-id")
    tenant = given.tenant or "common"
    entry = {
        "name": account.name,
        "connector": "outlook",
        "address": account.address,
        "client_id": client_id,
        "tenant": tenant,
    }
    return replace(account, connector="outlook", client_id=client_id, tenant=tenant), entry
