"""Staff: placements and the calls afterwards. Everybody with a link: how the work goes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from canvassing.paging import keyset
from jobseekers import referral_mail
from jobseekers.forms.referral import FollowUpForm, PlacementForm
from jobseekers.models import Application, FollowUp, JobSeeker, Placement
from jobseekers.models.applications import StepRefused
from jobseekers.services import placements as services
from jobseekers.services.placements import PlacementRefused

Answer = FollowUp.Answer


@require_http_methods(["GET", "POST"])
@permission_required("jobseekers.add_placement", raise_exception=True)
def placement_new(request: StaffRequest, pk: int) -> HttpResponse:
    """From an accepted application (?lamaran=), or free-standing at the desk."""
    person = get_object_or_404(JobSeeker.objects.editable_by(request.user), pk=pk)
    application = None
    if (asked := request.GET.get("lamaran", "")).isdecimal():
        mine = Application.objects.visible_to(request.user).filter(job_seeker=person, state=Application.State.ACCEPTED)
        application = get_object_or_404(mine.select_related("vacancy__employer"), pk=asked)
    form = PlacementForm(
        request.POST or None,
        instance=Placement(job_seeker=person),
        by=request.user,
        vacancy=application.vacancy if application else None,
    )
    if request.method == "POST":
        if form.earlier_entry():
            return redirect(person)
        if form.is_valid() and _placed(request, form, application):
            return redirect(person)
    others = person.applications.running().select_related("vacancy")
    context = {
        "form": form, "person": person, "application": application,
        "others": [each for each in others if each != application],
    }  # fmt: skip
    return render(request, "jobseekers/referral/placement_form.html", context, status=400 if form.errors else 200)


def _placed(request: StaffRequest, form: PlacementForm, application: Application | None) -> bool:
    try:
        placement = services.place(form.save(commit=False), by=request.user, application=application)
    except PlacementRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Penempatan tercatat: %(scope)s.") % {"scope": placement.get_scope_display()})
    return True


@require_safe
@permission_required("jobseekers.view_followup", raise_exception=True)
def follow_up_list(request: StaffRequest) -> HttpResponse:
    """Who is to be called, the longest due first; above it what is known so far."""
    rows = FollowUp.objects.visible_to(request.user).to_call()
    found = keyset(request, rows.select_related("placement__job_seeker", "placement__employer"), ("due_on", "pk"))
    context = {
        "found": found,
        "funnel": services.funnel(),
        "placed": Placement.objects.visible_to(request.user).count(),
        "answers": FollowUpForm().fields["answer"].choices,  # type: ignore[attr-defined]
        "may_record": request.user.has_perm("jobseekers.change_followup"),
        "most_calls": FollowUp.CALLS,
    }
    return render(request, "jobseekers/referral/follow_ups.html", context)


@require_POST
@permission_required("jobseekers.change_followup", raise_exception=True)
def follow_up_record(request: StaffRequest, pk: int) -> HttpResponse:
    """What was told on the telephone, or one more call that nobody answered."""
    rows = FollowUp.objects.visible_to(request.user).to_call().select_related("placement__job_seeker")
    row = get_object_or_404(rows, pk=pk)
    form = FollowUpForm(request.POST)
    if "failed" in request.POST:
        try:
            calls = services.call_failed(row, by=request.user)
        except StepRefused as refused:
            messages.error(request, str(refused))
        else:
            over = calls >= FollowUp.CALLS
            messages.success(
                request, _("Dicatat: tidak terhubungi.") if over else _("Telepon dicatat. Coba lagi nanti.")
            )
    elif not form.is_valid():
        messages.error(request, _("Pilih jawabannya dulu."))
    elif services.answer(row, form.cleaned_data["answer"], by=request.user):
        messages.success(request, _("Jawaban tersimpan."))
    else:
        messages.error(request, _("Waktunya sudah lewat; tanyakan pada tindak lanjut berikutnya."))
    return redirect("follow_up_list")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def follow_up_link(request: HttpRequest, token: str) -> HttpResponse:
    """From a letter: the link shows the buttons, only a button answers, because mail scanners open every link."""
    try:
        key = referral_mail.read_follow_up_token(token)
    except signing.BadSignature:
        return _told(request, None, "broken", status=404)
    row = FollowUp.objects.select_related("placement__employer", "placement__job_seeker").filter(pk=key).first()
    if row is None or row.placement.job_seeker.state == JobSeeker.State.ERASED:
        return _told(request, None, "broken", status=404)
    if timezone.localdate() > row.correctable_until:
        return _told(request, row, "over", status=410)
    form = FollowUpForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _told(request, row, "ask", status=400 if request.method == "POST" else 200)
    services.answer(row, form.cleaned_data["answer"])
    row.refresh_from_db()
    return _told(request, row, "kept")


def _told(request: HttpRequest, row: FollowUp | None, outcome: str, status: int = 200) -> HttpResponse:
    context = {
        "row": row,
        "outcome": outcome,
        "answers": FollowUpForm().fields["answer"].choices,  # type: ignore[attr-defined]
    }
    return render(request, "jobseekers/referral/follow_up.html", context, status=status)
