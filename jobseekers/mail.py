"""The letters about a subscription itself. The alerts are sent by announcements."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import current_office
from jobseekers.models import AlertSubscription

CONFIRM_SALT = "jobseekers.alert.confirm"
CONFIRM_DAYS = 7


def confirm_token(subscription: AlertSubscription) -> str:
    return signing.dumps(str(subscription.key), salt=CONFIRM_SALT)


def read_confirm_token(token: str) -> str:
    """The subscription's key. Raises signing.SignatureExpired or signing.BadSignature."""
    return signing.loads(token, salt=CONFIRM_SALT, max_age=CONFIRM_DAYS * 24 * 3600)


def please_confirm(subscription: AlertSubscription) -> None:
    path = reverse("alert_confirm", args=[confirm_token(subscription)])
    _send(subscription, "confirm", gettext_noop("Konfirmasi langganan info lowongan"), path)


def already_subscribed(subscription: AlertSubscription) -> None:
    _send(subscription, "already", gettext_noop("Anda sudah berlangganan pencarian ini"), subscription.manage_path())


def _send(subscription: AlertSubscription, name: str, subject: str, path: str) -> None:
    with translation.override(subscription.language):
        context = {
            "office": current_office(),
            "search": subscription.in_words(),
            "url": f"{settings.SITE_URL}{path}",
            "stop_url": f"{settings.SITE_URL}{subscription.stop_path()}",
            "days": CONFIRM_DAYS,
            "site_url": settings.SITE_URL,
            "LANGUAGE_CODE": subscription.language,
        }
        message = EmailMultiAlternatives(
            _(subject), render_to_string(f"jobseekers/email/{name}.txt", context), to=[subscription.email]
        )
        message.attach_alternative(render_to_string(f"jobseekers/email/{name}.html", context), "text/html")
        message.useful_for = timedelta(days=CONFIRM_DAYS)  # type: ignore[attr-defined]  # codes expire sooner
        message.send()
