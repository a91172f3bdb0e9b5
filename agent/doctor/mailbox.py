"""One account: its password or sign-in, its server, its folders; and, when asked for, one draft."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from agent.config.settings import Me
from agent.doctor.finding import Finding, State, failed
from agent.doctor.machine import compared
from connectors import connect, oauth, reach, survey
from connectors.account import Account
from connectors.message import Address, Draft
from connectors.message.serialise import mint_message_id
from connectors.port import Failure, Untouched
from connectors.reached import Reached

_SOON = timedelta(days=14)
_OF_USE = ("IDLE", "SPECIAL-USE", "NAMESPACE", "ID", "UIDPLUS")
"""The extensions that change what Afterword can do; only these are named to strangers."""

_DRAFT = """\
This is a test draft of Afterword, which looks whether it can put drafts here.

It was not sent to anybody. Please delete it.
"""


def mailbox(account: Account, now: datetime, *, me: Me, try_draft: bool) -> Iterator[Finding]:
    """Each step only when the one before succeeded: a password sent in vain too often locks an account."""
    for step in (_secret, _server):
        found = list(step(account, now))
        yield from found
        if any(each.state is State.FAIL for each in found):
            yield _not_tried("mailbox")
            return
    found = list(_mailbox(account))
    yield from found
    if try_draft:
        lets_in = all(each.state is not State.FAIL for each in found)
        yield _draft(account, now, me) if lets_in else _not_tried("draft")


def _not_tried(name: str) -> Finding:
    return Finding(name=name, state=State.WARN, sentence="not tried before that is put right", facts=("not tried",))


def _secret(account: Account, now: datetime) -> Iterator[Finding]:
    """That there is one; it is never shown, nor anything of it."""
    try:
        if oauth.signs_in(account):
            yield from _sign_in(account, now)
        elif secret := account.token or account.password:
            secret.reveal()
            kind = type(secret).__name__
            yield Finding(name="secret", sentence=f"the {_word(account)} can be read", facts=(kind,))
    except Failure as failure:
        yield failed("secret", failure)


def _word(account: Account) -> str:
    return "token" if account.token else "password"


def _sign_in(account: Account, now: datetime) -> Iterator[Finding]:
    age = oauth.age(account)
    again = f"Sign in: {oauth.command(account)}"
    if age is None:
        yield Finding(
            name="secret",
            state=State.FAIL,
            sentence="nobody signed in yet",
            todo=again,
            needs_user=True,
            facts=("none",),
        )
        return
    days = (now - age.signed_in).days
    sentence = f"signed in on {age.signed_in:%Y-%m-%d}, tokens renewed on {age.renewed:%Y-%m-%d}"
    facts: tuple[str, ...] = (f"signed in days ago {days}", f"renewed days ago {(now - age.renewed).days}")
    if age.ends is None:
        yield Finding(name="secret", sentence=sentence, facts=facts)
        return
    left = age.ends - now
    facts = (*facts, f"ends in days {left.days}")
    if left < timedelta():
        yield Finding(
            name="secret", state=State.FAIL, sentence="the sign-in has ended", todo=again, needs_user=True, facts=facts
        )
    else:
        state = State.WARN if left < timedelta(days=2) else State.OK
        todo = again if state is State.WARN else ""
        yield Finding(
            name="secret", state=state, sentence=f"{sentence}; it ends on {age.ends:%Y-%m-%d}", todo=todo, facts=facts
        )


def _server(account: Account, _now: datetime) -> Iterator[Finding]:
    try:
        reached = reach(account)
    except Failure as failure:
        yield failed("server", failure)
        return
    if reached is None:
        return
    yield _protection(reached)
    if reached.told_time is not None:
        yield compared(reached.told_time, datetime.now(UTC))


def _protection(reached: Reached) -> Finding:
    facts: tuple[str, ...] = (reached.protection or "no TLS", "pinned" if reached.pinned else "by authority")
    if reached.protection is None:
        sentence = f"{reached.place} answers, without TLS, on this machine"
    elif reached.pinned:
        sentence = f"{reached.place} answers by {reached.protection}; its certificate is the one you pinned"
    else:
        sentence = f"{reached.place} answers by {reached.protection}; its certificate is trusted"
    ends = reached.certificate_ends
    if ends is None:
        return Finding(name="server", sentence=sentence, facts=facts)
    left = ends - datetime.now(UTC)
    facts = (*facts, f"certificate days {left.days}")
    if left < _SOON:
        return Finding(
            name="server",
            state=State.WARN,
            sentence=f"{reached.place} answers, but its certificate ends on {ends:%Y-%m-%d}",
            todo="Whoever runs the server has to renew it; most do so by themselves in the last days.",
            facts=facts,
        )
    return Finding(name="server", sentence=f"{sentence} until {ends:%Y-%m-%d}", facts=facts)


def _mailbox(account: Account) -> Iterator[Finding]:
    """Two visits: one that asks what is there, and one as the daemon makes it."""
    found, step = None, "mailbox"
    try:
        if found := survey(account):
            yield _let_in(account)
            step = "folders"
        with connect(account):
            pass
        if not found:
            yield _let_in(account)
    except Failure as failure:
        yield failed(step, failure)
        return
    yield Finding(name="folders", sentence=f"watched: {', '.join(account.folders.watch)}")
    if found is not None:
        yield from _drafts(account.folders.drafts or found.drafts, account.folders.sent or found.sent)
    if found is not None and found.capabilities:
        yield _extensions(found.capabilities)
    if account.connector == "maildir" and account.path and not os.access(account.path.expanduser(), os.W_OK):
        yield Finding(
            name="drafts",
            state=State.FAIL,
            sentence=f"{account.path} cannot be written, so no draft can be placed",
            todo="Give your user the right to write there.",
            needs_user=True,
            facts=("not writable",),
        )


def _let_in(account: Account) -> Finding:
    local = account.connector == "maildir"
    return Finding(
        name="mailbox",
        sentence="the folder is there" if local else f"lets us in as {account.username or account.address}",
    )


def _drafts(drafts: str | None, sent: str | None) -> Iterator[Finding]:
    if drafts is None:
        yield Finding(
            name="drafts",
            state=State.WARN,
            sentence="there is no Drafts folder; the first draft makes one called Drafts",
            todo="If your mail program keeps drafts elsewhere, name that folder under `folders: drafts:`.",
            facts=("missing",),
        )
    else:
        yield Finding(
            name="drafts",
            sentence=f"drafts go to `{drafts}`; whether it takes one shows `--try-draft`",
            facts=("there",),
        )
    if sent is None:
        yield Finding(
            name="sent",
            state=State.WARN,
            sentence="no folder of sent mail was found, so Afterword does not see when you sent a letter",
            todo="Name it under `folders: sent:`.",
            facts=("missing",),
        )
    else:
        yield Finding(name="sent", sentence=f"sent mail is looked for in `{sent}`", facts=("there",))


def _extensions(capabilities: frozenset[str]) -> Finding:
    offers = tuple(each for each in _OF_USE if each in capabilities)
    lacks = tuple(each for each in _OF_USE if each not in capabilities)
    sentence = f"offers {', '.join(offers)}" if offers else "offers plain IMAP"
    if lacks:
        sentence += f"; without {', '.join(lacks)} all goes on"
    if "IDLE" in lacks:
        sentence += ", but new mail is seen only at the next look, within a minute"
    return Finding(name="extensions", sentence=sentence, facts=offers)


def _draft(account: Account, now: datetime, me: Me) -> Finding:
    """The one thing that writes, and only when it was asked for. What it wrote is the user's to delete."""
    own = Address(address=account.address, name=me.name)
    subject = "Afterword: a test draft, please delete it"
    draft = Draft(message_id=mint_message_id(own.domain), sender=own, to=None, subject=subject, text=_DRAFT, date=now)
    try:
        with connect(account) as box:
            lies = box.draft_now(box.place_draft(draft))
    except Failure as failure:
        return failed("draft", failure)
    if isinstance(lies, Untouched):
        return Finding(
            name="draft",
            sentence="a test draft was placed, and lies there as it was written",
            todo=f"Delete it: “{subject}”. Afterword deletes nothing, not even its own.",
            facts=("untouched",),
        )
    return Finding(
        name="draft",
        state=State.FAIL,
        sentence="a test draft was placed, but is not found there again, or not as it was written",
        todo=f"Look for “{subject}” in your mail program: does another program change or move drafts?",
        facts=(type(lies).__name__,),
    )
