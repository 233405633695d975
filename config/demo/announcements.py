from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from announcements import drafts, piece_templates
from announcements.contents import announceable_cohorts
from announcements.expansion import mail_domain
from announcements.models import (
    Announcement,
    Attempt,
    Delivery,
    Draft,
    DraftStep,
    Letter,
    Posting,
    Suppression,
    repeatable_vacancies,
    unannounced_vacancies,
)
from announcements.models.announcements import ChannelKey
from announcements.models.deliveries import Reason, State
from announcements.services import announce, correct, daily_digest, make_piece
from canvassing.models import Vacancy
from config.demo.calendar import Calendar, Event, facts
from config.demo.people import People
from jobseekers.models import AlertSubscription
from training.models import Cohort

WEEKLY = (-32, -25, -18, -11, -4)  # the days of the digests that have left
PROCESS = "demo"
POSTED: tuple[tuple[str, str, dict[str, str]], ...] = (
    (ChannelKey.BOARD, "Papan kantor dinas", {"witness": "Petugas loket"}),
    (ChannelKey.BOARD, "Papan Kantor Kecamatan Metro Timur", {}),
    (ChannelKey.RADIO_60, "Radio Contoh Metro, Info Pagi", {"witness": "Penyiar pagi"}),
    (ChannelKey.WHATSAPP, "Grup Info Loker Metro 1", {"link": "https://pesan.test/grup/1"}),
)
HUNG = [ChannelKey.WHATSAPP, ChannelKey.INSTAGRAM, ChannelKey.RADIO_30, ChannelKey.RADIO_60, ChannelKey.BOARD]
FAIR: dict[str, Any] = {
    "content": Draft.Content.NEWS,
    "title": "Bazar kerja di Lapangan Samber",
    "text": "Dua puluh perusahaan dari Metro dan sekitarnya membuka meja, dari pukul 08.00 sampai 15.00 WIB. Bawa KTP, "
    "ijazah, dan daftar riwayat hidup.\nYang belum punya kartu AK/I bisa membuatnya di tempat. Masuknya gratis, dan "
    "tidak ada yang boleh meminta uang. Parkir tersedia di sisi utara lapangan.",
}
MOVED: dict[str, Any] = {
    "title": "Loket kartu AK/I pindah ke lantai satu",
    "text": "Loket kartu AK/I dan rujukan sekarang di lantai satu, sebelah pintu masuk, mudah dicapai dengan kursi "
    "roda.\nJam buka tetap. Permohonan lewat situs dikerjakan seperti biasa.",
}


def announcement_events(people: People, calendar: Calendar) -> Iterator[Event]:
    """The digests of the past weeks, which have left, and one that leaves when the demo starts."""
    for day in WEEKLY:
        yield Event(calendar.at(day, "15.00"), partial(_weekly_that_left, people))
    yield Event(calendar.at(-1, "07.00"), partial(_daily_that_left, calendar))
    yield Event(calendar.now, partial(_announce_the_rest, people, but=2))
    yield Event(calendar.now, partial(_tell, people, valid_until=calendar.day(11), **FAIR))
    yield Event(calendar.now, partial(_tell_of_class, people))
    yield Event(calendar.now, partial(_compose, people, calendar))
    yield Event(calendar.now, partial(_compose_notices, people))
    yield Event(calendar.now, partial(_remind, people))
    yield Event(calendar.now, partial(_prove, people, calendar))
    yield Event(calendar.now, partial(_word, people))


def _announce_the_rest(people: People, but: int = 0) -> Announcement | None:
    """All that is untold, `but` for the newest."""
    untold = list(unannounced_vacancies())
    return announce(vacancies=untold[: len(untold) - but], by=people["penerbit"])


