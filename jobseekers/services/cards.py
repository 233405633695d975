"""The life of an AK/I card: asked for, issued or refused, reported on, ended. Rules: research/domain.md 1.3 and 3.

Everything that changes one person's cards holds that person's row first, so two officers, the person and the clock
take turns. Leaving the register is a dated event; nobody leaves twice.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime
from itertools import count

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import DataAccess, User, current_office
from jobseekers import card_mail, card_numbers
from jobseekers.models import (
    CardSettings,
    JobSeeker,
    PeriodicReport,
    RegisterEvent,
    RegistrationCard,
)
from jobseekers.services import documents, people

State, End = RegistrationCard.State, RegistrationCard.End
Answer = PeriodicReport.Answer
CHANGE = DataAccess.Action.CHANGE
REMOVAL = {End.EXPIRED: "expired", End.NO_REPORT: "no-report", End.ASKED: "asked"}  # codes of RemovalReason
NIK_LABEL = gettext_lazy("NIK")


class CardRefused(Exception):
    """The step is not possible now; the message says why and what to do."""


# --- Asking ---------------------------------------------------------------------------------------


def obstacle(person: JobSeeker) -> str:
    """Why no card can be asked for now, in words with the next step; "" when it can."""
    if person.restricted_at:
        return _("Pemrosesan data sedang dibatasi atas permintaan pemiliknya. Cabut dulu pembatasan itu.")
    if missing := person.missing():
        return _("Data diri belum lengkap. Lengkapi dulu: %(fields)s.") % {"fields": ", ".join(labels(missing))}
    if person.state != JobSeeker.State.COMPLETE:
        return _("Data diri belum disimpan sebagai lengkap. Buka profil, periksa, lalu simpan.")
    if person.cards.waiting().exists():
        return _("Permintaan kartu sudah ada dan sedang diperiksa. Tunggu kabar dari kantor.")
    standing = person.cards.standing().first()
    if standing is not None and not standing.may_be_renewed:
        return _(
            "Kartu nomor %(number)s masih berlaku. Kartu baru bisa diminta 30 hari sebelum masa berlakunya habis."
        ) % {"number": standing.number}
    return ""


def labels(names: Iterable[str]) -> list[str]:
    """What the form calls the fields of a person."""
    fields = {field.name: field.verbose_name for field in JobSeeker._meta.fields} | {"nik_index": NIK_LABEL}
    return [str(fields[name]) for name in names]


@transaction.atomic
def request(person: JobSeeker, by: User) -> RegistrationCard:
    """A card is asked for, by the person or at the desk. Raises CardRefused."""
    held = _hold(person)
    if words := obstacle(held):
        raise CardRefused(words)
    people.note(held, by=by, action=CHANGE, reason=gettext_lazy("mengajukan kartu AK/I"))
    return RegistrationCard.objects.create(job_seeker=held, requested_at=timezone.now())


# --- The decision ---------------------------------------------------------------------------------


@transaction.atomic
def issue(card: RegistrationCard, by: User) -> None:
    """Number, validity, report rows, register and mail, all or nothing. Raises CardRefused."""
    person = _deciding(card, by)
    if person.restricted_at or person.state != JobSeeker.State.COMPLETE:
        raise CardRefused(obstacle(person))
    if missing := documents.missing(person):
        names = ", ".join(str(kind) for kind in missing)
        raise CardRefused(_("Belum bisa terbit. Lihat dulu aslinya dan centang: %(documents)s.") % {"documents": names})
    today = timezone.localdate()
    person.cards.filter(state=State.ISSUED).update(state=State.ENDED, end=End.REPLACED, ended_on=today)
    rules = CardSettings.objects.select_for_update().get(pk=CardSettings.current().pk)
    valid_until = months_after(today, rules.valid_months)
    issued = RegistrationCard.objects.filter(pk=card.pk, state=State.REQUESTED).update(
        state=State.ISSUED, number=_take_number(rules, today), issued_on=today, valid_until=valid_until, decided_by=by
    )
    if not issued:
        raise CardRefused(_("Permintaan ini baru saja diputuskan petugas lain. Muat ulang halaman ini."))
    days = (months_after(today, rules.report_months * number) for number in range(1, rules.report_rows + 1))
    PeriodicReport.objects.bulk_create(
        PeriodicReport(card=card, number=number, due_on=day)
        for number, day in enumerate(days, start=1)
        if day < valid_until
    )
    if not person.in_register:
        RegisterEvent.objects.register(person, on=today, by=by)
    people.note(person, by=by, action=CHANGE, reason=gettext_lazy("menerbitkan kartu AK/I"))
    card.refresh_from_db()
    card_mail.issued(card)


@transaction.atomic
def refuse(card: RegistrationCard, by: User, reason: str) -> None:
    """With a reason that the person reads. Raises CardRefused."""
    person = _deciding(card, by)
    if not reason.strip():
        raise CardRefused(_("Tulis alasan penolakan, supaya pencari kerja tahu apa yang harus dilakukan."))
    RegistrationCard.objects.filter(pk=card.pk, state=State.REQUESTED).update(
        state=State.REFUSED, refusal=reason.strip(), decided_by=by
    )
    people.note(person, by=by, action=CHANGE, reason=gettext_lazy("menolak permintaan kartu AK/I"))
    card.refresh_from_db()
    card_mail.refused(card)


def _deciding(card: RegistrationCard, by: User) -> JobSeeker:
    """The person, held, while the request still waits. Raises CardRefused."""
    if not by.has_perm("jobseekers.issue_card"):
        raise CardRefused(_("Anda tidak berwenang memutuskan permintaan kartu."))
    person = _hold(card.job_seeker)
    if not person.cards.waiting().filter(pk=card.pk).exists():
        raise CardRefused(_("Permintaan ini baru saja diputuskan petugas lain. Muat ulang halaman ini."))
    return person


def _take_number(rules: CardSettings, today: date) -> str:
    """The next free number. The settings are held, so nobody else takes one meanwhile; gaps are allowed."""
    for serial in count(rules.next_serial):
        number = card_numbers.written(
            rules.number_format, city_code=current_office().city_code, serial=serial, on=today
        )
        if not RegistrationCard.objects.filter(number=number).exists():
            break
    CardSettings.objects.filter(pk=rules.pk).update(next_serial=serial + 1)
    return number


# --- Reports and the end --------------------------------------------------------------------------


@transaction.atomic
def report(
    card: RegistrationCard, answer: str, via: str, by: User | None = None, *, row: PeriodicReport | None = None
) -> None:
    """The holder says whether work is still wanted; `row` is the report asked for, the next one by default.

    "Still seeking" keeps the card; "working" ends it and leaves the register by own effort; "stopped" ends it as
    asked. Late is accepted until the sweep has ended the card. Raises CardRefused.
    """
    person = _hold(card.job_seeker)
    if not person.cards.standing().filter(pk=card.pk).exists():
        raise CardRefused(
            _("Kartu ini tidak berlaku lagi, jadi tidak perlu dilaporkan. Minta kartu baru bila masih mencari kerja.")
        )
    person.touch()
    if by is not None:
        people.note(person, by=by, action=CHANGE, reason=gettext_lazy("mencatat laporan kartu AK/I"))
    row = row or card.next_report()
    if row is None and answer == Answer.SEEKING:
        raise CardRefused(_("Semua laporan kartu ini sudah masuk. Tidak ada yang perlu dilakukan."))
    if row is not None:
        _answer(row, answer, via, by)
    if answer == Answer.WORKING:
        _end(card, person, End.PLACED, removal="own-effort", by=by)
    elif answer == Answer.STOPPED:
        _end(card, person, End.ASKED, removal="asked", by=by)


def _answer(row: PeriodicReport, answer: str, via: str, by: User | None) -> None:
    if row.reported_on:
        raise CardRefused(_("Laporan ini sudah masuk. Terima kasih, tidak perlu lapor dua kali."))
    if answer == Answer.SEEKING and not row.is_open:
        raise CardRefused(_("Belum perlu lapor. Laporan berikut dibuka 30 hari sebelum jatuh tempo."))
    reported = PeriodicReport.objects.filter(pk=row.pk, reported_on=None).update(
        reported_on=timezone.localdate(), answer=answer, via=via, by=by
    )
    if not reported:
        raise CardRefused(_("Laporan ini sudah masuk. Terima kasih, tidak perlu lapor dua kali."))


@transaction.atomic
def end(card: RegistrationCard, reason: str, by: User | None = None) -> bool:
    """End an issued card. False when it had ended already.

    Expiry, silence and an own wish remove the person from the register; a placement has its own event, and a
    replaced card changes nothing there.
    """
    return _end(card, _hold(card.job_seeker), reason, removal=REMOVAL.get(End(reason), ""), by=by)


def _end(card: RegistrationCard, person: JobSeeker, reason: str, *, removal: str, by: User | None) -> bool:
    """The person is held. Somebody who has left the register already stays as is."""
    today = timezone.localdate()
    ended = RegistrationCard.objects.filter(pk=card.pk, state=State.ISSUED).update(
        state=State.ENDED, end=reason, ended_on=today
    )
    if ended and removal and person.in_register:
        RegisterEvent.objects.remove(person, reason=removal, on=today, by=by)
    return bool(ended)


# --- The clock ------------------------------------------------------------------------------------


def sweep(now: datetime | None = None, limit: int = 500) -> int:
    """Remind and end what is due; how many. Each step is a transaction of its own and happens once."""
    today = timezone.localdate(now)
    return (
        _remind_reports(today, limit)
        + _remind_ends(today, limit)
        + _end_unreported(today, limit)
        + _end_run_out(today, limit)
    )


def _remind_reports(today: date, limit: int) -> int:
    done = 0
    for row in PeriodicReport.objects.to_remind(today).select_related("card__job_seeker")[:limit]:
        with transaction.atomic():
            if PeriodicReport.objects.to_remind(today).filter(pk=row.pk).update(reminded_at=timezone.now()):
                card_mail.please_report(row)
                done += 1
    return done


def _remind_ends(today: date, limit: int) -> int:
    done = 0
    ending = RegistrationCard.objects.ending(today).filter(
        reminded_at=None, job_seeker__in_register=True, job_seeker__restricted_at=None
    )
    ending = ending.exclude(job_seeker__email="")
    for card in ending.select_related("job_seeker")[:limit]:
        with transaction.atomic():
            if ending.filter(pk=card.pk).update(reminded_at=timezone.now()):
                card_mail.ends_soon(card)
                done += 1
    return done


def _end_unreported(today: date, limit: int) -> int:
    silent = RegistrationCard.objects.unreported(today, grace_days=CardSettings.current().grace_days)
    return sum(_end_if(silent, card, End.NO_REPORT) for card in silent.select_related("job_seeker")[:limit])


def _end_run_out(today: date, limit: int) -> int:
    over = RegistrationCard.objects.run_out(today)
    return sum(_end_if(over, card, End.EXPIRED) for card in over.select_related("job_seeker")[:limit])


@transaction.atomic
def _end_if(due: QuerySet[RegistrationCard], card: RegistrationCard, reason: str) -> bool:
    """End the card if, with the person held, it is still among the due ones; tell who leaves the register by it."""
    person = _hold(card.job_seeker)
    leaves = person.in_register
    if not due.filter(pk=card.pk).exists():
        return False
    _end(card, person, reason, removal=REMOVAL[End(reason)], by=None)
    if leaves and not person.restricted_at:
        card.refresh_from_db()
        card_mail.ended(card)
    return True


# --- Small parts ----------------------------------------------------------------------------------


def months_after(day: date, months: int) -> date:
    """The same day that many months later, or the month's last: 31 August and six months is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def _hold(person: JobSeeker) -> JobSeeker:
    """The person's row as it is now, held until the transaction ends."""
    return JobSeeker.objects.select_for_update(no_key=True).get(pk=person.pk)
