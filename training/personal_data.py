"""What training holds about a person: in the copy of the own data, moved when records are merged, forgotten."""

from typing import Any

import pgtrigger
from django.apps import apps
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from jobseekers.models import JobSeeker, Merge
from jobseekers.services import merging, personal_data
from jobseekers.services.personal_data import Section, rows
from jobseekers.signals import person_erased
from training.models import CompetenceCertificate, Complaint, Enrolment, EnrolmentLog, Feedback, Outcome, ScoreSheet
from training.models.enrolments import State
from training.services import seats

GONE = "dihapus"  # where a column must say something
RUNNING = (State.APPLIED, State.WAITING, State.OFFERED, State.ENROLLED)


def sections(person: JobSeeker) -> list[Section]:
    mine = Enrolment.objects.filter(job_seeker=person)
    return [
        rows(
            "training", _("Pelatihan"), mine.select_related("cohort__course"),
            "cohort", "state", "motivation", "score", "reason", "created_at", own={"cohort": _("angkatan")},
        ),
        rows(
            "attendance", _("Kehadiran"), _of(person, "Attendance").select_related("session"),
            "session", "mark", "marked_at", own={"session": _("pertemuan"), "marked_at": _("kapan")},
        ),
        rows("complaints", _("Sanggahan"), _of(person, "Complaint"), "words", "at", "answer"),
        rows(
            "training_certificates", _("Sertifikat pelatihan"), _of(person, "TrainingCertificate"),
            "number", "issued_on", "revoked_on",
        ),
        rows(
            "competence_certificates", _("Sertifikat kompetensi"), person.competence_certificates.all(),
            "scheme", "body", "number", "issued_on", "valid_until",
        ),
        rows(
            "training_outcomes", _("Hasil sesudah pelatihan"), _of(person, "Outcome"),
            "months", "answer", "employer_name", "business_name", "business_sector", "photo_kept", "answered_at",
            own={"photo_kept": _("foto usaha")},
        ),
        rows("feedback", _("Umpan balik"), _of(person, "Feedback"), "content", "teaching", "facilities", "words"),
    ]  # fmt: skip


def _of(person: JobSeeker, name: str) -> Any:
    return apps.get_model("training", name)._default_manager.filter(enrolment__job_seeker=person)


def forget(*, person: JobSeeker, **kwargs: Any) -> None:
    """Called inside the transaction that erases. Seats become free; counts, marks and certificate numbers stay."""
    for enrolment in (
        Enrolment.objects.filter(job_seeker=person, state__in=RUNNING).select_related("cohort").order_by("cohort_id")
    ):
        seats.leave(enrolment, by=None, reason=GONE)
    mine = Enrolment.objects.filter(job_seeker=person)
    mine.update(motivation="")
    mine.exclude(reason="").update(reason=GONE)
    with pgtrigger.ignore("training.EnrolmentLog:append_only"):
        EnrolmentLog.objects.filter(enrolment__in=mine).update(note="")
    Complaint.objects.filter(enrolment__in=mine).delete()
    CompetenceCertificate.objects.filter(job_seeker=person).delete()
    Feedback.objects.filter(enrolment__in=mine).update(words="")
    sheets = ScoreSheet.objects.filter(enrolment__in=mine)
    sheets.update(note="")
    sheets.exclude(relation="").update(relation=GONE)
    Outcome.objects.filter(enrolment__in=mine).update(**dict.fromkeys(Outcome.DETAILS, ""), business_photo=None)
    keys = list(mine.values_list("pk", flat=True))
    apps.get_model("training", "EnrolmentEvent")._default_manager.filter(pgh_obj__in=keys).delete()
    apps.get_model("training", "ScoreSheetEvent")._default_manager.filter(enrolment__in=keys).delete()


def release(*, instance: Merge, created: bool, **kwargs: Any) -> None:
    """What the removed record of a merge still holds, because the kept one is in that class too, becomes free."""
    if created:
        left = Enrolment.objects.filter(job_seeker=instance.removed_id, state__in=RUNNING).order_by("cohort_id")
        for enrolment in left.select_related("cohort", "job_seeker"):
            seats.leave(enrolment, by=None, reason=str(_("Catatan ganda digabung")))


def join_in() -> None:
    """Once, when the apps are ready."""
    merging.MOVED.extend([Enrolment, CompetenceCertificate])
    personal_data.MORE.append(sections)
    post_save.connect(release, sender=Merge, dispatch_uid="training.release")
    person_erased.connect(forget, dispatch_uid="training.forget")
