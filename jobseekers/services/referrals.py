"""The letter of introduction: who may be named in it, its number, its issue, its PDF."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import DataAccess, User, current_office
from canvassing.models import Employer, Vacancy
from jobseekers import card_numbers, prints, referral_mail
from jobseekers.models import Application, CardSettings, Consent, JobSeeker, Referral, ReferralSettings
from jobseekers.models.applications import StepRefused
from jobseekers.prints.shapes import Candidate, Check, Letterhead, LetterPrint, Signer
from jobseekers.services import people

MOST = 20  # people in one letter


@dataclass(frozen=True)
class Choice:
    """An application that waits for a letter; `obstacle` says in words why it cannot be in one."""

    application: Application
    obstacle: str


def choices(vacancy: Vacancy) -> list[Choice]:
    """Everybody who has applied for the vacancy and has no letter yet, the first first."""
    waiting = vacancy.applications.filter(state=Application.State.APPLIED).exclude(way=Application.Way.OWN)
    return _judged(waiting.select_related("job_seeker__education").order_by("created_at", "pk"))


def _judged(applications: Iterable[Application]) -> list[Choice]:
    rows = list(applications)
    agreed = set(
        Consent.objects.filter(
            job_seeker__in=[row.job_seeker_id for row in rows], purpose=Consent.Purpose.SHARE, withdrawn_at=None
        ).values_list("job_seeker", flat=True)
    )
    return [Choice(row, _obstacle(row.job_seeker, agreed)) for row in rows]


def _obstacle(person: JobSeeker, agreed: set[int]) -> str:
    if person.restricted_at or person.state != JobSeeker.State.COMPLETE:
        return _("pemrosesan datanya dibatasi atau belum lengkap")
    if person.pk not in agreed:
        return _("belum setuju datanya dikirim ke pemberi kerja; minta persetujuannya dulu")
    return ""


def addressee(employer: Employer) -> str:
    """Who the letter is for: the contact, or the head of the place."""
    contact = employer.contacts.first()
    return str(contact) if contact else _("Pimpinan")


@transaction.atomic
def issue(
    vacancy: Vacancy, applications: Sequence[Application], *, by: User, to: str, answer_by: date, note: str = ""
) -> tuple[Referral, list[Choice]]:
    """One letter for these applications, all moved to "referred", and those left out with the reason.

    Raises StepRefused when nobody can be named in it, or too many, or the vacancy has ended.
    """
    if vacancy.state not in (Vacancy.State.PUBLISHED, Vacancy.State.EXPIRED):
        raise StepRefused(_("Lowongan ini sudah terisi, ditarik, atau belum terbit, jadi tidak bisa dirujuk lagi."))
    numbering = ReferralSettings.objects.select_for_update().get(pk=ReferralSettings.current().pk)
    locked = Application.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=[each.pk for each in applications], vacancy=vacancy, state=Application.State.APPLIED
    )
    judged = _judged(locked.select_related("job_seeker__education", "vacancy").order_by("pk"))
    named = [each.application for each in judged if not each.obstacle]
    if not named:
        raise StepRefused(_("Tidak ada orang yang bisa dirujuk. Pilih paling sedikit satu yang sudah setuju."))
    if len(named) > MOST:
        raise StepRefused(_("Paling banyak %(most)s orang dalam satu surat.") % {"most": MOST})
    today = timezone.localdate()
    if answer_by <= today:
        raise StepRefused(_("Jawaban ditunggu sesudah tanggal surat."))
    referral = Referral(
        vacancy=vacancy, issued_on=today, answer_by=answer_by, addressee=to, note=note, issued_by=by, year=today.year
    )
    referral.serial = (Referral.objects.filter(year=today.year).aggregate(last=Max("serial"))["last"] or 0) + 1
    referral.number = number(numbering, referral.serial, today)
    referral.save()
    for application in named:
        application.move(
            Application.State.REFERRED, by=by, note=referral.number, referral=referral, answer_by=answer_by
        )
        people.note(application.job_seeker, by=by, action=DataAccess.Action.SHARE, reason=vacancy.employer_name)
        referral_mail.referred(application)
    return referral, [each for each in judged if each.obstacle]


def number(numbering: ReferralSettings, serial: int, today: date) -> str:
    return card_numbers.written(numbering.number_format, city_code=current_office().city_code, serial=serial, on=today)


def letter_pdf(referral: Referral) -> bytes:
    """The letter with its answer sheet, in Indonesian."""
    with translation.override(settings.LANGUAGE_CODE):
        return prints.referral_letter(letter_facts(referral))


def letter_facts(referral: Referral) -> LetterPrint:
    """Names, schools and skills; nothing else about anybody leaves the office."""
    office, signing, vacancy = current_office(), CardSettings.current(), referral.vacancy
    url = f"{settings.SITE_URL}{referral.answer_path}"
    named = referral.applications.select_related("job_seeker__education").order_by("job_seeker__name", "pk")
    return LetterPrint(
        office=Letterhead(name=office.name, address=office.address, phone=office.phone),
        number=referral.number,
        place=office.city_name,
        day=referral.issued_on,
        addressee=[referral.addressee, vacancy.employer_name, vacancy.employer.address],
        employer=vacancy.employer_name,
        position=vacancy.title,
        candidates=[_candidate(each.job_seeker) for each in named],
        answer=Check(url=url, text=url.split("://")[-1]),
        answer_by=referral.answer_by,
        signer=Signer(
            title=signing.signer_title, name=signing.signer_name or str(referral.issued_by), nip=signing.signer_nip
        ),
        closing=[referral.note] if referral.note else [],
    )


def _candidate(person: JobSeeker) -> Candidate:
    education = f"{person.education or ''} {person.field_of_study}".strip()
    return Candidate(name=person.name, education=education, skills=person.skills)
