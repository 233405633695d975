from typing import Any

from allauth.account.signals import user_signed_up
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from jobseekers.signals import alerts_wanted, person_erased


class AnnouncementsConfig(AppConfig):
    name = "announcements"
    verbose_name = _("Pengumuman")

    def ready(self) -> None:
        for signal in (alerts_wanted, user_signed_up):
            signal.connect(count_sign_up, dispatch_uid="announcements.reach")
        person_erased.connect(forget_erased, dispatch_uid="announcements.forget")


def count_sign_up(**kwargs: Any) -> None:
    from announcements import reach  # models are not ready when this module is imported

    reach.count_sign_up(**kwargs)


def forget_erased(*, addresses: list[str], **kwargs: Any) -> None:
    from announcements.ledger import forget_address  # models are not ready when this module is imported

    forget_address(addresses)
