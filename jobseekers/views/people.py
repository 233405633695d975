"""Staff: the list of people, one person, registration at the desk and by schools, NIK, papers."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import StaffRequest
from accounts.models import DataAccess
from canvassing.conflict import Conflict, Difference, compare
from canvassing.paging import keyset
from jobseekers.filters import JobSeekerFilter
from jobseekers.forms.people import (
    ConsentForm,
    DeskForm,
    DisabilityForm,
    ExperienceFormSet,
    FindByNikForm,
    RevealForm,
)
from jobseekers.models import Document, JobSeeker
from jobseekers.services import documents, people
from jobseekers.views.applications import panel as referral_panel
from jobseekers.views.cards import panel as card_panel
from jobseekers.views.data_requests import panel as request_panel
from jobseekers.views.matching import panel as match_panel
from jobseekers.views.merging import panel as twin_panel


@require_GET
@permission_required("jobseekers.view_jobseeker", raise_exception=True)
def job_seeker_list(request: StaffRequest) -> HttpResponse:
    rows = JobSeeker.objects.visible_to(request.user).alive().select_related("region", "education", "occupation")
    filtered = JobSeekerFilter(request.GET, rows)
    found = keyset(request, filtered.qs, ("-updated_at", "-pk"))
    return render(request, "jobseekers/people/list.html", {"filter": filtered, "found": found, "find": FindByNikForm()})


@require_POST
@permission_required("jobseekers.find_by_nik", raise_exception=True)
def job_seeker_find(request: StaffRequest) -> HttpResponse:
    """By the whole NIK, which therefore never stands in an address."""
    form = FindByNikForm(request.POST)
    if form.is_valid():
        try:
            person = people.find_by_nik(form.cleaned_data["nik"], by=request.user)
        except people.TooMany as refused:
            messages.error(request, str(refused))
        else:
            if person is not None:
                return redirect(person)
            messages.warning(request, _("Tidak ada pencari kerja dengan NIK itu."))
    else:
        messages.error(request, " ".join(str(error) for error in form.errors["nik"]))
    return redirect("job_seeker_list")


@require_GET
@permission_required("jobseekers.view_jobseeker", raise_exception=True)
def job_seeker_detail(request: StaffRequest, pk: int) -> HttpResponse:
    shown = JobSeeker.objects.visible_to(request.user).exclude(state=JobSeeker.State.ERASED)
    person = get_object_or_404(
        shown.select_related("region", "education", "occupation", "school_centre", "merged_into", "created_by"), pk=pk
    )
    if person.merged_into:
        return redirect(person.merged_into)
    people.note(person, by=request.user, action=DataAccess.Action.VIEW)
    context = {
        "person": person,
        "may_edit": JobSeeker.objects.editable_by(request.user).filter(pk=pk).exists(),
        "experiences": person.experiences.all(),
        "consents": person.consents.filter(withdrawn_at=None),
        "events": person.register_events.select_related("reason"),
        "missing": [DeskForm.NEEDED.get("nik" if name == "nik_index" else name, "") for name in person.missing()],
    }
    if request.user.has_perm("jobseekers.view_disability"):
        context["disability"] = getattr(person, "disability", None)
    if request.user.has_perm("jobseekers.view_registrationcard"):
        context |= card_panel(person, request.user)
    if request.user.has_perm("jobseekers.view_application"):
        context |= referral_panel(person, request.user)
    if person.state == JobSeeker.State.COMPLETE:
        context |= match_panel(person, request.user)
    if request.user.has_perm("jobseekers.view_datarequest"):
        context |= request_panel(person, request.user) | twin_panel(person, request.user)
    if request.user.has_perm("jobseekers.view_document"):
        context["checklist"] = documents.checklist(person)
    return render(request, "jobseekers/people/detail.html", context)


@require_POST
@permission_required("jobseekers.change_jobseeker", raise_exception=True)
def job_seeker_heard_of(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody has spoken to the person, so the record is kept."""
    person = get_object_or_404(JobSeeker.objects.editable_by(request.user), pk=pk)
    person.touch()
    people.note(person, by=request.user, action=DataAccess.Action.CHANGE, reason=gettext_lazy("masih ada kabar"))
    messages.success(request, _("Tercatat. Datanya tetap disimpan."))
    return redirect(person)


@require_http_methods(["GET", "POST"])
@permission_required("jobseekers.add_jobseeker", raise_exception=True)
def job_seeker_new(request: StaffRequest) -> HttpResponse:
    """From the interview at the desk, or by a school for its graduate."""
    at_school = not request.user.has_perm("jobseekers.issue_card")
    via = JobSeeker.Via.BKK if at_school else JobSeeker.Via.DESK
    return _edit(request, JobSeeker(via=via, created_by=request.user))


