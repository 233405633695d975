"""Staff and trainers: sessions, who was there, the code on the wall."""

from base64 import b64encode
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import StaffRequest
from jobseekers.prints import qr
from training.forms.enrolments import AttendanceForm, SessionForm
from training.models import Attendance, Session
from training.models.enrolments import StepRefused
from training.services import attendance as services
from training.views.cohorts import cohort_or_404, frame


@require_http_methods(["GET", "POST"])
@permission_required("training.view_session", raise_exception=True)
def session_list(request: StaffRequest, pk: int) -> HttpResponse:
    """Sessions of a cohort with how many were marked, everybody's share, and the form for one more."""
    cohort = cohort_or_404(request, pk)
    may_add = request.user.has_perm("training.add_session")
    if request.method == "POST" and not may_add:
        raise PermissionDenied
    form = SessionForm(request.POST or None, instance=Session(cohort=cohort))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Pertemuan tersimpan."))
        return redirect("session_list", pk)
    marked = services.marked(cohort)
    people: list[Any] = list(services.participants(cohort))
    for each in people:
        each.percent = services.percent(each)
        each.enough = (each.percent or 0) >= cohort.attendance_percent
    context = {
        **frame(request, cohort),
        "sessions": [(each, marked.get(each.pk, 0)) for each in cohort.sessions.all()],
        "people": people,
        "form": form if may_add else None,
    }
    return render(request, "training/attendance/list.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@permission_required("training.change_session", raise_exception=True)
def session_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """The list of one session. A phone that was offline sends the same form later, with the time of the marks."""
    session = _one(request, pk)
    if request.method == "POST":
        form = AttendanceForm(request.POST)
        form.is_valid()
        try:
            kept = services.mark(session, form.marks, by=request.user, at=form.cleaned_data.get("at"))
        except StepRefused as refused:
            messages.error(request, str(refused))
            return redirect("session_detail", pk)
        if request.accepts("application/json") and not request.accepts("text/html"):
            return JsonResponse({"kept": kept})
        messages.success(request, _("Kehadiran %(number)s orang tersimpan.") % {"number": kept})
        return redirect("session_list", session.cohort_id)
    known = dict(session.attendances.values_list("enrolment", "mark"))
    people = services.participants(session.cohort)
    rows = [(each, known.get(each.pk, "")) for each in people]
    context = {"session": session, "rows": rows, "marks": Attendance.Mark.choices}
    return render(request, "training/attendance/session.html", context)


@require_safe
@permission_required("training.change_session", raise_exception=True)
def session_code(request: StaffRequest, pk: int) -> HttpResponse:
    """The QR code that participants scan on the day, large, to print or to show."""
    session = _one(request, pk)
    url = request.build_absolute_uri(reverse("check_in", args=[session.token]))
    code = "data:image/svg+xml;base64," + b64encode(qr(url)).decode()
    context = {"session": session, "url": url, "code": code}
    return render(request, "training/attendance/code.html", context)


def _one(request: StaffRequest, pk: int) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.user).select_related("cohort__course"), pk=pk)
