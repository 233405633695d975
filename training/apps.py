from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("Pelatihan")

    def ready(self) -> None:
        from training.personal_data import join_in  # models are not ready when this module is imported

        join_in()