@require_http_methods(["GET", "POST"])
@permission_required("jobseekers.change_jobseeker", raise_exception=True)
def job_seeker_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(JobSeeker.objects.editable_by(request.user), pk=pk))


def _edit(request: StaffRequest, person: JobSeeker) -> HttpResponse:
    parts = _parts(request, person)
    form: DeskForm = parts["form"]
    twins: list[JobSeeker] = []
    conflicts: list[Difference] = []
    if request.method == "POST":
        if person._state.adding and (earlier := form.earlier_entry()):
            return redirect(earlier)
        valid = [part.is_valid() for part in parts.values()]  # all of them, so that every error is told at once
        if all(valid) and not (twins := form.twins()):
            adding = person._state.adding
            try:
                saved = form.save_person(then=lambda person: _save_rest(request, person, parts))
            except Conflict:
                stored = DeskForm(instance=JobSeeker.objects.get(pk=person.pk), by=request.user)
                conflicts = compare(form, stored)
            else:
                if saved is not None:
                    return _saved(request, saved, form, adding=adding)
    context = {**parts, "person": person, "twins": twins, "conflicts": conflicts}
    status = 409 if conflicts else 400 if request.method == "POST" else 200
    return render(request, "jobseekers/people/form.html", context, status=status)


def _parts(request: StaffRequest, person: JobSeeker) -> dict[str, Any]:
    """The forms of the page. Disability is specific data: only for who may see it."""
    data = request.POST if request.method == "POST" else None
    parts = {
        "form": DeskForm(data, instance=person, by=request.user),
        "experiences": ExperienceFormSet(data, instance=person, prefix="experience"),
        "consents": ConsentForm(data, person=person),
    }
    if request.user.has_perm("jobseekers.view_disability"):
        parts["disability"] = DisabilityForm(data, person=person)
    return parts


def _save_rest(request: StaffRequest, person: JobSeeker, parts: dict[str, Any]) -> None:
    parts["experiences"].instance = person
    parts["experiences"].save()
    if "disability" in parts:
        people.note_disability(person, **parts["disability"].cleaned_data)
    people.agree(person, **parts["consents"].agreed, channel=person.via, by=request.user)
    people.complete(person)
    people.note(person, by=request.user, action=DataAccess.Action.CHANGE)


def _saved(request: StaffRequest, person: JobSeeker, form: DeskForm, *, adding: bool) -> HttpResponse:
    for warning in form.nik_warnings():
        messages.warning(request, warning)
    done = _("%(name)s terdaftar.") if adding else _("Data %(name)s tersimpan.")
    messages.success(request, done % {"name": person.name})
    return redirect(person)


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required("jobseekers.reveal_nik", raise_exception=True)
@reauthentication_required
def nik_reveal(request: StaffRequest, pk: int) -> HttpResponse:
    """The whole NIK, shown once and never in an address; the person can read who looked and why."""
    person = get_object_or_404(JobSeeker.objects.visible_to(request.user).alive().exclude(nik_cipher=None), pk=pk)
    form, number = RevealForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            number = people.reveal_nik(person, by=request.user, reason=form.cleaned_data["reason"])
        except people.TooMany as refused:
            form.add_error(None, str(refused))
    context = {"person": person, "form": form, "number": number}
    return render(request, "jobseekers/people/nik.html", context, status=400 if form.errors else 200)


@require_POST
@permission_required("jobseekers.change_jobseeker", raise_exception=True)
def documents_seen(request: StaffRequest, pk: int) -> HttpResponse:
    """The checklist of the counter: which originals were looked at."""
    person = get_object_or_404(JobSeeker.objects.editable_by(request.user), pk=pk)
    documents.mark_seen(person, set(request.POST.getlist("kind")), by=request.user)
    messages.success(request, _("Daftar berkas tersimpan."))
    return redirect(person)


@require_GET
@never_cache
def document_file(request: StaffRequest, key: str) -> FileResponse:
    """A private file, for its owner and for staff who may see papers; what staff open is written down."""
    allowed = Document.objects.filter(job_seeker__in=JobSeeker.objects.visible_to(request.user)).exclude(file="")
    document = get_object_or_404(allowed.select_related("job_seeker"), key=key)
    own = document.job_seeker.user_id == request.user.pk
    if not own and not request.user.has_perm("jobseekers.view_document"):
        raise Http404
    people.note(document.job_seeker, by=request.user, action=DataAccess.Action.OPEN_FILE, reason=str(document.kind))
    extension = "pdf" if document.media_type == "application/pdf" else "jpg"
    is_picture = extension == "jpg"
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=not is_picture,
        filename=f"{document.kind_id}.{extension}",
        content_type=document.media_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
