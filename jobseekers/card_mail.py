"""The letters about an AK/I card: plain words, the next step, no NIK. Nobody without an address gets one."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import current_office
from jobseekers.models import CardSettings, PeriodicReport, RegistrationCard

USEFUL = timedelta(days=7)
signer = signing.Signer(salt="jobseekers.card.report")  # without a date: the same letter sent again is the same


def report_token(row: PeriodicReport) -> str:
    return signer.sign(str(row.pk))


def report_path(row: PeriodicReport) -> str:
    return reverse("card_report_link", args=[report_token(row)])


def read_report_token(token: str) -> int:
    """The primary key of the report. Raises signing.BadSignature."""
    return int(signer.unsign(token))


def issued(card: RegistrationCard) -> None:
    _send(card, "issued", gettext_noop("Kartu AK/I Anda sudah terbit"), reverse("card"), report=card.next_report())


def refused(card: RegistrationCard) -> None:
    _send(card, "refused", gettext_noop("Permintaan kartu AK/I belum bisa dipenuhi"), reverse("card"))


def please_report(row: PeriodicReport) -> None:
    last_day = row.due_on + timedelta(days=CardSettings.current().grace_days)
    _send(
        row.card, "report", gettext_noop("Masih mencari kerja? Lapor dengan satu ketukan"), report_path(row),
        report=row, last_day=last_day,
    )  # fmt: skip


def ends_soon(card: RegistrationCard) -> None:
    _send(card, "ends_soon", gettext_noop("Kartu AK/I Anda segera habis masa berlakunya"), reverse("card"))


def ended(card: RegistrationCard) -> None:
    _send(card, "ended", gettext_noop("Kartu AK/I Anda tidak berlaku lagi"), reverse("card"))


def _send(card: RegistrationCard, name: str, subject: str, path: str, **facts: Any) -> None:
    if not card.job_seeker.email:
        return
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "office": current_office(),
            "card": card,
            "person": card.job_seeker,
            "url": f"{settings.SITE_URL}{path}",
            "LANGUAGE_CODE": settings.LANGUAGE_CODE,
            **facts,
        }
        message = EmailMultiAlternatives(
            _(subject), render_to_string(f"jobseekers/email/card_{name}.txt", context), to=[card.job_seeker.email]
        )
        message.attach_alternative(render_to_string(f"jobseekers/email/card_{name}.html", context), "text/html")
        message.useful_for = USEFUL  # type: ignore[attr-defined]  # codes expire sooner
        message.send()
