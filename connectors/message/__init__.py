"""One mail, in and out: bytes to ``Message`` (``parse``), ``Draft`` to bytes (``serialise``)."""

from connectors.message.values import Address, Draft, Message, MessageId, MessageKey, Parent

__all__ = ["Address", "Draft", "Message", "MessageId", "MessageKey", "Parent"]
