"""A messaging service on loopback, and what services post to us, signed as they sign."""

import json
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from announcements.callbacks import signature
from tests.http_sink import Answer, HttpSink, Request

WHATSAPP = {
    "WHATSAPP_NUMBER": "6281100000000",
    "WHATSAPP_PHONE_NUMBER_ID": "1122",
    "WHATSAPP_TEMPLATE": "lowongan_baru",
    "WHATSAPP_TOKEN": "rahasia-wa",
    "WHATSAPP_APP_SECRET": "rahasia-aplikasi",
    "WHATSAPP_VERIFY_TOKEN": "kata-periksa",
}
TELEGRAM = {"TELEGRAM_BOT": "kanvas_bot", "TELEGRAM_TOKEN": "42:rahasia", "TELEGRAM_SECRET": "rahasia-bot"}
numbers = count(1)


def accepted(request: Request) -> Answer:
    """What both services answer to a message they take."""
    if request.path.startswith("/bot"):
        return Answer(200, {"ok": True, "result": {"message_id": 7}})
    return Answer(200, {"messages": [{"id": "wamid.out"}]})


@pytest.fixture
def service(settings: Settings) -> Iterator[HttpSink]:
    """Both gateways, set up, as one server on this machine."""
    settings.OUTBOUND_LOOPBACK = True
    with HttpSink() as sink:
        sink.answer = accepted
        settings.WHATSAPP_URL = settings.TELEGRAM_URL = sink.url
        for name, value in (WHATSAPP | TELEGRAM).items():
            setattr(settings, name, value)
        yield sink


def post_whatsapp(document: Any, **headers: str) -> HttpResponse:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    signed = {"X-Hub-Signature-256": signature(WHATSAPP["WHATSAPP_APP_SECRET"], body)} | headers
    return Client(enforce_csrf_checks=True).post(
        "/kabar-balik/whatsapp/", body, content_type="application/json", headers=signed
    )


def post_telegram(document: Any, secret: str = TELEGRAM["TELEGRAM_SECRET"]) -> HttpResponse:
    return Client(enforce_csrf_checks=True).post(
        "/kabar-balik/telegram/",
        document,
        content_type="application/json",
        headers={"X-Telegram-Bot-Api-Secret-Token": secret},
    )


def whatsapp(**value: Any) -> dict[str, Any]:
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}


def writes(chat_or_address: Any, text: str, *, event_id: str = "") -> HttpResponse:
    """Somebody sends us a text by WhatsApp."""
    address = getattr(chat_or_address, "address", chat_or_address)
    key = event_id or f"wamid.in.{next(numbers)}"
    message = {"id": key, "from": address, "timestamp": str(int(time.time())), "type": "text", "text": {"body": text}}
    return post_whatsapp(whatsapp(messages=[message]))


def writes_telegram(chat_or_address: Any, text: str) -> HttpResponse:
    chat = {"id": int(getattr(chat_or_address, "address", chat_or_address)), "type": "private"}
    return post_telegram({"update_id": next(numbers), "message": {"message_id": 1, "chat": chat, "text": text}})


def becomes(delivery: int, status: str, **more: Any) -> HttpResponse:
    """WhatsApp tells what has become of one of our messages."""
    told = {"id": "wamid.out", "status": status, "biz_opaque_callback_data": str(delivery)} | more
    return post_whatsapp(whatsapp(statuses=[told]))
