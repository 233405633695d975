"""Staff: applications and their steps, proposing somebody, letters of introduction."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from accounts.models import DataAccess, User
from canvassing.models import Vacancy
from canvassing.paging import keyset
from jobseekers.filters import ApplicationFilter
from jobseekers.forms.referral import LetterForm, ReasonForm
from jobseekers.models import Application, Appointment, JobSeeker, Placement, Referral, TalentList
from jobseekers.models.applications import TRANSITIONS, StepRefused
from jobseekers.services import applications as services
from jobseekers.services import people, referrals

State = Application.State


def panel(person: JobSeeker, user: User) -> dict[str, Any]:
    """The context of `jobseekers/referral/_panel.html`: what staff see of one person."""
    mine = Application.objects.visible_to(user).filter(job_seeker=person).select_related("vacancy", "reason")
    context: dict[str, Any] = {
        "referral_panel": True,
        "applications": mine,
        "placements": Placement.objects.visible_to(user).filter(job_seeker=person).select_related("employer"),
        "may_process": person.restricted_at is None and person.state == JobSeeker.State.COMPLETE,
    }
    if user.has_perm("jobseekers.view_appointment"):
        context["appointments"] = Appointment.objects.visible_to(user).filter(job_seeker=person).order_by("-begins_at")
    if user.has_perm("jobseekers.view_talentlist"):
        lists = TalentList.objects.visible_to(user)
        context["talent_lists"] = lists.filter(entries__job_seeker=person)
        context["other_lists"] = lists.exclude(entries__job_seeker=person)
    return context


@require_safe
@permission_required("jobseekers.view_application", raise_exception=True)
def application_list(request: StaffRequest) -> HttpResponse:
    rows = Application.objects.visible_to(request.user).select_related("job_seeker", "vacancy", "referral")
    filtered = ApplicationFilter(request.GET, rows.defer("vacancy__search"))
    found = keyset(request, filtered.qs, ("-created_at", "-pk"))
    rates = services.answer_rates({row.vacancy.employer_id for row in found.rows})
    for row in found.rows:
        row.rate = rates.get(row.vacancy.employer_id)
    context = {"filter": filtered, "found": found, "today": timezone.localdate()}
    return render(request, "jobseekers/referral/list.html", context)


def _one(request: StaffRequest, pk: int) -> Application:
    rows = Application.objects.visible_to(request.user).select_related(
        "job_seeker__education", "job_seeker__user", "vacancy__employer", "referral", "reason", "created_by"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@permission_required("jobseekers.view_application", raise_exception=True)
def application_detail(request: StaffRequest, pk: int) -> HttpResponse:
    application = _one(request, pk)
    people.note(application.job_seeker, by=request.user, action=DataAccess.Action.VIEW, reason=gettext_lazy("lamaran"))
    return _page(request, application)


def _page(
    request: StaffRequest, application: Application, *, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    steps = {end for start, end in TRANSITIONS if start == application.state}
    rates = services.answer_rates({application.vacancy.employer_id})
    context = {
        "application": application,
        "log": application.log.select_related("actor"),
        "appointments": application.appointments.select_related("officer"),
        "placement": Placement.objects.filter(application=application).first(),
        "steps": steps,
        "may_step": request.user.has_perm("jobseekers.change_application"),
        "reason_form": form or ReasonForm(),
        "rate": rates.get(application.vacancy.employer_id),
        "today": timezone.localdate(),
    }
    return render(request, "jobseekers/referral/detail.html", context, status=status)


@require_POST
@permission_required("jobseekers.change_application", raise_exception=True)
def application_step(request: StaffRequest, pk: int) -> HttpResponse:
    """What the employer has told the office: accepted, invited (time still open), not accepted; or the person gave up.

    The word in `step` is a state.
    """
    application, step = _one(request, pk), request.POST.get("step", "")
    form = ReasonForm(request.POST) if step == State.REJECTED else None
    if form is not None and not form.is_valid():
        return _page(request, application, form=form, status=400)
    try:
        if form is not None:
            services.reject(application, by=request.user, **form.cleaned_data)
        elif step == State.ACCEPTED:
            services.accept(application, by=request.user)
        elif step == State.INVITED:
            services.invite(application, by=request.user)
        elif step == State.WITHDRAWN:
            services.withdraw(application, by=request.user)
        else:
            return _page(request, application, status=400)
    except StepRefused as refused:
        messages.error(request, str(refused))
        return _page(request, _one(request, pk), status=409)
    people.note(
        application.job_seeker, by=request.user, action=DataAccess.Action.CHANGE, reason=gettext_lazy("lamaran")
    )
    messages.success(request, _("Tercatat: %(state)s.") % {"state": application.get_state_display()})
    return redirect("application_detail", pk)


@require_http_methods(["GET", "POST"])
@permission_required("jobseekers.add_application", raise_exception=True)
def application_propose(request: StaffRequest, pk: int) -> HttpResponse:
    """Find an open vacancy by number, work or employer, and propose the person for it."""
    person = get_object_or_404(JobSeeker.objects.editable_by(request.user), pk=pk)
    open_ones = Vacancy.objects.visible_to(request.user).open()
    if request.method == "POST":
        chosen = request.POST.get("vacancy", "")
        vacancy = get_object_or_404(open_ones, pk=chosen if chosen.isdecimal() else 0)
        try:
            application = services.apply(person, vacancy, way=Application.Way.OFFICE, by=request.user)
        except StepRefused as refused:
            messages.error(request, str(refused))
            return redirect(person)
        messages.success(request, _("%(name)s diusulkan.") % {"name": person.name})
        return redirect("application_detail", application.pk)
    typed = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    context = {"person": person, "typed": typed, "vacancies": _named(open_ones, typed)}
    return render(request, "jobseekers/referral/propose.html", context)


def _named(vacancies: Any, typed: str) -> Any:
    found = vacancies.select_related("region").defer("search").newest_first()
    number = typed.upper().removeprefix("LK-").split("-")[-1]
    if number.isdecimal() and len(number) < 12:
        return found.filter(pk=int(number))
    return found.filter(Q(title__icontains=typed) | Q(employer_name__icontains=typed))[:20]


# --- Letters ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@permission_required("jobseekers.change_application", raise_exception=True)
def referral_new(request: StaffRequest, pk: int) -> HttpResponse:
    """The letter for one vacancy: choose people, look at it, issue it."""
    vacancy = get_object_or_404(Vacancy.objects.visible_to(request.user).select_related("employer"), pk=pk)
    choices = referrals.choices(vacancy)
    allowed = {each.application.pk: each.application for each in choices if not each.obstacle}
    form = LetterForm(
        request.POST if request.method == "POST" else None,
        allowed=list(allowed), to=referrals.addressee(vacancy.employer),
    )  # fmt: skip
    valid = request.method == "POST" and form.is_valid()
    if valid and "issue" in request.POST and (referral := _issued(request, vacancy, form, allowed)):
        return redirect("referral_detail", referral.pk)
    ticked = set(form.cleaned_data["applications"]) if valid else {_number(each) for each in _asked(request, allowed)}
    context = {
        "vacancy": vacancy,
        "choices": choices,
        "form": form,
        "ticked": ticked,
        "preview": [allowed[key] for key in sorted(ticked)] if valid else [],
        "rate": services.answer_rates({vacancy.employer_id}).get(vacancy.employer_id),
        "most": referrals.MOST,
    }
    bad = request.method == "POST" and ("issue" in request.POST or not valid)
    return render(request, "jobseekers/referral/letter_form.html", context, status=400 if bad else 200)


def _asked(request: StaffRequest, allowed: dict[int, Application]) -> list[str]:
    if request.method == "POST":
        return request.POST.getlist("applications")
    one = request.GET.get("lamaran", "")
    return [one] if one else [str(key) for key in allowed]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _issued(
    request: StaffRequest, vacancy: Vacancy, form: LetterForm, allowed: dict[int, Application]
) -> Referral | None:
    given = form.cleaned_data
    try:
        referral, left_out = referrals.issue(
            vacancy,
            [allowed[key] for key in given["applications"]],
            by=request.user, to=given["to"], answer_by=given["answer_by"], note=given["note"],
        )  # fmt: skip
    except StepRefused as refused:
        form.add_error(None, str(refused))
        return None
    for each in left_out:
        facts = {"name": each.application.job_seeker.name, "why": each.obstacle}
        messages.warning(request, _("%(name)s tidak ikut: %(why)s.") % facts)
    messages.success(request, _("Surat %(number)s terbit. Cetak, atau kirim tautannya.") % {"number": referral.number})
    return referral


@require_safe
@permission_required("jobseekers.view_application", raise_exception=True)
def referral_detail(request: StaffRequest, pk: int) -> HttpResponse:
    referral = _letter(request, pk)
    named = referral.applications.select_related("job_seeker", "reason")
    context = {
        "referral": referral,
        "applications": named,
        "address": services.employer_address(referral),
        "rate": services.answer_rates({referral.vacancy.employer_id}).get(referral.vacancy.employer_id),
        "today": timezone.localdate(),
    }
    return render(request, "jobseekers/referral/letter.html", context)


def _letter(request: StaffRequest, pk: int) -> Referral:
    letters = Referral.objects.visible_to(request.user).select_related("vacancy__employer", "issued_by")
    return get_object_or_404(letters, pk=pk)


@require_safe
@permission_required("jobseekers.change_application", raise_exception=True)
def referral_print(request: StaffRequest, pk: int) -> HttpResponse:
    """The PDF, under a name that says nothing about anybody."""
    referral = _letter(request, pk)
    for each in referral.applications.select_related("job_seeker"):
        people.note(
            each.job_seeker,
            by=request.user,
            action=DataAccess.Action.PRINT,
            reason=gettext_lazy("mencetak surat pengantar"),
        )
    headers = {"Content-Disposition": 'attachment; filename="surat-pengantar.pdf"'}
    return HttpResponse(referrals.letter_pdf(referral), content_type="application/pdf", headers=headers)
