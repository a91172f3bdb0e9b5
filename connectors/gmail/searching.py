"""Older mail for a case. Google narrows it down, the match itself is made here (``connectors.message.match``).

Operators: support.google.com/mail/answer/7190. There is none for Reply-To, so who stands only there is found through
the thread or the name. Archived mail is searched, Spam and Trash are not.
"""

from collections.abc import Iterable, Iterator, Sequence

from connectors.gmail.answers import identity, rows
from connectors.gmail.failures import SaysNo
from connectors.gmail.news import NOT_MAIL
from connectors.gmail.reading import Found, Reader
from connectors.gmail.session import PAGE, Session
from connectors.message import Message
from connectors.message.fields import message_id
from connectors.message.match import Matcher
from connectors.port import Query, Unreadable

CANDIDATES = 300
"""Messages whose headers are looked at, of each question the newest: 20 quota units each."""
THREADS = 20
_QUERY_LIMIT = 600
"""Characters of one question; with everything escaped the address stays below 2,048, where the client turns to POST."""
_TERM_LIMIT = 200


def search(session: Session, reader: Reader, query: Query) -> Iterator[Message]:
    """The matches, newest first. Only their headers are held; each text is read when its turn comes."""
    matches = Matcher(query)
    heads = (reader.head(each) for each in dict.fromkeys(_candidates(session, query)))
    hits = [head for head in heads if head and not head.labels & NOT_MAIL and matches(head.message)]
    hits.sort(key=lambda hit: hit.message.arrived, reverse=True)
    for hit in _once_each(hits)[: query.limit]:
        try:
            found = reader.read(hit.id)
        except Unreadable:
            continue
        if found:
            yield found.message


def _once_each(hits: Sequence[Found]) -> list[Found]:
    """Of several copies of one mail the newest."""
    seen = {hit.message.key: hit for hit in reversed(hits)}
    return sorted(seen.values(), key=lambda hit: hit.message.arrived, reverse=True)


def _candidates(session: Session, query: Query) -> Iterator[str]:
    since = f"after:{max(int(query.since.timestamp()) - 1, 0)}"
    for question in _any_of(_words(query)):
        yield from _listed(session, f"{since} {question}")
    threads: dict[str, None] = {}
    ids = (each.strip("<>") for each in sorted(query.references) if message_id(each) == each)
    for question in _any_of(f"rfc822msgid:{each}" for each in ids if not set(each) & set("{}()")):
        threads |= dict.fromkeys(_listed(session, question, "threadId"))
    for thread in list(threads)[:THREADS]:
        yield from _of_thread(session, thread)


def _words(query: Query) -> Iterator[str]:
    """The operators to ask with. A quoted phrase has no operators in it; what would end it is left out."""
    for person in sorted(query.correspondents):
        phrase = _phrase(person.removeprefix("@"))
        yield from (f"{field}:{phrase}" for field in ("from", "to", "cc") if phrase)
    for name in sorted(query.names):
        phrase = _phrase(name)
        yield from (f"{field}:{phrase}" for field in ("subject", "from") if phrase)


def _phrase(words: str) -> str:
    plain = " ".join("".join(each if each.isprintable() and each not in '"\\' else " " for each in words).split())
    return f'"{plain[:_TERM_LIMIT]}"' if any(each.isalnum() for each in plain) else ""


def _any_of(terms: Iterable[str]) -> Iterator[str]:
    """Questions with as many terms as fit; braces mean: any of these."""
    group: list[str] = []
    for term in terms:
        if group and sum(map(_length, group)) + _length(term) > _QUERY_LIMIT:
            yield "{" + " ".join(group) + "}"
            group = []
        group.append(term)
    if group:
        yield "{" + " ".join(group) + "}"


def _length(term: str) -> int:
    """Characters in an address: every byte that is no letter takes three."""
    return sum(1 if each < 0x80 else 3 for each in term.encode("utf-8", "replace")) + 6


def _listed(session: Session, question: str, name: str = "id") -> list[str]:
    """The newest messages (Google gives those first), or their threads."""
    listed = session.users.messages().list(userId="me", q=question, maxResults=min(CANDIDATES, PAGE))
    return [own for each in rows(session.read(listed), "messages") if (own := identity(each, name))]


def _of_thread(session: Session, thread: str) -> list[str]:
    try:
        answer = session.read(session.users.threads().get(userId="me", id=thread, format="minimal"))
    except SaysNo as no:
        if no.status == 404:
            return []
        raise
    return [own for each in rows(answer, "messages") if (own := identity(each))]
