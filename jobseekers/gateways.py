"""Which messaging services the office has set up, and what is missing for the others. All of it is settings."""

from urllib.parse import quote

from django.conf import settings

from jobseekers.models import ChatSubscription

Channel = ChatSubscription.Channel
REQUIRED: dict[str, tuple[str, ...]] = {
    Channel.WHATSAPP: (
        "WHATSAPP_NUMBER",
        "WHATSAPP_PHONE_NUMBER_ID",
        "WHATSAPP_TEMPLATE",
        "WHATSAPP_TOKEN",
        "WHATSAPP_APP_SECRET",
        "WHATSAPP_VERIFY_TOKEN",
    ),
    Channel.TELEGRAM: ("TELEGRAM_BOT", "TELEGRAM_TOKEN", "TELEGRAM_SECRET"),
}
SLUGS = {"whatsapp": Channel.WHATSAPP, "telegram": Channel.TELEGRAM}


def missing(channel: str) -> list[str]:
    """Names of the settings that are still empty."""
    return [name for name in REQUIRED[channel] if not getattr(settings, name)]


def is_on(channel: str) -> bool:
    return not missing(channel)


def any_on() -> bool:
    return any(is_on(channel) for channel in REQUIRED)


def link_address(channel: str, code: str) -> str:
    """What opens the chat with our number or bot, the code written into it already."""
    if channel == Channel.TELEGRAM:
        return f"https://t.me/{settings.TELEGRAM_BOT}?start={code}"
    return f"https://wa.me/{settings.WHATSAPP_NUMBER}?text={quote(first_message(channel, code))}"


def first_message(channel: str, code: str) -> str:
    """What the person sends us from the chat."""
    return f"/start {code}" if channel == Channel.TELEGRAM else f"MULAI {code}"
