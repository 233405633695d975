"""Interviews and talks: planned without clashes, told about, put into the person's calendar."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import DataAccess, User
from jobseekers import referral_mail
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


# --- iCalendar (RFC 5545) -----------------------------------------------------------------------


def calendar_file(meeting: Appointment) -> str:
    """The meeting as a calendar knows it. Times are UTC, so no time zone needs describing."""
    cancelled = meeting.state == Appointment.State.CANCELLED
    fields = {
        "UID": f"{meeting.entry_id}@{settings.SITE_URL.split('://')[-1].split(':')[0]}",
        "DTSTAMP": _utc(meeting.created_at),
        "DTSTART": _utc(meeting.begins_at),
        "DTEND": _utc(meeting.ends_at),
        "SUMMARY": _escaped(_summary(meeting)),
        "LOCATION": _escaped(meeting.place),
        "DESCRIPTION": _escaped(meeting.note),
        "STATUS": "CANCELLED" if cancelled else "CONFIRMED",
    }
    inner = [f"{name}:{value}" for name, value in fields.items() if value]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kanvas Kerja//ID", "METHOD:PUBLISH", "BEGIN:VEVENT"]
    return "".join(f"{_folded(line)}\r\n" for line in [*head, *inner, "END:VEVENT", "END:VCALENDAR"])


def _summary(meeting: Appointment) -> str:
    kind = str(meeting.get_kind_display())
    return f"{kind}: {meeting.application.vacancy.title}" if meeting.application else kind


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> str:
    """At most 75 bytes a line; the rest follows after a blank."""
    parts, rest = [], line.encode()
    while len(rest) > 73:
        cut = 73
        while rest[cut] & 0xC0 == 0x80:  # not inside a character
            cut -= 1
        parts.append(rest[:cut].decode())
        rest = rest[cut:]
    return "\r\n ".join([*parts, rest.decode()])
