"""What a messaging service or a mail server tells us, in one form; read from documents that others have written.

Readers take what has the expected shape and pass over everything else, because services add kinds of events without
asking. Formats: WhatsApp Cloud API (webhooks, messages and statuses), Telegram Bot API (Update), RFC 3464 for bounces.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from typing import Any

from django.utils import timezone

from announcements.channels.http import pick
from announcements.channels.whatsapp import STOPPED
from announcements.models import ProviderEvent
from announcements.models.announcements import ChannelKey
from jobseekers.models import ChatMessage

Kind = ProviderEvent.Kind
LONGEST_ID, LONGEST_ADDRESS = 200, 32
LARGEST_KEY = 2**63 - 1
MAIL_KINDS = {
    ("delivered", False): Kind.DELIVERED,
    ("bounced", False): Kind.FAILED,
    ("bounced", True): Kind.UNKNOWN_ADDRESS,
    ("complaint", False): Kind.COMPLAINT,
    ("complaint", True): Kind.COMPLAINT,
}


@dataclass(frozen=True)
class Incoming:
    """Somebody has written to us. `text` is "" for a picture, a voice message, a sticker."""

    channel: str
    event_id: str
    address: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Closed:
    """Somebody has blocked us."""

    channel: str
    address: str


@dataclass(frozen=True)
class Told:
    """What became of a delivery: one of ours by `delivery`, or the one mail with this Message-ID to this address."""

    channel: str
    event_id: str
    kind: str
    delivery: int | None = None
    message_id: str = ""
    address: str = ""
    code: str = ""
    gone: bool = False  # nothing can be sent there any more


Event = Incoming | Closed | Told


def whatsapp(document: Any) -> Iterator[Event]:
    for entry in _rows(pick(document, "entry")):
        for change in _rows(pick(entry, "changes")):
            for message in _rows(pick(change, "value", "messages")):
                yield from _whatsapp_message(message)
            for status in _rows(pick(change, "value", "statuses")):
                yield from _whatsapp_status(status)


def _whatsapp_message(message: Any) -> Iterator[Event]:
    found = (
        pick(message, "text", "body") or pick(message, "button", "text")
        or pick(message, "interactive", "button_reply", "title")
    )  # fmt: skip
    yield from _incoming(
        ChannelKey.WHATSAPP_MESSAGE, pick(message, "id"), pick(message, "from"), found, pick(message, "timestamp")
    )


def _whatsapp_status(status: Any) -> Iterator[Event]:
    kind = {"delivered": Kind.DELIVERED, "read": Kind.READ, "failed": Kind.FAILED}.get(_word(pick(status, "status")))
    key, delivery = pick(status, "id"), _key(pick(status, "biz_opaque_callback_data"))
    if kind and delivery and isinstance(key, str):
        code = pick(status, "errors", 0, "code")
        event_id = _short(f"{key}:{kind}")
        yield Told(ChannelKey.WHATSAPP_MESSAGE, event_id, kind, delivery, code=_word(code)[:40], gone=code in STOPPED)


def telegram(document: Any) -> Iterator[Event]:
    """Only from chats of two: what is said in a group is none of our business."""
    channel, update = ChannelKey.TELEGRAM_MESSAGE, _word(pick(document, "update_id"))
    message, member = pick(document, "message"), pick(document, "my_chat_member")
    if update and pick(message, "chat", "type") == "private":
        address, at = pick(message, "chat", "id"), pick(message, "date")
        yield from _incoming(channel, update, address, pick(message, "text"), at)
    if pick(member, "new_chat_member", "status") == "kicked" and (address := _word(pick(member, "chat", "id"))):
        yield Closed(channel, address)


def mail(document: Any) -> Iterator[Event]:
    """Our own form for mail servers and their services: docs/operate.md."""
    kind = MAIL_KINDS.get((_word(pick(document, "event")), pick(document, "permanent") is True))
    texts = [_word(pick(document, name)) for name in ("id", "message_id", "address")]
    if kind and all(texts):
        key, message_id, address = texts
        yield Told(
            ChannelKey.EMAIL, _short(key), kind, message_id=message_id, address=address,
            code=_word(pick(document, "code"))[:40],
        )  # fmt: skip


def report(body: bytes) -> Iterator[Event]:
    """A bounce as a mail server writes it (RFC 3464): who could not be reached, and the headers of our mail."""
    message = message_from_bytes(body)
    message_id = next((str(part["Message-ID"]) for part in _originals(message) if part["Message-ID"]), "")
    for fields in _status_fields(message):
        address = str(fields.get("Final-Recipient", "")).partition(";")[2].strip()
        status = str(fields.get("Status", "")).strip()
        kind = MAIL_KINDS.get(("bounced", status.startswith("5.1.")))
        if str(fields.get("Action", "")).strip().lower() == "failed" and kind and message_id.strip() and address:
            key = sha256(f"{message_id.strip()} {address} {status}".encode()).hexdigest()
            yield Told(ChannelKey.EMAIL, key, kind, message_id=message_id.strip(), address=address, code=status[:40])


def _status_fields(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from (each for each in part.get_payload() if isinstance(each, Message))


def _originals(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            yield from (each for each in part.get_payload() if isinstance(each, Message))
        elif part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            yield message_from_bytes(headers if isinstance(headers, bytes) else b"")


def read_json(body: bytes) -> Any:
    """None for what is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _incoming(channel: str, key: Any, address: Any, text: Any, at: Any) -> Iterator[Event]:
    key, address = _word(key), _word(address)
    if key and 0 < len(address) <= LONGEST_ADDRESS:
        words = text.replace("\0", "")[: ChatMessage.LONGEST] if isinstance(text, str) else ""
        yield Incoming(channel, _short(key), address, words, _moment(at))


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _word(value: Any) -> str:
    """Text as it is, a whole number as text; "" for anything else, and for what the database could not hold."""
    text = str(value) if type(value) in (int, str) else ""
    return "" if "\0" in text else text


def _short(key: str) -> str:
    """An id that fits; one that is too long by its digest."""
    return key if len(key) <= LONGEST_ID else sha256(key.encode(errors="replace")).hexdigest()


def _key(value: Any) -> int | None:
    text = _word(value)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if 0 < number <= LARGEST_KEY else None


def _moment(value: Any) -> datetime:
    """Seconds since 1970, as number or text. Now for rubbish, and never later than now."""
    text, now = _word(value), timezone.now()
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return now
    return min(datetime.fromtimestamp(int(text), UTC), now)
