from typing import Any

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
        post_migrate.connect(load_reference_data, sender=self, dispatch_uid="jobseekers.reference")


def keep_alive(*, user: Any, **kwargs: Any) -> None:
    """Whoever signs in is still there: the time of keeping begins again."""
    if person := getattr(user, "job_seeker", None):
        person.touch()
