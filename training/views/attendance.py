"""Staff and trainers: sessions, who was there, the code on the wall."""

import json
from base64 import b64encode
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import StaffRequest
from jobseekers.prints import qr
from training.forms.enrolments import SessionForm, WordForm
from training.models import Attendance, AttendanceEntry, Session
from training.models.enrolments import StepRefused
from training.services import attendance as services
from training.views.cohorts import cohort_or_404, frame

MOST_ENTRIES = 1000  # of one sending; a phone sends the rest next time


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
    """The list of one session. A browser that can keeps it for when there is no connection: attendance.js."""
    session = _one(request, pk)
    if request.method == "POST":
        try:
            entries = services.keep(session, _marked(request), by=request.user)
        except StepRefused as refused:
            messages.error(request, str(refused))
            return redirect("session_detail", pk)
        return _told(request, session, entries)
    known = dict(session.attendances.values_list("enrolment", "mark"))
    people = services.participants(session.cohort)
    until = request.session.get_expiry_date()
    context = {
        "session": session,
        "rows": [(each, known.get(each.pk, "")) for each in people],
        "marks": Attendance.Mark.choices,
        "until": until,
    }
    response = render(request, "training/attendance/session.html", context)
    response["Kanvas-Until"] = int(until.timestamp() * 1000)  # the phone shows its copy until then
    return response


def _marked(request: StaffRequest) -> list[services.Word]:
    """From a form without script: the marks "m<enrolment>" that differ from what it showed, "s<enrolment>"."""
    given = {name[1:]: value for name, value in request.POST.items() if name[0] == "m" and name[1:].isdecimal()}
    return [
        services.Word(int(pk), mark, seen)
        for pk, mark in given.items()
        if mark in Attendance.Mark.values and len(pk) < 12 and (seen := request.POST.get(f"s{pk}", "")) != mark
    ]


def _told(request: StaffRequest, session: Session, entries: list[AttendanceEntry]) -> HttpResponse:
    """Say what was kept; back to the list when somebody else has marked otherwise meanwhile."""
    contested = [each.enrolment_id for each in entries if each.result == AttendanceEntry.Result.CONFLICT]
    messages.success(request, _("Kehadiran %(number)s orang tersimpan.") % {"number": len(entries) - len(contested)})
    if not contested:
        return redirect("session_list", session.cohort_id)
    words = _("%(name)s: orang lain sudah menandai %(mark)s. Tanda Anda belum dipakai; tandai lagi bila perlu.")
    stands = session.attendances.filter(enrolment__in=contested)
    for each in stands.select_related("enrolment__job_seeker"):
        messages.warning(request, words % {"name": each.enrolment.job_seeker, "mark": each.get_mark_display()})
    return redirect("session_detail", session.pk)


@require_http_methods(["GET", "POST"])
@permission_required("training.change_session", raise_exception=True)
def attendance_entries(request: StaffRequest) -> JsonResponse:
    """For the phone that was offline: GET says that it is still signed in, POST takes its words, of any sessions.

    {"entries": [...]} of `WordForm`; answers {"entries": [{id, result, mark, who, words}]}, `mark` being what stands.
    """
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)})
    try:
        forms = [WordForm(dict(each)) for each in json.loads(request.body)["entries"][:MOST_ENTRIES]]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"entries": []}, status=400)
    return JsonResponse({"entries": [_answer(request, form) for form in forms]})


def _answer(request: StaffRequest, form: WordForm) -> dict[str, str]:
    if not form.is_valid():
        return {"id": str(form.data.get("id", "")), "result": "refused", "words": _("Tanda ini tidak bisa dibaca.")}
    told = form.cleaned_data
    answer = {"id": str(told["id"]), "result": "refused", "words": _("Pertemuan atau peserta ini bukan di kelas Anda.")}
    session = Session.objects.visible_to(request.user).filter(pk=told["session"]).first()
    word = services.Word(told["enrolment"], told["mark"], told["seen"], told["at"], told["id"])
    try:
        entries = services.keep(session, [word], by=request.user) if session else []
    except StepRefused as refused:
        return answer | {"words": str(refused)}
    for entry in entries:
        for stands in Attendance.objects.filter(session=session, enrolment=entry.enrolment_id):
            who = str(stands.marked_by or stands.get_via_display())
            answer = {"id": answer["id"], "result": entry.result, "mark": stands.mark, "who": who}
    return answer


@require_safe
@permission_required("training.change_session", raise_exception=True)
def attendance_worker(request: StaffRequest) -> HttpResponse:
    """The service worker of the lists. Its address gives its scope: the pages of sessions and nothing else."""
    return render(request, "training/attendance/attendance-worker.js", content_type="text/javascript")


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
