from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("Pelatihan")

    def ready(self) -> None:
        # Models are not ready when this module is imported.
        from jobseekers.services import merging, personal_data
        from jobseekers.signals import person_erased
        from training.models import CompetenceCertificate, Enrolment
        from training.personal_data import forget, sections

        merging.MOVED += [Enrolment, CompetenceCertificate]
        personal_data.MORE.append(sections)
        person_erased.connect(forget, dispatch_uid="training.forget")
