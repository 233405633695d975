"""Telegram Bot API, sendMessage. It writes only to chats that have started the bot, and reports no delivery."""

from typing import Any

from django.conf import settings

from announcements.channels.base import Outcome
from announcements.channels.gateways import GatewayChannel, GatewaySender, written_out
from announcements.channels.http import pick, seconds
from announcements.models import Delivery
from announcements.models.announcements import ChannelKey
from announcements.models.deliveries import Reason
from announcements.outbound import Reply


class TelegramSender(GatewaySender):
    def url(self) -> str:
        return f"{settings.TELEGRAM_URL}/bot{settings.TELEGRAM_TOKEN}/sendMessage"

    def envelope(self, delivery: Delivery, address: str) -> dict[str, Any]:
        return {"chat_id": int(address), "link_preview_options": {"is_disabled": True}}

    def plain(self, text: str) -> dict[str, Any]:
        return {"text": text}

    def vacancies(self, headline: str, lines: list[str], link: str, *, language: str) -> dict[str, Any]:
        return {"text": written_out(headline, lines, link)}

    def outcome(self, reply: Reply, answer: dict[str, Any]) -> Outcome:
        """{"ok": true, "result": {"message_id"}} or {"ok": false, "error_code", "description", "parameters"}."""
        code = str(reply.status)
        if answer.get("ok") is True:
            return Outcome(Reason.ACCEPTED, code, str(pick(answer, "result", "message_id") or "")[:200])
        if reply.status == 403 or "chat not found" in str(answer.get("description")):  # blocked or never started
            return Outcome(Reason.GONE, code)
        if reply.status in (401, 404):  # our token: no recipient's fault, so nobody's message may fail for it
            return Outcome(Reason.UNREACHABLE, code)
        if reply.status == 429 or reply.status >= 500:
            return Outcome(Reason.BUSY, code, wait=seconds(pick(answer, "parameters", "retry_after")))
        return Outcome(Reason.REFUSED, code)


class TelegramMessages(GatewayChannel):
    key = ChannelKey.TELEGRAM_MESSAGE
    sender_class = TelegramSender
