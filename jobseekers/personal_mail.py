"""Letters about somebody's own data. They hold neither the NIK nor what was asked in words."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import current_office
from jobseekers.models import DataRequest, JobSeeker

USEFUL_FOR = timedelta(days=7)


def outcome(request: DataRequest, address: str) -> None:
    """What has become of a request. To the address as it was before an erasure; nothing where none is known."""
    done = request.state == DataRequest.State.DONE
    subject = _("Permintaan Anda selesai") if done else _("Permintaan Anda belum bisa dipenuhi")
    _send(address, "data_outcome", subject, {"data_request": request, "done": done})


def retention_notice(person: JobSeeker, *, days: int) -> None:
    """Once, before a record that nobody uses any more is erased."""
    _send(
        person.email,
        "retention",
        _("Data Anda akan dihapus dalam %(days)d hari") % {"days": days},
        {"person": person, "days": days},
    )


def _send(address: str, name: str, subject: str, context: dict[str, object]) -> None:
    if not address:
        return
    context |= {
        "office": current_office(),
        "url": f"{settings.SITE_URL}{reverse('my_data')}",
        "site_url": settings.SITE_URL,
        "LANGUAGE_CODE": settings.LANGUAGE_CODE,
    }
    message = EmailMultiAlternatives(subject, render_to_string(f"jobseekers/email/{name}.txt", context), to=[address])
    message.attach_alternative(render_to_string(f"jobseekers/email/{name}.html", context), "text/html")
    message.useful_for = USEFUL_FOR  # type: ignore[attr-defined]  # codes expire sooner
    message.send()
