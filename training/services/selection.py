"""Selection: papers, score sheets, a ranked proposal, the announcement, complaints."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Avg
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import DataAccess, User
from jobseekers.services import people
from training import mails
from training.models import Cohort, Complaint, Criterion, Enrolment, ScoreSheet, TrainingSettings
from training.models.enrolments import State, StepRefused
from training.services.seats import end_of_offer, hindrance, hold, next_position, note_skip


@transaction.atomic
def check_files(enrolment: Enrolment, *, complete: bool, by: User, reason: str = "") -> None:
    """Papers looked at: complete, or out with the reason. Raises StepRefused."""
    _hold(enrolment)
    if enrolment.state != State.APPLIED:
        raise StepRefused(_("Berkas hanya diperiksa sebelum hasil seleksi diumumkan."))
    Enrolment.objects.filter(pk=enrolment.pk).update(files_complete=complete)
    people.note(enrolment.job_seeker, by=by, action=DataAccess.Action.CHANGE, reason=str(enrolment.cohort))
    if not complete:
        enrolment.move(State.NOT_SELECTED, by=by, reason=reason or _("Berkas belum lengkap"))
        mails.not_selected(enrolment)


@transaction.atomic
def judge(enrolment: Enrolment, *, by: User, points: dict[int, int], note: str = "") -> ScoreSheet:
    """One sheet of one assessor for one person; a second one is refused. Raises StepRefused."""
    _hold(enrolment)  # two assessors at once: each mean counts both sheets
    criteria = _criteria_for(enrolment)
    sheet = ScoreSheet(
        enrolment=enrolment, assessor=by, points={str(pk): value for pk, value in points.items()},
        total=ScoreSheet.weigh(criteria, points), note=note,
    )  # fmt: skip
    _keep(sheet)
    average = enrolment.sheets.counting().aggregate(mean=Avg("total"))["mean"]
    Enrolment.objects.filter(pk=enrolment.pk).update(score=average)
    return sheet


@transaction.atomic
def declare_relation(enrolment: Enrolment, *, by: User, relation: str) -> ScoreSheet:
    """The assessor knows the applicant too well; from now on the database refuses a judgement. Raises StepRefused."""
    _hold(enrolment)
    _criteria_for(enrolment)
    sheet = ScoreSheet(enrolment=enrolment, assessor=by, relation=relation)
    _keep(sheet)
    return sheet


def _hold(enrolment: Enrolment) -> None:
    hold(enrolment.cohort)
    enrolment.refresh_from_db()


def _criteria_for(enrolment: Enrolment) -> list[Criterion]:
    if enrolment.state != State.APPLIED or not enrolment.files_complete:
        raise StepRefused(_("Hanya pelamar dengan berkas lengkap yang dinilai, sebelum pengumuman."))
    criteria = list(enrolment.cohort.criteria.all())
    if not criteria:
        raise StepRefused(_("Angkatan ini belum punya kriteria seleksi. Isi dulu di halaman angkatan."))
    return criteria


def _keep(sheet: ScoreSheet) -> None:
    try:
        with transaction.atomic():
            sheet.save()
    except IntegrityError as error:
        raise StepRefused(_("Anda sudah mengisi lembar untuk orang ini.")) from error


@dataclass(frozen=True)
class Proposal:
    """Who would get a seat, who would wait, who has not been judged; each in order."""

    seats: list[Enrolment]
    line: list[Enrolment]
    out: list[Enrolment]


def proposal(cohort: Cohort) -> Proposal:
    """By score, then by who applied first. Without a score: absent from the test, so out (research/domain.md 7)."""
    applied = cohort.enrolments.filter(state=State.APPLIED).select_related("job_seeker__region")
    judged = sorted(
        (each for each in applied if each.files_complete and each.score is not None),
        key=lambda each: (-each.score, each.created_at, each.pk),  # type: ignore[operator]
    )
    known = {each.pk for each in judged}
    return Proposal(judged[: cohort.free], judged[cohort.free :], [each for each in applied if each.pk not in known])


@transaction.atomic
def announce(cohort: Cohort, *, by: User) -> Proposal:
    """Turn the proposal into offers, the waiting list and refusals, and write to everybody. Raises StepRefused."""
    cohort = hold(cohort)
    if cohort.announced_at or cohort.state != Cohort.State.OPEN:
        raise StepRefused(_("Hasil seleksi sudah diumumkan, atau angkatan ini tidak dibuka."))
    if not cohort.may_offer:
        raise StepRefused(_("Kursi tidak ditawarkan lagi: kelas sudah lewat hari penggantian peserta."))
    if cohort.enrolments.filter(state=State.APPLIED, files_complete=None).exists():
        raise StepRefused(_("Masih ada berkas yang belum diperiksa. Periksa dulu, lalu umumkan."))
    found = proposal(cohort)
    if not found.seats:
        raise StepRefused(_("Belum ada pelamar yang dinilai. Isi lembar nilai dulu."))
    left = cohort.free
    for enrolment in [*found.seats, *found.line]:
        why = hindrance(enrolment)
        if left and not why:
            enrolment.move(State.OFFERED, by=by, offered_until=end_of_offer(cohort))
            mails.offered(enrolment)
            left -= 1
            continue
        enrolment.move(State.WAITING, by=by, position=next_position(cohort))
        mails.waits(enrolment)
        if why:
            note_skip(enrolment, why, by)
    for enrolment in found.out:
        enrolment.move(State.NOT_SELECTED, by=by, reason=_("Tidak mengikuti tes atau wawancara"))
        mails.not_selected(enrolment)
    until = timezone.localdate() + timedelta(days=TrainingSettings.current().complaint_days)
    Cohort.objects.filter(pk=cohort.pk).update(announced_at=timezone.now(), complaints_until=until)
    return found


# --- Complaints -----------------------------------------------------------------------------------


def may_complain(enrolment: Enrolment) -> bool:
    until = enrolment.cohort.complaints_until
    return (
        until is not None
        and timezone.localdate() <= until
        and enrolment.state in (State.NOT_SELECTED, State.WAITING)
        and not Complaint.objects.filter(enrolment=enrolment).exists()
    )


def complain(enrolment: Enrolment, words: str) -> Complaint:
    """Raises StepRefused."""
    if not may_complain(enrolment):
        raise StepRefused(_("Masa sanggah sudah lewat, atau sanggahan Anda sudah kami terima."))
    try:
        with transaction.atomic():
            return Complaint.objects.create(enrolment=enrolment, words=words)
    except IntegrityError as error:  # sent twice at the same moment
        raise StepRefused(_("Masa sanggah sudah lewat, atau sanggahan Anda sudah kami terima.")) from error


@transaction.atomic
def answer(complaint: Complaint, *, by: User, words: str, right: bool) -> None:
    """Answer once; where the person was right, a place at the end of the waiting list. Raises StepRefused."""
    enrolment = complaint.enrolment
    cohort = hold(enrolment.cohort)
    answered = Complaint.objects.filter(pk=complaint.pk, answer="").update(
        answer=words, answered_by=by, answered_at=timezone.now()
    )
    if not answered:
        raise StepRefused(_("Sanggahan ini sudah dijawab. Muat ulang halaman ini."))
    enrolment.refresh_from_db()
    again = Enrolment.objects.standing().filter(cohort=cohort, job_seeker=enrolment.job_seeker_id).exists()
    if right and enrolment.state == State.NOT_SELECTED and cohort.may_offer and not again:
        enrolment.move(State.WAITING, by=by, note=words[:300], position=next_position(cohort), reason="")
    people.note(enrolment.job_seeker, by=by, action=DataAccess.Action.CHANGE, reason=str(cohort))
    mails.complaint_answered(enrolment, words)