def _compose(people: People, calendar: Calendar) -> None:
    """Of the vacancies that are left: a draft that waits for approval, one approved for tomorrow, one sent back."""
    one, other = kept_back = list(unannounced_vacancies())[-2:]
    Vacancy.objects.filter(pk__in=[each.pk for each in kept_back]).update(announce_later=True)
    for title, vacancy, when in (
        ("Lowongan untuk bazar kerja", one, None),
        ("Lowongan pagi, siaran radio", other, calendar.at(1, "07.30")),
    ):
        draft = _draft(people, title, vacancy, when)
        drafts.submit(draft, by=people["petugas"])
        if when:
            read = drafts.reading(draft, drafts.facts_now(draft))
            drafts.approve(draft, by=people["penerbit"], read=read, at_once=False)
    back = _draft(people, "Lowongan toko dan kasir", one)
    drafts.submit(back, by=people["petugas"])
    drafts.send_back(back, by=people["penerbit"], comment="Tambahkan poster untuk papan kecamatan.")


def _draft(people: People, title: str, vacancy: Vacancy, when: datetime | None = None) -> Draft:
    draft = Draft.objects.create(
        title=title,
        channels=[ChannelKey.WHATSAPP, ChannelKey.RADIO_60, ChannelKey.BOARD],
        scheduled_for=when,
        note="Tolong dibaca sebelum sore.",
        created_by=people["petugas"],
    )
    draft.vacancies.set([vacancy])
    DraftStep.note(draft, DraftStep.Step.COMPOSED, by=people["petugas"])
    return draft


def _word(people: People) -> None:
    """Two versions of one template, so that its page has something to compare."""
    texts = piece_templates.defaults(ChannelKey.WHATSAPP, "id")
    for seen, closing in enumerate(("{office}, {phone}\nBoleh juga tanya di loket.", "Tanya {office}: {phone}")):
        changed = texts | {"closing": closing}
        piece_templates.save(ChannelKey.WHATSAPP, "id", changed, by=people["penerbit"], seen=seen)
    kind = Announcement.Kind.COURSE
    changed = piece_templates.defaults(ChannelKey.WHATSAPP, "id", kind) | {"opening": "Belajar gratis: {title}"}
    piece_templates.save(ChannelKey.WHATSAPP, "id", changed, by=people["penerbit"], seen=0, kind=kind)


def _compose_notices(people: People) -> None:
    """A class and news that wait for approval."""
    author = people["petugas"]
    for draft in (
        Draft(content=Draft.Content.COURSE, title=str(_class()), cohort=_class()),
        Draft(content=Draft.Content.NEWS, **MOVED),
    ):
        draft.channels, draft.created_by = [ChannelKey.WHATSAPP, ChannelKey.RADIO_60, ChannelKey.BOARD], author
        draft.save()
        drafts.submit(draft, by=author)


def _remind(people: People) -> None:
    """The announced vacancies that close first, once more for whoever has not heard of them."""
    author = people["petugas"]
    draft = Draft.objects.create(
        title="Masih dibuka, tutup sebentar lagi",
        is_reminder=True,
        channels=[ChannelKey.WHATSAPP, ChannelKey.RADIO_30],
        note="Dua pemberi kerja bilang pelamarnya masih sedikit.",
        created_by=author,
    )
    draft.vacancies.set(repeatable_vacancies()[:2])
    DraftStep.note(draft, DraftStep.Step.COMPOSED, by=author)
    drafts.submit(draft, by=author)


def _class() -> Cohort:
    cohort = announceable_cohorts().last()
    assert cohort is not None  # the demo has one that takes applications
    return cohort


def _tell_of_class(people: People) -> None:
    cohort = _class()
    _tell(people, content=Draft.Content.COURSE, title=str(cohort), cohort=cohort)


def _tell(people: People, **content: Any) -> None:
    """Composed by one, read and approved by another."""
    draft = Draft.objects.create(channels=HUNG, created_by=people["petugas"], **content)
    drafts.submit(draft, by=people["petugas"])
    read = drafts.reading(draft, drafts.facts_now(draft))
    drafts.approve(draft, by=people["penerbit"], read=read, at_once=True)


def _weekly_that_left(people: People) -> None:
    if announcement := _announce_the_rest(people):
        _leave(announcement)


def _daily_that_left(calendar: Calendar) -> None:
    if announcement := daily_digest(calendar.day(-1)):
        _leave(announcement)


