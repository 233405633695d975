"""The short letter: a heading, a few sentences, one button.

Nobody without an address gets one, and nobody who has asked the office to stop.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import current_office
from jobseekers.models import JobSeeker

USEFUL = timedelta(days=7)


def longdate(day: date) -> str:
    return date_format(day, "j F Y")


def longdatetime(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "l, j F Y, H.i")


def address_of(person: JobSeeker) -> str:
    return person.email or (person.user.email if person.user else "")


def tell(person: JobSeeker, subject: str, lines: Sequence[str], *, path: str, action: str) -> None:
    """To the person, with a button that leads to `path`."""
    address = address_of(person)
    if address and not person.restricted_at:
        send(
            address, subject, [_("Halo %(name)s,") % {"name": person.name}, *lines], path=path, action=action,
            why=_("Anda menerima surat ini karena terdaftar sebagai pencari kerja di kantor kami."),
        )  # fmt: skip


def send(address: str, subject: str, lines: Sequence[str], *, path: str, action: str, why: str) -> None:
    context = {
        "office": current_office(),
        "subject": subject,
        "lines": [line for line in lines if line],
        "url": f"{settings.SITE_URL}{path}",
        "action": action,
        "why": why,
        "LANGUAGE_CODE": settings.LANGUAGE_CODE,
    }
    message = EmailMultiAlternatives(
        " ".join(subject.split()), render_to_string("jobseekers/email/news.txt", context), to=[address]
    )
    message.attach_alternative(render_to_string("jobseekers/email/news.html", context), "text/html")
    message.useful_for = USEFUL  # type: ignore[attr-defined]  # codes expire sooner
    message.send()
