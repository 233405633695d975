"""The end of a cohort and its certificates: by attendance, numbered, in batches, checked by anybody."""

from datetime import date
from itertools import count
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User, current_office
from jobseekers import card_numbers
from jobseekers.models import JobSeeker
from jobseekers.services.cards import months_after
from training import mails, prints
from training.models import CertificateRun, Cohort, Enrolment, Outcome, TrainingCertificate, TrainingSettings
from training.models.enrolments import State, StepRefused
from training.services.attendance import participants, percent
from training.services.seats import hold

BATCH = 50


@transaction.atomic
def finish(cohort: Cohort, *, by: User) -> tuple[int, int]:
    """Who was there often enough has completed, the others not; plan the questions of later. (completed, failed).

    Raises StepRefused.
    """
    cohort = hold(cohort)
    if cohort.state != Cohort.State.RUNNING:
        raise StepRefused(_("Hanya angkatan yang berjalan bisa ditutup."))
    if timezone.localdate() < cohort.ends_on:
        raise StepRefused(
            _("Angkatan ini belum sampai hari terakhirnya. Ubah tanggal selesai bila memang lebih cepat.")
        )
    if not cohort.sessions.exists() or cohort.sessions.filter(attendances=None).exists():
        raise StepRefused(_("Ada pertemuan tanpa catatan kehadiran. Catat dulu, lalu tutup kelas."))
    results = {State.COMPLETED: 0, State.FAILED: 0}
    for enrolment in participants(cohort).filter(state=State.ENROLLED):
        enough = (percent(enrolment) or 0) >= cohort.attendance_percent
        to = State.COMPLETED if enough else State.FAILED
        enrolment.move(to, by=by)
        results[to] += 1
        mails.finished(enrolment)
    for enrolment in cohort.enrolments.filter(state__in=(State.WAITING, State.APPLIED)):
        enrolment.move(State.NOT_SELECTED, by=by, reason=_("Kelas sudah selesai"))
    cohort.move(Cohort.State.FINISHED)
    _plan_questions(cohort)
    return results[State.COMPLETED], results[State.FAILED]


@transaction.atomic
def reconsider(enrolment: Enrolment, *, by: User) -> None:
    """Judge somebody's attendance again after it was corrected; no certificate may be out. Raises StepRefused."""
    cohort = hold(enrolment.cohort)
    if cohort.state != Cohort.State.FINISHED or TrainingCertificate.objects.filter(enrolment=enrolment).exists():
        raise StepRefused(_("Hanya sesudah kelas ditutup dan sebelum sertifikat terbit."))
    enrolment.move(State.ENROLLED, by=by)
    found = participants(cohort).get(pk=enrolment.pk)
    enough = (percent(found) or 0) >= cohort.attendance_percent
    enrolment.move(State.COMPLETED if enough else State.FAILED, by=by)
    _plan_questions(cohort)
    mails.finished(enrolment)


def _plan_questions(cohort: Cohort) -> None:
    graduates = cohort.enrolments.filter(state=State.COMPLETED)
    Outcome.objects.bulk_create(
        (
            Outcome(enrolment=each, months=months, due_on=months_after(cohort.ends_on, months))
            for each in graduates
            for months in Outcome.MONTHS
        ),
        ignore_conflicts=True,
    )


# --- Certificates ---------------------------------------------------------------------------------


def uncertified(cohort: Cohort) -> QuerySet[Enrolment]:
    graduates = cohort.enrolments.filter(state=State.COMPLETED, certificate=None)
    return graduates.exclude(job_seeker__state=JobSeeker.State.ERASED)


def missing(cohort: Cohort) -> int:
    return uncertified(cohort).count()


def start(cohort: Cohort, *, by: User) -> CertificateRun:
    """Ask for certificates of everybody who has completed and has none; the sweep makes them. Raises StepRefused."""
    if not (total := missing(cohort)):
        raise StepRefused(_("Semua yang lulus sudah punya sertifikat."))
    try:
        with transaction.atomic():
            return CertificateRun.objects.create(cohort=cohort, asked_by=by, total=total)
    except IntegrityError:
        return CertificateRun.objects.get(cohort=cohort, finished_at=None)


def go_on(run: CertificateRun) -> bool:
    """Make one batch, all of it or nothing; whether there is more to do."""
    with transaction.atomic():
        run = CertificateRun.objects.select_for_update(of=("self",)).select_related("cohort", "asked_by").get(pk=run.pk)
        if run.finished_at:
            return False
        waiting = uncertified(run.cohort).order_by("job_seeker__name", "pk")
        batch = list(waiting[:BATCH])
        _number(batch, run.asked_by)
        run.done = min(run.total, run.done + len(batch))
        if len(batch) < BATCH:
            run.total = run.done
            run.finished_at = timezone.now()
        run.save()
        return run.finished_at is None


def _number(batch: list[Enrolment], by: User) -> None:
    """One certificate each, with the next numbers; the settings are held, so nobody else takes one meanwhile."""
    rules = TrainingSettings.objects.select_for_update().get(pk=TrainingSettings.current().pk)
    today, serials = timezone.localdate(), count(rules.next_serial)
    facts = facts_of(batch[0].cohort, rules, by) if batch else {}
    for enrolment in batch:
        for serial in serials:
            number = card_numbers.written(
                rules.number_format, city_code=current_office().city_code, serial=serial, on=today
            )
            if not TrainingCertificate.objects.filter(number=number).exists():
                break
        TrainingCertificate.objects.create(
            enrolment=enrolment, number=number, issued_on=today, issued_by=by, facts=facts
        )
    TrainingSettings.objects.filter(pk=rules.pk).update(next_serial=next(serials))


def sweep() -> int:
    """Go on with what has been asked for; how many batches."""
    batches = 0
    for run in CertificateRun.objects.filter(finished_at=None).order_by("asked_at"):
        while go_on(run):
            batches += 1
        batches += 1
    return batches


def pdf(certificates: list[TrainingCertificate]) -> bytes:
    """One document, two pages each: front, and units on the back. In Indonesian."""
    with translation.override(settings.LANGUAGE_CODE):
        return prints.certificates([_print(each) for each in certificates])


def facts_of(cohort: Cohort, signing: TrainingSettings, by: User) -> dict[str, Any]:
    """What a certificate of this cohort says, to be kept with it: `TrainingCertificate.facts`."""
    course = cohort.course
    return {
        "course": course.title,
        "cohort": cohort.name,
        "begins": cohort.begins_on.isoformat(),
        "ends": cohort.ends_on.isoformat(),
        "place": cohort.place,
        "lesson_hours": course.lesson_hours,
        "units": [[each.code, each.title, str(each.lesson_hours or "")] for each in course.units.all()],
        "signer_title": signing.signer_title,
        "signer_name": signing.signer_name or str(by),
        "signer_nip": signing.signer_nip,
    }


def _print(certificate: TrainingCertificate) -> prints.CertificatePrint:
    office, person = current_office(), certificate.enrolment.job_seeker
    facts = dict(certificate.facts)
    begins, ends = (date.fromisoformat(facts.pop(name)) for name in ("begins", "ends"))
    return prints.CertificatePrint(
        office=office.name,
        number=certificate.number,
        name=person.name,
        birth=f"{person.birth_place}, {prints.longdate(person.birth_date)}"
        if person.birth_date
        else person.birth_place,
        city=office.city_name,
        issued=certificate.issued_on,
        check=f"{settings.SITE_URL}{certificate.check_path}",
        begins=begins,
        ends=ends,
        **facts,
    )
