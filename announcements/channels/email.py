"""Vacancies, a class or news by e-mail: one message per address, composed when it leaves from the frozen facts.

What is the same for many recipients is rendered and encoded once per set of vacancies and language. What differs
stands in slots: random strings that are replaced exactly, never templates and never format strings.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import date
from email.utils import formatdate
from functools import lru_cache
from html import escape  # the same as Django's, which looks for lazy texts at each of the slots
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import current_office
from announcements import piece_templates
from announcements.channels.base import Outcome, Permit
from announcements.channels.bulk import BulkChannel, in_order
from announcements.channels.correction import corrected, correction_subject, is_correction
from announcements.channels.smtp import SmtpSession, wire_format
from announcements.contents import notice_in
from announcements.facts import Facts, in_language
from announcements.models import Announcement, Delivery, Issue
from announcements.models.announcements import Audience, ChannelKey
from announcements.piece_templates import Words
from canvassing.search import Criteria
from canvassing.words import long_date
from jobseekers.models import AlertSubscription

USUAL = Words(ChannelKey.EMAIL)
LONGEST_LIST = 20  # vacancies written out in one mail; the button leads to the rest
SLOTS = ("search", "since", "search_url", "manage_url", "stop_url")
ENVELOPE = ("address", "message_id", "date")
LINE_BREAK = re.compile(r"[\r\n]")
LONGEST_LINE = 998  # bytes, RFC 5322, 2.1.1


@dataclass(frozen=True)
class Piece:
    """Subject, text and HTML; `slots` says which string stands for which of SLOTS."""

    subject: str
    text: str
    html: str
    slots: dict[str, str]

    def filled(self, values: dict[str, str]) -> "Piece":
        text, html = self.text, self.html
        for name, slot in self.slots.items():
            text = text.replace(slot, values[name])
            html = html.replace(slot, escape(values[name]))
        return Piece(self.subject, text, html, {})


def empty_slot() -> str:
    return f"slot{secrets.token_hex(12)}"


def render(facts: list[Facts], *, language: str, audience: str, words: Words = USUAL) -> Piece:
    """The mail about these vacancies, newest first, with empty slots."""
    slots = {name: empty_slot() for name in SLOTS}
    with translation.override(language):
        name, subject, content = _content(facts, language, words)
        context = slots | {
            "heading": subject,
            "daily": audience == Audience.DAILY,
            "today": timezone.localdate(),
            "office": current_office(),
            "site": urlsplit(settings.SITE_URL).netloc,
        }
        context |= content
        text = render_to_string(f"announcements/email/{name}.txt", context)
        html = render_to_string(f"announcements/email/{name}.html", context)
    return Piece(subject, text, html, slots)


def _content(facts: list[Facts], language: str, words: Words) -> tuple[str, str, dict[str, Any]]:
    """Which template, its subject and what it shows, in the language that is active."""
    notice = notice_in(facts, language)
    if is_correction(facts):
        shown = {"rows": corrected(facts, language), "notice": notice}
        return "correction", correction_subject(facts, language), shown
    if notice:
        values = piece_templates.values_of_notice(notice, current_office())
        around = {name: words.say(name, values, language) for name in ("opening", "closing")}
        return (
            "notice",
            words.headline("subject", values, language),
            around | {"notice": notice, "rows": notice["rows"]},
        )
    vacancies = in_language(facts, language)
    rows = [_row(each) for each in vacancies[:LONGEST_LIST]]
    values = piece_templates.values(vacancies, current_office())
    around = {name: words.say(name, values, language) for name in ("opening", "closing")}
    more = {"rows": rows, "more": max(0, len(vacancies) - LONGEST_LIST)}
    return "vacancies", words.subject("subject_one", "subject_many", vacancies, values, language), around | more


def _row(vacancy: Facts) -> dict[str, str]:
    """What email/_vacancy.html and .txt show of one vacancy."""
    return {
        "url": vacancy["url"],
        "title": vacancy["title"],
        "place": f"{vacancy['employer']} · {vacancy['place']}",
        "pay": vacancy["wage"],
        "deadline": _deadline(vacancy["valid_until"], timezone.localdate()),
        "trust": vacancy["trust"],
    }


def _deadline(day: date, today: date) -> str:
    """ "Tutup 8 Desember 2026"; in the last week with the days that are left."""
    left = (day - today).days
    closes = _("Tutup %(date)s") % {"date": long_date(day)}
    if left > 7:
        return closes
    if left < 1:
        return _("Tutup hari ini")
    return ngettext("%(closes)s, %(days)s hari lagi", "%(closes)s, %(days)s hari lagi", left) % {
        "closes": closes,
        "days": left,
    }


def slot_values(subscription: AlertSubscription) -> dict[str, str]:
    search, search_url = _search(subscription.criteria, subscription.language)
    return {
        "search": search,
        "since": _since(timezone.localdate(subscription.created_at), subscription.language),
        "search_url": search_url,
        "manage_url": settings.SITE_URL + subscription.manage_path(),
        "stop_url": settings.SITE_URL + subscription.stop_path(),
    }


@lru_cache(maxsize=1024)
def _search(search: Criteria, language: str) -> tuple[str, str]:
    """In words, and where it is shown."""
    address = f"{reverse('vacancy_list')}?{search.query}" if search.query else reverse("vacancy_list")
    with translation.override(language):
        return search.in_words(), settings.SITE_URL + address


@lru_cache(maxsize=1024)
def _since(day: date, language: str) -> str:
    with translation.override(language):
        return long_date(day)


def example_values() -> dict[str, str]:
    """For the preview, which belongs to nobody: its links lead to the site and stop nothing."""
    addresses = dict.fromkeys(SLOTS, settings.SITE_URL + reverse("vacancy_list"))
    return addresses | {"search": _("pencarian masing-masing penerima"), "since": _("tanggal masing-masing")}


def build(piece: Piece, values: dict[str, str]) -> bytes:
    """The message as the mail server gets it; `values` are those of ENVELOPE and of SLOTS."""
    office = current_office()
    message = EmailMultiAlternatives(
        piece.subject,
        piece.text,
        to=[values["address"]],
        reply_to=[office.email] if office.email else None,
        headers={
            "Date": values["date"],
            "Message-ID": values["message_id"],
            "List-Unsubscribe": f"<{values['stop_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "Precedence": "bulk",
        },
    )
    message.attach_alternative(piece.html, "text/html")
    return wire_format(message)


class Form:
    """A whole message with slots, encoded once: filling it costs next to nothing beside building a message."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        slots = piece.slots | {name: empty_slot() for name in ENVELOPE}
        slots["address"] += "@kanvas.test"
        content = build(piece, slots)
        names = {slot.encode(): name for name, slot in slots.items()}
        pattern = re.compile(b"|".join(names))
        html = content.index(b"Content-Type: text/html")
        self.fixed = pattern.split(content)
        self.gaps = [(names[found[0]], found.start() > html) for found in pattern.finditer(content)]
        self.is_plain = content.count(b"Content-Transfer-Encoding: 8bit") == 2

    def filled(self, values: dict[str, str]) -> bytes:
        """For the rare person with a value that does not fit in as it is, the message is built anew."""
        if self.is_plain and values["address"].isascii() and not any(map(LINE_BREAK.search, values.values())):
            words = (escape(values[name]) if in_html else values[name] for name, in_html in self.gaps)
            after = iter(self.fixed)
            content = next(after) + b"".join(word.encode() + fixed for word, fixed in zip(words, after, strict=True))
            if max(map(len, content.split(b"\r\n"))) <= LONGEST_LINE:
                return content
        return build(self.piece.filled(values), values)


