"""What people write to us in WhatsApp and Telegram: codes and three answers are acted upon, the rest goes to a person.

Every message is kept once, by the service's own number of it, in the transaction that acts upon it.
"""

import re
from contextlib import suppress
from datetime import timedelta
from difflib import SequenceMatcher
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.limits import within
from accounts.models import DataAccess, User
from announcements import hints
from announcements.channels.gateways import to_one
from announcements.expansion import mail_domain
from announcements.models import Delivery
from announcements.told import Closed, Incoming
from jobseekers import nik
from jobseekers.models import ChatMessage, ChatSubscription, FollowUp, JobSeeker, PeriodicReport
from jobseekers.models.devices import new_key
from jobseekers.services import cards, chats, placements
from jobseekers.services.people import note
from training.models import Outcome
from training.services import outcomes

Kind, State, Way = ChatMessage.Kind, ChatMessage.State, ChatMessage.Way
USEFUL_FOR = timedelta(hours=24)  # an answer that has not left by then is none
ALIKE = 0.85  # of SequenceMatcher; one wrong, missing or doubled letter in a word of five, two in longer ones
MEANINGS = {
    Kind.STOP: ("STOP", "SETOP", "SOTP", "BERHENTI", "BRENTI", "UNSUBSCRIBE"),
    Kind.EMPLOYED: ("SUDAH KERJA", "SUDAH BEKERJA", "UDAH KERJA", "SUDAH DAPAT KERJA", "GOT A JOB", "WORKING"),
    Kind.SEEKING: ("MASIH CARI", "MASIH CARI KERJA", "MASIH MENCARI KERJA", "MASIH MENCARI", "STILL LOOKING"),
}
CODE = re.compile(r"(?:/start|MULAI)\s+([A-Z0-9]{8})", re.IGNORECASE)


def meaning(text: str) -> str:
    """Which answer is meant, whatever the case, the spaces, or a slip of the finger; OTHER when it is not plain."""
    words = re.sub(r"[^A-Z]+", " ", text.upper()).split()
    if not words:
        return Kind.OTHER
    if words[0] == "STOP" and len(words) <= 3:
        return Kind.STOP
    if "?" in text:  # a question is for a person
        return Kind.OTHER
    said = " ".join(words)
    for kind, spellings in MEANINGS.items():
        if any(said[0] == each[0] and SequenceMatcher(None, said, each).ratio() >= ALIKE for each in spellings):
            return kind
    return Kind.OTHER


@transaction.atomic
def receive(incoming: Incoming) -> bool:
    """Keep and answer one message. False when it is known already, or one of too many of the same chat."""
    if not within("chat_message", f"{incoming.channel}:{incoming.address}"):
        return False
    chat = ChatSubscription.objects.at(incoming.channel, incoming.address).select_related("job_seeker").first()
    code = CODE.fullmatch(incoming.text.strip())
    kind = Kind.START if code else meaning(incoming.text)
    message, is_new = ChatMessage.objects.get_or_create(
        channel=incoming.channel,
        event_id=incoming.event_id,
        defaults={
            "job_seeker": chat.job_seeker if chat else None,
            "address": incoming.address,
            "text": "" if code else nik.hide(incoming.text),
            "kind": kind,
            "state": State.DONE,
            "received_at": incoming.at,
        },
    )
    if not is_new:
        return False
    with translation.override(chat.language if chat else settings.LANGUAGE_CODE):
        sentence = _connect(message, code[1]) if code else _act(message, chat)
    if sentence:
        say(message, sentence, key=chat.key if chat else "")
    return True


def close(closed: Closed) -> None:
    for chat in ChatSubscription.objects.at(closed.channel, closed.address):
        chat.stop()


def say(message: ChatMessage, text: str, *, key: str = "") -> None:
    """One message to the chat that `message` came from, through the ledger and before everything that can wait."""
    Delivery.objects.create(
        channel=message.channel,
        priority=Delivery.Priority.CRITICAL,
        address=key or new_key(),
        message=to_one(message.address, text),
        message_id=f"<{uuid4()}@{mail_domain()}>",
        expires_at=message.chat_until or timezone.now() + USEFUL_FOR,
    )
    hints.hint(hints.CRITICAL)


# --- What is done -----------------------------------------------------------------------------------


