"""What every connector must do, said once: ``class TestX(MailboxContract)`` and a ``world`` fixture is all it takes."""

from tests.contract.mailbox.drafts import Drafts
from tests.contract.mailbox.outages import Outages
from tests.contract.mailbox.reading import Reading
from tests.contract.mailbox.resuming import Resuming
from tests.contract.mailbox.searching import Searching
from tests.contract.mailbox.waiting import Waiting


class MailboxContract(Reading, Resuming, Drafts, Searching, Waiting, Outages):
    """The whole contract of ``connectors.port.Mailbox``."""
