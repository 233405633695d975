"""WhatsApp Cloud API: vacancies as the approved template, answers within a day of the person's message as text."""

from typing import Any

from django.conf import settings

from announcements.channels.base import Outcome
from announcements.channels.bulk import one_line
from announcements.channels.gateways import GatewayChannel, GatewaySender
from announcements.channels.http import pick, retry_after
from announcements.models import Delivery
from announcements.models.announcements import ChannelKey
from announcements.models.deliveries import Reason
from announcements.outbound import Reply

LONGEST_PARAMETER = 200
STOPPED = {131026, 131050}  # cannot be written to there; has told WhatsApp that we shall stop
LATER = {4, 80007, 130429, 131048, 131056, 133016}  # limits of the application, the account or the pair
OURS = {0, 3, 10, 190, 131005, 131031, 131042, 368}  # token, rights, payment, a locked account: no recipient's fault


class WhatsAppSender(GatewaySender):
    def url(self) -> str:
        return f"{settings.WHATSAPP_URL}/{settings.WHATSAPP_PHONE_NUMBER_ID}/messages"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {settings.WHATSAPP_TOKEN}"}

    def envelope(self, delivery: Delivery, address: str) -> dict[str, Any]:
        """What we give in `biz_opaque_callback_data` comes back with every event, also before we know their id."""
        return {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": address,
            "biz_opaque_callback_data": str(delivery.pk),
        }

    def plain(self, text: str) -> dict[str, Any]:
        return {"type": "text", "text": {"body": text, "preview_url": False}}

    def vacancies(self, headline: str, lines: list[str], link: str, *, language: str) -> dict[str, Any]:
        """Parameters of the template's body: {{1}} what, {{2}} lines, {{3}} link; none may hold a line break."""
        texts = [one_line(headline, LONGEST_PARAMETER), one_line("; ".join(lines), LONGEST_PARAMETER), link]
        return {
            "type": "template",
            "template": {
                "name": settings.WHATSAPP_TEMPLATE,
                "language": {"code": language},
                "components": [{"type": "body", "parameters": [{"type": "text", "text": text} for text in texts]}],
            },
        }

    def outcome(self, reply: Reply, answer: dict[str, Any]) -> Outcome:
        """{"messages": [{"id"}]} or {"error": {"code", "message"}}."""
        if 200 <= reply.status < 300 and (reference := pick(answer, "messages", 0, "id")):
            return Outcome(Reason.ACCEPTED, str(reply.status), str(reference)[:200])
        number = pick(answer, "error", "code")
        if type(number) is not int:
            return Outcome(Reason.NO_ANSWER, str(reply.status))
        code = f"{reply.status} {number}"[:40]
        if number in STOPPED:
            return Outcome(Reason.GONE, code)
        if number in OURS or reply.status in (401, 403):
            return Outcome(Reason.UNREACHABLE, code)
        if number in LATER or reply.status == 429 or reply.status >= 500:
            return Outcome(Reason.BUSY, code, wait=retry_after(reply))
        return Outcome(Reason.REFUSED, code)


class WhatsAppMessages(GatewayChannel):
    key = ChannelKey.WHATSAPP_MESSAGE
    sender_class = WhatsAppSender