def _connect(message: ChatMessage, code: str) -> str:
    tried = within("chat_code", f"{message.channel}:{message.address}")
    chat = chats.link(message.channel, code, address=message.address) if tried else None
    if chat is None:
        return _("Kode itu salah atau sudah lewat. Buat kode baru di %(url)s") % {
            "url": settings.SITE_URL + reverse("chats")
        }
    ChatMessage.objects.filter(pk=message.pk).update(job_seeker=chat.job_seeker)
    with translation.override(chat.language):
        return _("Tersambung. Lowongan baru yang cocok kami kirim ke sini; balas STOP untuk berhenti.")


def _act(message: ChatMessage, chat: ChatSubscription | None) -> str:
    """Do what the message asks for; the sentence to answer with, or "" for none."""
    if message.kind == Kind.STOP:
        if chat:
            chat.stop()
        return _("Baik, kami tidak mengirim apa pun lagi ke sini.")
    person = chat.job_seeker if chat and chat.job_seeker.state in ("draft", "complete") else None
    if person and message.kind == Kind.SEEKING:
        return _seeking(person)
    if person and message.kind == Kind.EMPLOYED and (sentence := _employed(person)):
        return sentence
    return _for_a_person(message)


def _seeking(person: JobSeeker) -> str:
    person.touch()
    _answer_questions(person, FollowUp.Answer.SEEKING, Outcome.Answer.SEEKING, PeriodicReport.Answer.SEEKING)
    return _("Tercatat: Anda masih mencari kerja. Kabar lowongan tetap kami kirim ke sini.")


def _employed(person: JobSeeker) -> str:
    """Answers what we have asked. Unasked, somebody of the office must know where and since when: ""."""
    person.touch()
    if _answer_questions(person, FollowUp.Answer.SAME_JOB, Outcome.Answer.EMPLOYED, PeriodicReport.Answer.WORKING):
        return _("Tercatat: Anda bekerja. Bila pindah tempat kerja, balas dengan nama tempatnya.")
    return ""


def _answer_questions(person: JobSeeker, follow_up: str, outcome: str, report: str) -> bool:
    """Answer, as the person, whatever the office is waiting to hear: placement, training, card. True for any."""
    today, answered = timezone.localdate(), False
    for row in FollowUp.objects.open().due(today).filter(placement__job_seeker=person).order_by("-due_on")[:1]:
        answered = placements.answer(row, follow_up) or answered
    for result in Outcome.objects.filter(enrolment__job_seeker=person, due_on__lte=today, answer="")[:1]:
        outcomes.answer(result, outcome)
        answered = True
    for card in person.cards.standing():
        asked = card.next_report()
        if asked is not None and asked.is_open:
            with suppress(cards.CardRefused):  # reported in this very moment by another way
                cards.report(card, report, PeriodicReport.Via.MESSAGE, row=asked)
                answered = True
    return answered


def _for_a_person(message: ChatMessage) -> str:
    """The inbox; whoever writes several messages in a row is told once."""
    waiting = ChatMessage.objects.open().filter(channel=message.channel, address=message.address).exists()
    ChatMessage.objects.filter(pk=message.pk).update(state=State.OPEN)
    return "" if waiting else _("Terima kasih. Petugas kami membaca pesan ini dan menjawab pada jam kerja.")


# --- The inbox ----------------------------------------------------------------------------------------


class AlreadyAnswered(Exception):
    """Somebody was faster, or the time in which the service takes an answer is over; the message says which."""


@transaction.atomic
def answer(message: ChatMessage, text: str, *, way: str, by: User) -> None:
    """Keep what an officer answers, and send it where it goes out by chat. Raises AlreadyAnswered."""
    if way == Way.CHAT and not message.chat_is_possible:
        raise AlreadyAnswered(_("WhatsApp hanya menerima jawaban dalam 24 jam. Telepon orangnya."))
    if not message.settle(by, answer=text, way=way):
        raise AlreadyAnswered(_("Pesan ini sudah dijawab rekan Anda."))
    if way == Way.CHAT:
        chat = ChatSubscription.objects.at(message.channel, message.address).first()
        say(message, text, key=chat.key if chat else "")
    if message.job_seeker:
        with translation.override(settings.LANGUAGE_CODE):
            note(message.job_seeker, by=by, action=DataAccess.Action.CHANGE, reason=_("menjawab pesan"))
