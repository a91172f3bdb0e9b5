"""Whether a message answers a ``Query``: shared by the connectors, since servers search headers as they please."""

import re
from collections.abc import Iterable

from connectors.message.values import Address, Message
from connectors.port import Query

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff]")
"""Scripts without spaces between words: there a name is found anywhere."""


class Matcher:
    """One query made ready for many messages."""

    def __init__(self, query: Query) -> None:
        self._query = query
        wanted = [each.casefold() for each in query.correspondents]
        self._domains = tuple(each.removeprefix("@") for each in wanted if each.startswith("@"))
        self._addresses = frozenset(each for each in wanted if not each.startswith("@"))
        self._names = [_pattern(name.casefold()) for name in sorted(query.names) if name.strip()]

    def __call__(self, message: Message) -> bool:
        """Whether the message matches; only its header fields are looked at."""
        if message.arrived < self._query.since:
            return False
        return self._in_thread(message) or self._with_correspondent(message) or self._named(message)

    def _in_thread(self, message: Message) -> bool:
        wanted = self._query.references
        return message.message_id in wanted or not wanted.isdisjoint(message.ancestors)

    def _with_correspondent(self, message: Message) -> bool:
        sender = (message.sender,) if message.sender else ()
        people: Iterable[Address] = (*sender, *message.reply_to, *message.to, *message.cc)
        return any(each.address.casefold() in self._addresses or self._of_domain(each) for each in people)

    def _of_domain(self, who: Address) -> bool:
        return any(who.domain == domain or who.domain.endswith("." + domain) for domain in self._domains)

    def _named(self, message: Message) -> bool:
        sender = f"{message.sender.name} {message.sender.address}" if message.sender else ""
        shown = f"{message.subject}\n{sender}".casefold()
        return any(name.search(shown) for name in self._names)


def _pattern(name: str) -> re.Pattern[str]:
    literal = re.escape(name.strip())
    return re.compile(literal if _UNSPACED.search(name) else rf"(?<!\w){literal}(?!\w)")
