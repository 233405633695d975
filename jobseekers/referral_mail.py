"""What people and employers are told about applications, appointments and placements: plain words, no NIK.

All are the short letter of `short_mail`.
"""

from collections.abc import Sequence

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from jobseekers.models import Application, Appointment, FollowUp, JobSeeker, Referral
from jobseekers.short_mail import longdate, longdatetime, send, tell

signer = signing.Signer(salt="jobseekers.follow_up")  # without a date: the same letter sent again is the same


def follow_up_path(row: FollowUp) -> str:
    return reverse("follow_up_link", args=[signer.sign(str(row.pk))])


def read_follow_up_token(token: str) -> int:
    """The primary key of the follow-up. Raises signing.BadSignature."""
    return int(signer.unsign(token))


# --- To the person ------------------------------------------------------------------------------


@translation.override(settings.LANGUAGE_CODE)
def referred(application: Application) -> None:
    job, employer = _of(application)
    assert application.referral is not None
    lines = [
        _("Kami sudah memperkenalkan Anda kepada %(employer)s.") % {"employer": employer},
        _("Perusahaan kami minta menjawab paling lambat %(day)s. Kami kabari begitu ada jawaban.")
        % {"day": longdate(application.referral.answer_by)},
    ]
    _to(application.job_seeker, _("Surat pengantar terbit: %(job)s") % {"job": job}, lines)


@translation.override(settings.LANGUAGE_CODE)
def invited(application: Application, appointment: Appointment | None, note: str = "") -> None:
    job, employer = _of(application)
    lines = [_("%(employer)s ingin bertemu Anda.") % {"employer": employer}, *_when_and_where(appointment)]
    if note:
        lines.append(_("Kata perusahaan: %(note)s") % {"note": note})
    if appointment is None:
        lines.append(_("Petugas akan mengabari jam dan tempatnya."))
    _to(application.job_seeker, _("Dipanggil wawancara: %(job)s") % {"job": job}, lines)


@translation.override(settings.LANGUAGE_CODE)
def accepted(application: Application) -> None:
    job, employer = _of(application)
    lines = [
        _("%(employer)s menyatakan Anda diterima.") % {"employer": employer},
        _("Petugas memastikan hari mulai kerja, lalu mencatat penempatan Anda."),
    ]
    _to(application.job_seeker, _("Diterima: %(job)s") % {"job": job}, lines)


@translation.override(settings.LANGUAGE_CODE)
def ended(application: Application) -> None:
    """Not accepted, or no answer: the reason in plain words and what to do next."""
    assert application.reason is not None
    job, _employer = _of(application)
    subject = (
        _("Perusahaan tidak menjawab: %(job)s")
        if application.state == Application.State.SILENT
        else _("Belum diterima: %(job)s")
    )
    _to(application.job_seeker, subject % {"job": job}, [application.reason.words, application.reason.next_step])


@translation.override(settings.LANGUAGE_CODE)
def appointment(meeting: Appointment, *, reminder: bool) -> None:
    lines = [*_when_and_where(meeting)]
    if meeting.note:
        lines.append(_("Yang perlu dibawa: %(note)s") % {"note": meeting.note})
    lines.append(_("Berhalangan? Telepon kantor sebelum jamnya."))
    subject = _("Besok: %(kind)s") if reminder else _("Janji temu: %(kind)s")
    _to(meeting.job_seeker, subject % {"kind": meeting.get_kind_display()}, lines)


@translation.override(settings.LANGUAGE_CODE)
def please_tell(row: FollowUp) -> None:
    lines = [
        _("Kantor kami mencatat Anda mulai bekerja di %(employer)s pada %(day)s.")
        % {"employer": row.placement.employer.name, "day": longdate(row.placement.started_on)},
        _("Bagaimana sekarang? Buka tautan ini, lalu tekan satu jawaban. Tidak perlu masuk."),
    ]
    _to(
        row.placement.job_seeker, _("Apa kabar pekerjaan Anda?"), lines,
        path=follow_up_path(row), action=_("Jawab dengan satu ketukan"),
    )  # fmt: skip


# --- To the employer ------------------------------------------------------------------------------


@translation.override(settings.LANGUAGE_CODE)
def remind_employer(referral: Referral, address: str) -> None:
    facts = {"number": referral.number, "day": longdate(referral.answer_by), "job": referral.vacancy.title}
    lines = [
        _("Surat pengantar %(number)s untuk lowongan %(job)s menunggu jawaban sampai %(day)s.") % facts,
        _("Jawab lewat tautan ini: diterima, dipanggil, atau belum cocok. Tidak perlu akun."),
    ]
    send(
        address, _("Mohon jawaban: %(job)s") % facts, lines,
        path=referral.answer_path, action=_("Jawab sekarang"),
        why=_("Anda menerima surat ini karena perusahaan Anda membuka lowongan lewat kantor kami."),
    )  # fmt: skip


# --- Small parts ----------------------------------------------------------------------------------


def _of(application: Application) -> tuple[str, str]:
    return application.vacancy.title, application.vacancy.employer_name


def _when_and_where(meeting: Appointment | None) -> list[str]:
    if meeting is None:
        return []
    return [_("Waktu: %(when)s WIB.") % {"when": longdatetime(meeting.begins_at)}, f"{_('Tempat')}: {meeting.place}."]


def _to(person: JobSeeker, subject: str, lines: Sequence[str], *, path: str = "", action: str = "") -> None:
    tell(person, subject, lines, path=path or reverse("applications"), action=action or _("Lihat lamaran saya"))
