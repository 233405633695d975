from celery import shared_task
from django.utils import timezone

from canvassing.models import VacancyReport
from canvassing.models.vacancies import expire_overdue


@shared_task(name="canvassing.expire")
def expire() -> int:
    """Close vacancies whose last day has passed. Pages hide them from midnight on even if this runs late."""
    return expire_overdue(timezone.localdate())


@shared_task(name="canvassing.forget_contacts")
def forget_contacts() -> int:
    return VacancyReport.objects.forget_contacts(timezone.localdate())
