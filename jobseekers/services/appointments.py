"""Interviews and talks: planned without clashes, told about, put into the person's calendar."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import DataAccess, User
from jobseekers import referral_mail
from jobseekers.ical import event
from jobseekers.models import Application, Appointment, JobSeeker
from jobseekers.models.applications import StepRefused
from jobseekers.services import applications, people


@transaction.atomic
def plan(meeting: Appointment, *, by: User, application: Application | None = None) -> Appointment:
    """Save the meeting and tell the person; an interview moves its application to "invited".

    Raises StepRefused with what to do when the person or the officer is taken at that time.
    """
    if meeting.job_seeker.restricted_at:
        raise StepRefused(_("Pemrosesan data sedang dibatasi atas permintaan pemiliknya. Cabut dulu pembatasan itu."))
    meeting.application = application
    _hold(meeting)
    try:
        with transaction.atomic():
            meeting.save()
    except IntegrityError as clash:
        if earlier := Appointment.objects.filter(entry_id=meeting.entry_id).first():  # the same form, sent twice
            return earlier
        raise StepRefused(_clash(clash)) from clash
    people.note(meeting.job_seeker, by=by, action=DataAccess.Action.CHANGE, reason=gettext_lazy("membuat janji temu"))
    if application is not None and application.state in (Application.State.REFERRED, Application.State.SILENT):
        applications.invite(application, by=by, appointment=meeting)
    else:
        referral_mail.appointment(meeting, reminder=False)
    return meeting


def _hold(meeting: Appointment) -> None:
    """One plan at a time for the person and the officer: two that clash would wait for each other in the constraint."""
    JobSeeker.objects.select_for_update(no_key=True).get(pk=meeting.job_seeker_id)
    if meeting.officer_id:
        User.objects.select_for_update(no_key=True).get(pk=meeting.officer_id)


def _clash(error: IntegrityError) -> str:
    """The words of the constraint that the database names. Raises what is no clash again."""
    for constraint in Appointment._meta.constraints:
        if constraint.name in str(error):
            return str(constraint.violation_error_message)
    raise error


def sweep(now: datetime | None = None, limit: int = 500) -> int:
    """Remind of what is tomorrow; how many. Each is a transaction and happens once."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    due = Appointment.objects.planned().on(tomorrow).filter(reminded_at=None, job_seeker__restricted_at=None)
    done = 0
    for meeting in due.select_related("job_seeker__user")[:limit]:
        with transaction.atomic():
            if due.filter(pk=meeting.pk).update(reminded_at=timezone.now()):
                referral_mail.appointment(meeting, reminder=True)
                done += 1
    return done


def calendar_file(meeting: Appointment) -> str:
    kind = str(meeting.get_kind_display())
    return event(
        uid=str(meeting.entry_id),
        stamp=meeting.created_at,
        begins=meeting.begins_at,
        ends=meeting.ends_at,
        summary=f"{kind}: {meeting.application.vacancy.title}" if meeting.application else kind,
        location=meeting.place,
        description=meeting.note,
        cancelled=meeting.state == Appointment.State.CANCELLED,
    )
