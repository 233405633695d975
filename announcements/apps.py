from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnnouncementsConfig(AppConfig):
    name = "announcements"
    verbose_name = _("Pengumuman")

    def ready(self) -> None:
        from jobseekers.signals import person_erased  # models are not ready when this module is imported

        person_erased.connect(forget_erased, dispatch_uid="announcements.forget")


def forget_erased(*, addresses: list[str], **kwargs: Any) -> None:
    from announcements.ledger import forget_address  # models are not ready when this module is imported

    forget_address(addresses)
