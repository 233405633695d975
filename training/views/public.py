"""Everybody: which classes there are, one of them, its dates for a calendar, whether a certificate is real."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobseekers.ical import event
from jobseekers.models import JobSeeker
from training.models import Cohort, Enrolment, TrainingCertificate


@require_safe
@login_not_required
def cohort_list(request: HttpRequest) -> HttpResponse:
    """Open for applications, coming, running; then what has been in the last year."""
    cohorts = Cohort.objects.public().exclude(state=Cohort.State.CANCELLED).select_related("course")
    today = timezone.localdate()
    current = list(cohorts.filter(ends_on__gte=today).order_by("begins_on", "pk")[:50])
    context = {
        "open": [each for each in current if each.takes_applications],
        "coming": [each for each in current if not each.takes_applications],
        "past": cohorts.filter(ends_on__lt=today)[:10],
    }
    return render(request, "training/list.html", context)


@require_safe
@login_not_required
def cohort_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.public().select_related("course__trade", "trainer"), pk=pk)
    if request.path != cohort.get_absolute_url():
        return redirect(cohort.get_absolute_url(), permanent=True)
    mine = None
    if request.user.is_authenticated:
        own = JobSeeker.objects.of(request.user)
        mine = Enrolment.objects.standing().filter(cohort=cohort, job_seeker__in=own).first()
    context = {
        "cohort": cohort, "units": cohort.course.units.all(), "rules": cohort.course.rules.all(), "enrolment": mine,
    }  # fmt: skip
    return render(request, "training/public_detail.html", context)


@require_safe
@login_not_required
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The days of the class, as whole days."""
    cohort = get_object_or_404(Cohort.objects.public().select_related("course"), pk=pk)
    text = event(
        uid=str(cohort.entry_id),
        stamp=cohort.created_at,
        begins=cohort.begins_on,
        ends=cohort.ends_on,
        summary=str(cohort),
        location=cohort.place,
        cancelled=cohort.state == Cohort.State.CANCELLED,
    )
    headers = {"Content-Disposition": 'attachment; filename="pelatihan.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


@require_safe
@login_not_required
@never_cache
def certificate_check(request: HttpRequest, token: UUID) -> HttpResponse:
    """Real or not, for which class and when; not whose it is: the paper says that."""
    found = TrainingCertificate.objects.filter(token=token).first()
    status = 200 if found else 404
    return render(request, "training/certificate_check.html", {"certificate": found}, status=status)
