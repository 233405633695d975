"""Who fits, and why: for a vacancy, for a person, for the person's own page; decisions; the nightly runs; fairness.

A list shows name, education and kelurahan only and is not logged: twenty log rows for each look would hide the looks
that matter. Opening somebody's record is logged there, and every decision is logged here.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest
from accounts.models import User
from accounts.roles import Role
from canvassing.models import Vacancy
from jobseekers.forms.matching import DecisionForm
from jobseekers.matching import people_for, vacancies_for
from jobseekers.models import JobSeeker, MatchOverride, MatchRun, MatchWeights
from jobseekers.services import matching as services

PEOPLE, VACANCIES, IN_PANEL, IN_ACCOUNT = 20, 20, 5, 3


@require_GET
@permission_required(["canvassing.view_vacancy", "jobseekers.view_jobseeker"], raise_exception=True)
def vacancy_matches(request: StaffRequest, pk: int) -> HttpResponse:
    """The best people for an open vacancy; a BKK officer sees only the own graduates."""
    return _vacancy_page(request, get_object_or_404(Vacancy.objects.visible_to(request.user), pk=pk))


def _vacancy_page(
    request: StaffRequest, vacancy: Vacancy, refused: DecisionForm | None = None, person: int = 0
) -> HttpResponse:
    """With a decision that was refused, as it was typed, beside the person it is about."""
    people = JobSeeker.objects.visible_to(request.user)
    left_out = vacancy.overrides.filter(verdict=MatchOverride.Verdict.LEAVE_OUT, job_seeker__in=people.usable())
    context = {
        "vacancy": vacancy,
        "matches": people_for(vacancy, PEOPLE, among=_only(people, request.user)),
        "left_out": left_out.select_related("job_seeker", "by").order_by("-at"),
        "weights": MatchWeights.current(),
        "may_decide": request.user.has_perm("jobseekers.change_application"),
        "refused": refused,
        "refused_person": person,
    }
    return render(request, "jobseekers/matching/vacancy.html", context, status=400 if refused else 200)


def _only(people: QuerySet[JobSeeker], user: User) -> QuerySet[JobSeeker] | None:
    """None where the person sees everybody, so that matching need not compare with a list of all."""
    return None if user.has_role(Role.CANVASSER, Role.MANAGER) else people


@require_POST
@permission_required("jobseekers.change_application", raise_exception=True)
def match_decide(request: StaffRequest, pk: int, person: int) -> HttpResponse:
    vacancy = get_object_or_404(Vacancy.objects.visible_to(request.user), pk=pk)
    somebody = get_object_or_404(JobSeeker.objects.visible_to(request.user).usable(), pk=person)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _vacancy_page(request, vacancy, form, person)
    services.decide(vacancy, somebody, **form.cleaned_data, by=request.user)
    messages.success(request, _("Keputusan tentang %(name)s dicatat.") % {"name": somebody})
    return redirect("vacancy_matches", pk)


@require_GET
@permission_required("jobseekers.view_jobseeker", raise_exception=True)
def match_overview(request: StaffRequest) -> HttpResponse:
    """How the score comes about, and the last nightly runs."""
    context = {"weights": MatchWeights.current(), "runs": MatchRun.objects.all()[:10]}
    return render(request, "jobseekers/matching/overview.html", context)


@require_GET
@permission_required("jobseekers.view_fairness", raise_exception=True)
def match_fairness(request: StaffRequest) -> HttpResponse:
    this_year = timezone.localdate().year
    typed = request.GET.get("tahun", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and 2000 <= int(typed[:5]) <= this_year else this_year
    context = {
        "year": str(year),  # numbers would get a point: 2.026
        "years": [str(each) for each in range(this_year, this_year - 5, -1)],
        "tables": services.fairness(year),
        "least": services.LEAST,
    }
    return render(request, "jobseekers/matching/fairness.html", context)


@require_GET
def account_matches(request: StaffRequest) -> HttpResponse:
    """The best open vacancies for the signed-in person."""
    person = get_object_or_404(JobSeeker.objects.of(request.user))
    context = {
        "person": person,
        "matches": vacancies_for(person, VACANCIES),
        "weights": MatchWeights.current(),
    }
    return render(request, "jobseekers/matching/account.html", context)


def panel(person: JobSeeker, user: User) -> dict[str, Any]:
    """Context of `matching/_panel.html`, the part of the staff's page of a person."""
    return {"matches": vacancies_for(person, IN_PANEL), "match_weights": MatchWeights.current()}


def account_panel(person: JobSeeker) -> dict[str, Any]:
    """Context of `matching/_account.html`, the part of the person's own start page."""
    return {"matches": vacancies_for(person, IN_ACCOUNT), "match_weights": MatchWeights.current()}