class EmailSender:
    def __init__(self) -> None:
        self.session = SmtpSession()
        self.facts = lru_cache(maxsize=16)(_issue_facts)
        self.form = lru_cache(maxsize=256)(self._form)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.session.close()

    def compose(self, delivery: Delivery, permit: Permit) -> bytes:
        if delivery.is_transactional:
            assert delivery.message is not None  # the ledger purges it only in an end state
            return bytes(delivery.message)
        assert delivery.issue_id is not None
        assert permit.subscription_id is not None
        subscription = delivery.subscription  # read with the claim; another one when that was stopped since
        if subscription is None or subscription.pk != permit.subscription_id:
            subscription = AlertSubscription.objects.get(pk=permit.subscription_id)
        envelope = {"address": delivery.address, "message_id": delivery.message_id, "date": formatdate()}
        form = self.form(delivery.issue_id, permit.vacancy_ids, subscription.language)
        return form.filled(slot_values(subscription) | envelope)

    def send(self, delivery: Delivery, message: bytes) -> Outcome:
        return self.session.send(delivery.address, message)

    def _form(self, issue_id: int, vacancy_ids: tuple[int, ...], language: str) -> Form:
        facts, audience, words = self.facts(issue_id)
        return Form(render(in_order(facts, vacancy_ids), language=language, audience=audience, words=words))


def _issue_facts(issue_id: int) -> tuple[list[Facts], str, Words]:
    issue = Issue.objects.select_related("announcement").get(pk=issue_id)
    return issue.facts, issue.announcement.audience, piece_templates.frozen(issue)


def in_other_words(issue: Issue, language: str) -> Piece:
    """A frozen mail as subscribers with another language got it. Needs `announcement` loaded with the issue."""
    words = piece_templates.frozen(issue)
    piece = render(issue.facts, language=language, audience=issue.announcement.audience, words=words)
    with translation.override(language):
        return piece.filled(example_values())


class EmailChannel(BulkChannel):
    key = ChannelKey.EMAIL

    def issue(self, announcement: Announcement, facts: list[Facts], language: str = "") -> Issue:
        language = language or settings.LANGUAGE_CODE
        words = piece_templates.current(announcement, self.key, facts)
        piece = render(facts, language=language, audience=announcement.audience, words=words)
        with translation.override(language):
            piece = piece.filled(example_values())
        return Issue(
            announcement=announcement,
            channel=self.key,
            facts=facts,
            wording=words.versions,
            subject=piece.subject,
            text=piece.text,
            html=piece.html,
        )

    def sender(self) -> EmailSender:
        return EmailSender()
