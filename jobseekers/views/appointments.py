"""Staff: interviews and talks, talent lists."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from accounts.models import DataAccess
from jobseekers.forms.referral import AppointmentForm, OutcomeForm, TalentEntryForm, TalentListForm
from jobseekers.models import Application, Appointment, JobSeeker, TalentList, TalentListEntry
from jobseekers.models.applications import StepRefused
from jobseekers.services import appointments as services
from jobseekers.services import people


@require_safe
@permission_required("jobseekers.view_appointment", raise_exception=True)
def appointment_list(request: StaffRequest) -> HttpResponse:
    """What is past and not noted, what is today, what comes; the first hundred of each."""
    rows = Appointment.objects.visible_to(request.user).select_related("job_seeker", "officer", "application__vacancy")
    today = timezone.localdate()
    groups: list[tuple[Any, Any]] = [
        (_("Sudah lewat, belum dicatat"), rows.planned().filter(begins_at__date__lt=today)[:100]),
        (_("Hari ini"), rows.on(today)[:100]),
        (_("Berikutnya"), rows.planned().filter(begins_at__date__gt=today)[:100]),
    ]
    context = {"groups": groups, "may_settle": request.user.has_perm("jobseekers.change_appointment")}
    return render(request, "jobseekers/referral/appointments.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("jobseekers.add_appointment", raise_exception=True)
def appointment_new(request: StaffRequest, pk: int) -> HttpResponse:
    """A talk at the office, or (?lamaran=) the interview of one application of this person."""
    person = get_object_or_404(JobSeeker.objects.editable_by(request.user), pk=pk)
    application = None
    if (asked := request.GET.get("lamaran", "")).isdecimal():
        mine = Application.objects.visible_to(request.user).filter(job_seeker=person).running()
        application = get_object_or_404(mine.select_related("vacancy__employer"), pk=asked)
    kind = Appointment.Kind.INTERVIEW if application else Appointment.Kind.COUNSELLING
    form = AppointmentForm(
        request.POST or None,
        instance=Appointment(job_seeker=person, kind=kind),
        initial=_usual(request, application),
    )
    if request.method == "POST":
        if form.earlier_entry():
            return redirect(person)
        if form.is_valid() and _planned(request, form, application):
            return redirect(person)
    context = {"form": form, "person": person, "application": application}
    return render(request, "jobseekers/referral/appointment_form.html", context, status=400 if form.errors else 200)


def _usual(request: StaffRequest, application: Application | None) -> dict[str, Any]:
    if application is None:
        return {"officer": request.user.pk, "place": _("Kantor, ruang konseling")}
    return {"place": application.vacancy.work_place or application.vacancy.employer.address}


def _planned(request: StaffRequest, form: AppointmentForm, application: Application | None) -> bool:
    meeting = form.save(commit=False)
    try:
        services.plan(meeting, by=request.user, application=application)
    except StepRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Janji tersimpan dan orangnya dikabari."))
    return True


@require_POST
@permission_required("jobseekers.change_appointment", raise_exception=True)
def appointment_settle(request: StaffRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Appointment.objects.visible_to(request.user).select_related("job_seeker"), pk=pk)
    form = OutcomeForm(request.POST)
    if form.is_valid() and meeting.settle(form.cleaned_data["state"]):
        people.note(
            meeting.job_seeker, by=request.user, action=DataAccess.Action.CHANGE, reason=gettext_lazy("janji temu")
        )
        messages.success(request, _("Tercatat."))
    else:
        messages.error(request, _("Janji ini sudah dicatat sebelumnya. Muat ulang halaman ini."))
    return redirect("appointment_list")


# --- Talent lists ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@permission_required("jobseekers.view_talentlist", raise_exception=True)
def talent_lists(request: StaffRequest) -> HttpResponse:
    """All lists, and the form that makes one."""
    may_add = request.user.has_perm("jobseekers.add_talentlist")
    if request.method == "POST" and not may_add:
        raise PermissionDenied
    form = TalentListForm(request.POST or None, instance=TalentList(created_by=request.user))
    if request.method == "POST":
        if earlier := form.earlier_entry():
            return redirect("talent_list", earlier.pk)
        if form.is_valid():
            return redirect("talent_list", form.save_once().pk)
    rows = TalentList.objects.visible_to(request.user).with_sizes().select_related("employer", "vacancy")
    context = {"lists": rows, "form": form if may_add else None}
    return render(request, "jobseekers/referral/talent_lists.html", context, status=400 if form.errors else 200)


@require_safe
@permission_required("jobseekers.view_talentlist", raise_exception=True)
def talent_list(request: StaffRequest, pk: int) -> HttpResponse:
    """Who is on the list, with names and work but without numbers and addresses; restricted people are left out."""
    shown = get_object_or_404(TalentList.objects.visible_to(request.user).select_related("employer", "vacancy"), pk=pk)
    usable = JobSeeker.objects.visible_to(request.user).usable()
    entries = shown.entries.filter(job_seeker__in=usable).select_related(
        "job_seeker__education", "job_seeker__occupation", "job_seeker__region"
    )
    context = {
        "talent_list": shown, "entries": entries, "may_edit": request.user.has_perm("jobseekers.change_talentlist"),
    }  # fmt: skip
    return render(request, "jobseekers/referral/talent_list.html", context)


@require_POST
@permission_required("jobseekers.change_talentlist", raise_exception=True)
def talent_list_add(request: StaffRequest, pk: int) -> HttpResponse:
    """This person onto the chosen list."""
    person = get_object_or_404(JobSeeker.objects.editable_by(request.user).usable(), pk=pk)
    form = TalentEntryForm(request.POST)
    if form.is_valid():
        TalentListEntry.objects.get_or_create(talent_list=form.cleaned_data["talent_list"], job_seeker=person)
        people.note(
            person, by=request.user, action=DataAccess.Action.CHANGE, reason=gettext_lazy("memasukkan ke daftar bakat")
        )
        messages.success(request, _("Masuk daftar."))
    else:
        messages.error(request, _("Pilih daftarnya dulu."))
    return redirect(person)


@require_POST
@permission_required("jobseekers.change_talentlist", raise_exception=True)
def talent_list_remove(request: StaffRequest, pk: int, person: int) -> HttpResponse:
    shown = get_object_or_404(TalentList.objects.visible_to(request.user), pk=pk)
    shown.entries.filter(job_seeker=person).delete()
    messages.success(request, _("Keluar dari daftar."))
    return redirect("talent_list", pk)
