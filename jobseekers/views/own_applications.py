"""The person: apply, see what became of it, take it back, put an appointment into the own calendar."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from accounts.models import User
from canvassing.models import Vacancy
from jobseekers.forms.referral import ApplyForm
from jobseekers.models import Application, Appointment, Consent, JobSeeker
from jobseekers.models.applications import StepRefused
from jobseekers.services import applications as services
from jobseekers.services.appointments import calendar_file
from jobseekers.views.registering import register_first


def panel(person: JobSeeker, user: User) -> dict[str, Any]:
    """The context of `jobseekers/referral/_account.html`: `own_applications` and `own_appointments`."""
    mine = Application.objects.visible_to(user).filter(job_seeker=person)
    ahead = Appointment.objects.filter(job_seeker=person, ends_at__gte=timezone.now()).planned()
    return {
        "own_applications": mine.select_related("vacancy", "reason").prefetch_related("appointments"),
        "own_appointments": ahead.select_related("application__vacancy"),
    }


@require_http_methods(["GET", "POST"])
def apply(request: StaffRequest, pk: int) -> HttpResponse:
    """Apply through the office, or note that one has applied in the employer's own way."""
    if request.user.is_office_staff:
        raise PermissionDenied
    vacancy = get_object_or_404(Vacancy.objects.exclude(published_at=None), pk=pk)
    person = JobSeeker.objects.of(request.user).first()
    if person is None or person.state != JobSeeker.State.COMPLETE:
        return register_first(request)
    own_way = vacancy.apply_via != Vacancy.ApplyVia.OFFICE
    asks = not own_way and not person.consents_to(Consent.Purpose.SHARE)
    form = ApplyForm(request.POST if request.method == "POST" else None, asks_consent=asks, of_minor=person.is_minor)
    obstacle = services.obstacle(person, vacancy)
    if request.method == "POST" and not obstacle and form.is_valid():
        way = Application.Way.OWN if own_way else Application.Way.SITE
        try:
            said = {name: form.cleaned_data.get(name, "") for name in ("message", "evidence")}
            services.apply(person, vacancy, way=way, share=asks, **said)
        except StepRefused as refused:  # closed or restricted a moment ago
            obstacle = str(refused)
        else:
            messages.success(request, _("Tercatat.") if own_way else _("Lamaran terkirim ke kantor."))
            return redirect("applications")
    standing = Application.objects.standing().filter(job_seeker=person, vacancy=vacancy).first()
    context = {
        "vacancy": vacancy, "person": person, "form": form, "own_way": own_way, "obstacle": obstacle,
        "standing": standing,
    }  # fmt: skip
    status = 409 if obstacle and request.method == "POST" else 400 if request.method == "POST" else 200
    return render(request, "jobseekers/referral/apply.html", context, status=status)


@require_safe
def applications(request: StaffRequest) -> HttpResponse:
    person = JobSeeker.objects.of(request.user).first()
    if person is None:
        return redirect("account")
    return render(request, "jobseekers/referral/own.html", {"person": person, **panel(person, request.user)})


@require_POST
def application_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    application = get_object_or_404(
        Application.objects.filter(job_seeker__in=JobSeeker.objects.of(request.user)), pk=pk
    )
    try:
        services.withdraw(application, by=request.user)
    except StepRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Lamaran dibatalkan."))
    return redirect("applications")


@require_safe
@never_cache
def appointment_file(request: StaffRequest, pk: int) -> HttpResponse:
    """iCalendar, for the person alone."""
    mine = Appointment.objects.filter(job_seeker__user=request.user).select_related("application__vacancy")
    meeting = get_object_or_404(mine, pk=pk)
    headers = {"Content-Disposition": 'attachment; filename="janji.ics"'}
    return HttpResponse(calendar_file(meeting), content_type="text/calendar; charset=utf-8", headers=headers)
