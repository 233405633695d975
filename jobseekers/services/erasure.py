"""Erase a person and keep the counts (UU 27/2022 art. 43-44 and, for statistics, art. 15).

Goes: everything the person has told or that tells who it is. Profile, NIK, experiences, disability, documents with
their files, consents, planned appointments, places on talent lists, decisions on matches, every former version in the
history tables, the account.

Stays, without a name, so that reports of past months can be counted again: register events (age, sex, education and
occupation of their day), placements and their follow-ups, applications by vacancy, state and date, cards by date,
kept appointments, data requests by kind and time. They hang on a record that says nothing but "erased". The access log
names that record by a UUID and is kept for its own time; alert subscriptions go only if the person asks for it.

Mails: `signals.person_erased` tells the ledger, which blanks the addresses of everything that has ended.
"""

from functools import partial
from typing import Any
from uuid import uuid4

import pgtrigger
from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobseekers.models import (
    AlertSubscription,
    Application,
    ApplicationLog,
    Appointment,
    ChatMessage,
    ChatSubscription,
    Consent,
    Disability,
    Document,
    Experience,
    JobSeeker,
    MatchOverride,
    Merge,
    RegisterEvent,
    RegistrationCard,
    TalentListEntry,
)
from jobseekers.models.applications import RUNNING
from jobseekers.signals import person_erased

GONE = "dihapus"  # where a column must say something
# In every record the same; kept are key, route, and when it was made
BLANK: dict[str, Any] = {
    "nik_cipher": None, "nik_index": None, "name": "", "name_key": "", "birth_place": "", "birth_date": None,
    "sex": "", "marital_status": "", "religion": "", "guardian_name": "", "siapkerja_id": "",
    "region": None, "address": "", "postal_code": "", "phone": "", "email": "",
    "education": None, "field_of_study": "", "school": "", "graduated_in": None, "skills": [], "languages": [],
    "summary": "", "occupation": None, "other_occupations": [], "places": [], "wage_from": None, "part_time": False,
    "user": None, "school_centre": None, "merged_into": None, "restricted_at": None, "retention_notice_at": None,
}  # fmt: skip


class CannotErase(Exception):
    """Something that the law lets run must end first; the message says what."""


def hindrance(person: JobSeeker) -> str:
    """Why the office may have to wait, or "": somebody is about to start work through the office."""
    accepted = person.applications.filter(state=Application.State.ACCEPTED, placement=None)
    return str(_("Ada lamaran yang diterima dan penempatannya belum dicatat.")) if accepted.exists() else ""


@transaction.atomic
def erase(person: JobSeeker, *, by: User | None, alerts: bool = False) -> None:
    """Erase the person, records merged into this one, and the account. Files go after the commit.

    `by` None is the clock. Raises CannotErase.
    """
    person = JobSeeker.objects.select_for_update().get(pk=person.pk)
    if person.state == JobSeeker.State.ERASED:
        return
    if why := hindrance(person):
        raise CannotErase(why)
    for former in JobSeeker.objects.filter(merged_into=person):
        erase(former, by=by, alerts=alerts)
    if person.in_register:
        RegisterEvent.objects.remove(person, reason="erased", by=by)
    addresses = sorted({person.email.lower(), person.user.email if person.user else ""} - {""})
    user = person.user
    _delete_what_was_told(person)
    _empty_what_is_counted(person, by)
    JobSeeker.objects.filter(pk=person.pk).update(
        state=JobSeeker.State.ERASED, version=models.F("version") + 1, updated_at=timezone.now(), **BLANK
    )
    _forget_history(person)
    if alerts:
        AlertSubscription.objects.filter(email__in=addresses).delete()
    if user is not None and not user.is_office_staff:
        _close_account(user)
    person_erased.send(sender=JobSeeker, person=person, addresses=addresses)


def _delete_what_was_told(person: JobSeeker) -> None:
    files = [(each.file.storage, each.file.name or "") for each in person.documents.exclude(file="")]
    for model in (
        Experience,
        Disability,
        Document,
        Consent,
        TalentListEntry,
        MatchOverride,
        ChatSubscription,
        ChatMessage,
    ):
        model._default_manager.filter(job_seeker=person).delete()
    person.appointments.filter(state=Appointment.State.PLANNED).delete()
    person.cards.filter(state=RegistrationCard.State.REQUESTED).delete()
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name))


def _empty_what_is_counted(person: JobSeeker, by: User | None) -> None:
    """Counts stay; words, numbers and tokens that lead to the person go."""
    for application in person.applications.filter(state__in=RUNNING):
        application.move(Application.State.WITHDRAWN, by=by)
    person.applications.update(message="")
    with pgtrigger.ignore("jobseekers.ApplicationLog:append_only"):
        ApplicationLog.objects.filter(application__job_seeker=person).update(note="")
    person.appointments.update(place="", note="")
    person.data_requests.update(words="")
    person.data_requests.exclude(answer="").update(answer=GONE)
    Merge.objects.filter(models.Q(kept=person) | models.Q(removed=person)).update(before={})
    cards = person.cards.all()
    cards.filter(state=RegistrationCard.State.ISSUED).update(
        state=RegistrationCard.State.ENDED, ended_on=timezone.localdate(), end=RegistrationCard.End.ASKED
    )
    cards.exclude(refusal="").update(refusal=GONE)
    for card in cards.exclude(number=""):
        card.number, card.token = f"{GONE}-{card.pk}", uuid4()
        card.save()


def _forget_history(person: JobSeeker) -> None:
    """Every former version of what hung on the person, and of the person."""
    for model in apps.get_app_config("jobseekers").get_models():
        fields = {field.name for field in model._meta.get_fields()}
        if model._meta.label == "jobseekers.JobSeekerEvent":
            model._default_manager.filter(pgh_obj=person.pk).delete()
        elif {"pgh_obj", "job_seeker"} <= fields:
            model._default_manager.filter(job_seeker=person.pk).delete()


def _close_account(user: User) -> None:
    """The row stays, because the access log names it; whoever it was cannot be told and cannot sign in."""
    for relation in ("emailaddress_set", "authenticator_set"):
        getattr(user, relation).all().delete()
    user.email, user.name, user.is_active = f"{GONE}-{user.pk}@{GONE}.invalid", "", False
    user.set_unusable_password()
    user.save()
