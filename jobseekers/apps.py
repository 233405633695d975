from typing import Any

from allauth.account.signals import email_changed
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class JobseekersConfig(AppConfig):
    name = "jobseekers"
    verbose_name = _("Pencari kerja")

    def ready(self) -> None:
        from jobseekers.reference import load_reference_data  # models are not ready when this module is imported

        user_logged_in.connect(keep_alive, dispatch_uid="jobseekers.keep_alive")
        email_changed.connect(follow_account, dispatch_uid="jobseekers.follow_account")
        post_migrate.connect(load_reference_data, sender=self, dispatch_uid="jobseekers.reference")


def keep_alive(*, user: Any, **kwargs: Any) -> None:
    """Whoever signs in is still there: the time of keeping begins again."""
    if person := getattr(user, "job_seeker", None):
        person.touch()


def follow_account(*, user: Any, from_email_address: Any, to_email_address: Any, **kwargs: Any) -> None:
    """Whoever signs in with another address gets mail there too; an address of one's own choice in the record stays."""
    person = getattr(user, "job_seeker", None)
    if person and from_email_address:
        person.change_address(from_email_address.email, to_email_address.email)
