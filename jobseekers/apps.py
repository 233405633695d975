from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class JobseekersConfig(AppConfig):
    name = "jobseekers"
    verbose_name = _("Pencari kerja")

    def ready(self) -> None:
        from jobseekers.reference import load_reference_data  # models are not ready when this module is imported

        post_migrate.connect(load_reference_data, sender=self, dispatch_uid="jobseekers.reference")