def _leave(announcement: Announcement) -> None:
    """Date it back and write down its mails as they would have been sent then."""
    now = timezone.now()
    issue = announcement.issues.get(channel=ChannelKey.EMAIL)
    told = list(announcement.vacancies.values_list("pk", flat=True))
    for subscription in AlertSubscription.objects.active().filter(frequency=announcement.audience).order_by("pk"):
        wanted = subscription.criteria.apply(Vacancy.objects.filter(pk__in=told)).order_by("pk")
        if not wanted or Suppression.objects.filter(address=subscription.email).exists():
            continue
        delivery = Delivery(
            announcement=announcement,
            issue=issue,
            subscription=subscription,
            channel=ChannelKey.EMAIL,
            address=subscription.email,
            vacancy_ids=[vacancy.pk for vacancy in wanted],
            message_id=f"<demo-{announcement.pk}-{subscription.pk}@{mail_domain()}>",
            expires_at=announcement.expires_at,
            created_at=now,
        )
        _send(delivery)
    Announcement.objects.filter(pk=announcement.pk).update(
        state=Announcement.State.DONE, created_at=now, expanded_at=now
    )


def _prove(people: People, calendar: Calendar) -> None:
    """The pieces of the last two digests that left: put up, read out, sent to the kecamatan; one fact changes after."""
    publisher = people["penerbit"]
    second, first = Announcement.objects.filter(state="done", audience="instant").order_by("-pk")[:2]
    for announcement, day in ((first, -11), (second, -4)):
        for channel, place, proof in POSTED:
            Posting.objects.create(
                issue=announcement.issues.get(channel=channel),
                place=place,
                posted_at=calendar.at(day, "16.00"),
                recorded_by=publisher,
                **proof,
            )
    letter = make_piece(first, ChannelKey.LETTER, by=publisher)
    assert letter is not None
    Letter.objects.create(
        issue=letter,
        number=f"500.15/218/Setda/{calendar.day(-9).year}",
        dated=calendar.day(-9),
        sent_on=calendar.day(-8),
        recorded_by=publisher,
    )
    for receipt in list(letter.receipts.all())[:4]:
        receipt.receive(name="Staf pelayanan")
    letter.receipts.exclude(received_at=None).update(received_at=calendar.at(-6, "09.00"))
    vacancy = Vacancy.objects.open().filter(announcements=first, wage_min__isnull=False).order_by("pk").first()
    assert vacancy is not None
    assert vacancy.wage_min is not None
    correct(
        vacancy=vacancy,
        by=publisher,
        version=vacancy.version,
        reason="Pemberi kerja menelepon, upah dinaikkan",
        changes={"wage_min": vacancy.wage_min + 100_000, "wage_max": (vacancy.wage_max or vacancy.wage_min) + 100_000},
    )


def _send(delivery: Delivery) -> None:
    """Two addresses give trouble, so that the office has something to look after."""
    earlier = Delivery.objects.filter(address=delivery.address).count()
    left = timezone.now() + timedelta(seconds=20)
    state, reason, code = State.SENT, Reason.ACCEPTED, "250 2.0.0"
    if delivery.address in _addresses("refused"):
        state, reason, code = State.FAILED, Reason.UNKNOWN_ADDRESS, "550 5.1.1"
        Suppression.objects.create(address=delivery.address, reason=Suppression.Reason.UNKNOWN_ADDRESS)
    elif delivery.address in _addresses("unclear") and earlier == 2:
        state, reason, code = State.UNKNOWN, Reason.NO_ANSWER, ""
    delivery.state, delivery.last_class, delivery.last_detail = state, reason, code
    delivery.attempts, delivery.sent_at = 1, left if state == State.SENT else None
    delivery.save()
    Attempt.objects.create(
        delivery=delivery, number=1, started_at=left, ended_at=left, outcome=reason, code=code, process=PROCESS
    )


def _addresses(kind: str) -> set[str]:
    return {fact["email"] for fact in facts("subscribers") if fact.get(kind)}
