"""One search over companies, vacancies and people. It reads all apps, so it lives with the project."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest
from accounts.models import User
from canvassing.filters import VacancyFilter
from canvassing.models import Employer, Vacancy
from jobseekers.models import JobSeeker, RegistrationCard

SHOWN = 20


@require_GET
@permission_required("canvassing.view_vacancy", raise_exception=True)
def staff_search(request: StaffRequest) -> HttpResponse:
    """What the person may see, and only that. A NIK is never searched here: it would stand in the address."""
    typed = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    context: dict[str, Any] = {"typed": typed}
    if typed:
        context |= {"vacancies": _vacancies(request.user, typed), "employers": _employers(request.user, typed)}
        if request.user.has_perm("jobseekers.view_jobseeker"):
            context["people"] = _people(request.user, typed)
    return render(request, "staff_search.html", context)


def _vacancies(user: User, typed: str) -> QuerySet[Vacancy]:
    """By number ("LK-2026-0012" or 12) or by words."""
    visible = Vacancy.objects.visible_to(user).defer("search")
    number = typed.upper().removeprefix("LK-").split("-")[-1]
    if number.isdecimal() and len(number) < 12:
        return visible.filter(pk=int(number))[:SHOWN]
    return VacancyFilter({"q": typed}, visible).qs.order_by("-updated_at")[:SHOWN]


def _employers(user: User, typed: str) -> QuerySet[Employer]:
    return Employer.objects.visible_to(user).filter(name__icontains=typed).select_related("region")[:SHOWN]


def _people(user: User, typed: str) -> QuerySet[JobSeeker]:
    """By a part of the name or the whole number of an AK/I card."""
    holders = RegistrationCard.objects.filter(number__iexact=typed).exclude(number="").values("job_seeker")
    alike = Q(name__icontains=typed) | Q(pk__in=list(holders.values_list("job_seeker", flat=True)))
    people = JobSeeker.objects.visible_to(user).alive().filter(alike).select_related("region", "education")
    return people.order_by("name", "pk")[:SHOWN]
