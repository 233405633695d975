"""What WhatsApp and Telegram have in common: paid or counted, so nothing of which we do not know goes out twice."""

import json
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import current_office
from announcements import piece_templates
from announcements.channels.base import Outcome, Permit
from announcements.channels.bulk import BulkChannel, in_order
from announcements.channels.http import HttpSender, attempt, retry_after
from announcements.channels.push import in_short, lines_of
from announcements.contents import notice_in
from announcements.facts import Facts, in_language
from announcements.models import Announcement, Delivery, Issue
from announcements.models.announcements import ChannelKey
from announcements.models.deliveries import Reason
from announcements.outbound import Reply
from announcements.piece_templates import Words
from canvassing.search import Criteria
from jobseekers import gateways
from jobseekers.models import ChatSubscription


def words_of(facts: list[Facts], language: str, search: Criteria, words: Words) -> tuple[str, list[str], str]:
    """Headline, lines and the one link of a message about these vacancies, a class or news."""
    with translation.override(language):
        several = reverse("vacancy_list") + (f"?{search.query}" if search.query else "")
        link = settings.SITE_URL + (facts[0]["path"] if len(facts) == 1 else several)
        if told := notice_in(facts, language):
            values = piece_templates.values_of_notice(told, current_office())
            return (
                words.headline("opening", values, language),
                [*in_short(told), *_closing(words, values, language)],
                link,
            )
        vacancies = in_language(facts, language)
        values = piece_templates.values(vacancies, current_office())
        headline = words.subject("opening_one", "opening_many", vacancies, values, language)
        return headline, [*lines_of(vacancies), *_closing(words, values, language)], link


def _closing(words: Words, values: dict[str, Any], language: str) -> list[str]:
    """WhatsApp keeps the form of its messages at Meta."""
    return words.say("closing", values, language).splitlines() if words.channel == ChannelKey.TELEGRAM_MESSAGE else []


def written_out(headline: str, lines: list[str], link: str) -> str:
    """In the language that is active."""
    return "\n".join([headline, *lines, link, "", _("Balas STOP untuk berhenti.")])


def to_one(address: str, text: str) -> bytes:
    """`Delivery.message` of an answer to one chat. The address goes with it: after STOP no other row knows it."""
    return json.dumps({"to": address, "text": text}).encode()


class GatewaySender(HttpSender):
    """One run on one service. Subclasses know its documents: what is posted where, and what the answers mean."""

    def compose(self, delivery: Delivery, permit: Permit) -> bytes:
        """The JSON to be posted. Raises for a chat that was stopped meanwhile, so that nothing goes."""
        if delivery.is_transactional:
            assert delivery.message is not None  # the ledger purges it only in an end state
            answer = json.loads(bytes(delivery.message))
            return json.dumps(self.envelope(delivery, answer["to"]) | self.plain(answer["text"])).encode()
        chat = ChatSubscription.objects.active().get(key=delivery.address)
        facts = in_order(self.facts(delivery.issue_id), permit.vacancy_ids)
        words = words_of(facts, chat.language, chat.criteria, self.words(delivery.issue_id))
        with translation.override(chat.language):
            content = self.vacancies(*words, language=chat.language)
        return json.dumps(self.envelope(delivery, chat.address) | content).encode()

    def send(self, delivery: Delivery, message: bytes) -> Outcome:
        headers = {"Content-Type": "application/json"} | self.headers()
        post = partial(self.http.post, self.url(), content=message, headers=headers)
        outcome = attempt(post, self._judge)
        if outcome.reason == Reason.GONE:
            forget_chat(delivery)
        return outcome

    def _judge(self, reply: Reply) -> Outcome:
        """A clear answer of the service, in its own form. Anything else is what a machine between us made of it."""
        try:
            answer = json.loads(reply.body)
        except ValueError:
            answer = None
        if isinstance(answer, dict):
            return self.outcome(reply, answer)
        if reply.status == 429:  # whoever says so has not passed it on
            return Outcome(Reason.BUSY, "429", wait=retry_after(reply))
        return Outcome(Reason.NO_ANSWER, str(reply.status))

    def envelope(self, delivery: Delivery, address: str) -> dict[str, Any]:
        raise NotImplementedError

    def plain(self, text: str) -> dict[str, Any]:
        raise NotImplementedError

    def vacancies(self, headline: str, lines: list[str], link: str, *, language: str) -> dict[str, Any]:
        raise NotImplementedError

    def url(self) -> str:
        raise NotImplementedError

    def headers(self) -> dict[str, str]:
        return {}

    def outcome(self, reply: Reply, answer: dict[str, Any]) -> Outcome:
        raise NotImplementedError


def forget_chat(delivery: Delivery) -> None:
    """The person has closed the door at the service itself; nothing is written there again."""
    for chat in ChatSubscription.objects.active().filter(key=delivery.address):
        chat.stop()


class GatewayChannel(BulkChannel):
    repeats = 0
    sender_class: ClassVar[type[GatewaySender]]

    def is_on(self) -> bool:
        return gateways.is_on(self.key)

    def issue(self, announcement: Announcement, facts: list[Facts], language: str = "") -> Issue:
        language = language or settings.LANGUAGE_CODE
        words = piece_templates.current(announcement, self.key, facts)
        headline, lines, link = words_of(facts, language, Criteria(), words)
        with translation.override(language):
            text = written_out(headline, lines, link)
        return Issue(
            announcement=announcement,
            channel=self.key,
            facts=facts,
            wording=words.versions,
            subject=headline,
            text=text,
        )

    def sender(self) -> GatewaySender | None:
        return self.sender_class() if self.is_on() else None
