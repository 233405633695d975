"""Vacancies, a class or news as a notice on a device: title, two lines, link. Read by nobody on the way."""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import current_office
from announcements import piece_templates
from announcements.channels.base import Outcome, Permit
from announcements.channels.bulk import BulkChannel, in_order, one_line
from announcements.channels.correction import correction_sentence, correction_subject, is_correction
from announcements.channels.http import HttpSender, attempt, retry_after
from announcements.channels.webpush import encrypt
from announcements.contents import notice_in
from announcements.facts import Facts, in_language
from announcements.models import Announcement, Delivery, Issue
from announcements.models.announcements import ChannelKey
from announcements.models.deliveries import Reason
from announcements.outbound import Reply
from announcements.piece_templates import Words
from jobseekers import vapid
from jobseekers.models import PushSubscription

USUAL = Words(ChannelKey.PUSH)
LONGEST_LIFE = timedelta(days=28)  # push services keep a message no longer
LONGEST_TITLE, LONGEST_LINE = 80, 90  # characters; a phone cuts them anyway
MOST_LINES = 2


def lines_of(vacancies: list[Facts], line: str = "") -> list[str]:
    """At most two lines in the language that is active; of a single vacancy `line` is the first, or place and wage."""
    if len(vacancies) == 1:
        (vacancy,) = vacancies
        said = line or f"{vacancy['place']} · {vacancy['wage']}"
        return [one_line(said, LONGEST_LINE), _("Gratis, tidak dipungut biaya.")]
    shown = vacancies[: MOST_LINES if len(vacancies) == MOST_LINES else MOST_LINES - 1]
    lines = [one_line(f"{each['title']}, {each['employer']}", LONGEST_LINE) for each in shown]
    if more := len(vacancies) - len(shown):
        lines.append(ngettext("dan %(number)s lowongan lain", "dan %(number)s lowongan lain", more) % {"number": more})
    return lines


def in_short(told: dict[str, Any]) -> list[str]:
    """Two lines of a class or of news, as `notice_in` tells it."""
    first = told["lead"] or next(iter(told["paragraphs"]))
    return [one_line(first, LONGEST_LINE), told["until"] or told["free"]]


def notice(facts: list[Facts], language: str, words: Words = USUAL) -> dict[str, str]:
    """What is the same for everybody with these vacancies, this class or news: {"title", "body", "lang"}."""
    with translation.override(language):
        if is_correction(facts):
            title, body = correction_subject(facts, language), correction_sentence(facts, language)
        elif told := notice_in(facts, language):
            title = words.headline("title", piece_templates.values_of_notice(told, current_office()), language)
            body = "\n".join(in_short(told))
        else:
            vacancies = in_language(facts, language)
            values = piece_templates.values(vacancies, current_office())
            title = words.subject("title_one", "title_many", vacancies, values, language)
            body = "\n".join(lines_of(vacancies, words.say("line", values, language)))
        return {"title": one_line(title, LONGEST_TITLE), "body": body, "lang": language}


def payload(facts: list[Facts], delivery: Delivery, subscription: PushSubscription, words: Words = USUAL) -> bytes:
    """The message that the service worker reads (config/static/push-worker.js)."""
    search = subscription.criteria.query
    several = reverse("vacancy_list") + (f"?{search}" if search else "")
    with translation.override(subscription.language):
        stop_label = _("Berhenti memberi tahu")
    values = notice(facts, subscription.language, words) | {
        "url": settings.SITE_URL + (facts[0]["path"] if len(facts) == 1 else several),
        "tag": topic(delivery),
        "stop": settings.SITE_URL + reverse("device_stop", args=[subscription.token]),
        "stop_label": stop_label,
    }
    return json.dumps(values).encode()


def topic(delivery: Delivery) -> str:
    """The same on every try, so that a message repeated replaces itself, at the service and on the screen."""
    return f"kanvas-{delivery.pk}"


class PushSender(HttpSender):
    def compose(self, delivery: Delivery, permit: Permit) -> bytes:
        assert permit.subscription_id is not None  # it is some subscription that wants it
        facts = in_order(self.facts(delivery.issue_id), permit.vacancy_ids)
        self.subscription = PushSubscription.objects.get(pk=permit.subscription_id)
        message = payload(facts, delivery, self.subscription, self.words(delivery.issue_id))
        return encrypt(message, p256dh=self.subscription.p256dh, auth=self.subscription.auth)

    def send(self, delivery: Delivery, message: bytes) -> Outcome:
        endpoint = self.subscription.endpoint
        if not vapid.is_push_service(endpoint):  # a service that has left the list since
            return Outcome(Reason.REFUSED, "endpoint")
        life = min(delivery.expires_at - timezone.now(), LONGEST_LIFE)
        headers = {
            "Authorization": vapid.authorization(endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, int(life.total_seconds()))),
            "Topic": topic(delivery),
            "Urgency": "normal",
        }
        return attempt(lambda: self.http.post(endpoint, content=message, headers=headers), self._outcome)

    def _outcome(self, reply: Reply) -> Outcome:
        """What a push service's status means (RFC 8030, 5 and 7.3). A subscription that is gone is deleted."""
        code = str(reply.status)
        if reply.status in (404, 410):
            PushSubscription.objects.filter(pk=self.subscription.pk).delete()
            return Outcome(Reason.GONE, code)
        if 200 <= reply.status < 300:
            return Outcome(Reason.ACCEPTED, code, reply.headers.get("Location", "")[:200])
        if reply.status == 429 or reply.status >= 500:
            return Outcome(Reason.BUSY, code, wait=retry_after(reply))
        return Outcome(Reason.REFUSED, code)


class PushChannel(BulkChannel):
    key = ChannelKey.PUSH

    def is_on(self) -> bool:
        return vapid.is_on()

    def issue(self, announcement: Announcement, facts: list[Facts], language: str = "") -> Issue:
        language = language or settings.LANGUAGE_CODE
        words = piece_templates.current(announcement, self.key, facts)
        piece = notice(facts, language, words)
        return Issue(
            announcement=announcement,
            channel=self.key,
            facts=facts,
            wording=words.versions,
            subject=piece["title"],
            text=piece["body"],
        )

    def sender(self) -> PushSender | None:
        return PushSender() if self.is_on() else None
