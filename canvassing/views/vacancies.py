"""Vacancies in the staff workspace: list, record, entry form, and the steps of their life."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import StaffRequest
from canvassing import wording
from canvassing.conflict import Conflict, claim, differences
from canvassing.filters import VacancyFilter
from canvassing.forms import EndForm, FindingForm, ReasonForm, VacancyForm
from canvassing.models import Employer, Vacancy, VacancyReport, Visit
from canvassing.models.vacancies import TransitionRefused
from canvassing.paging import keyset


@require_GET
@permission_required("canvassing.view_vacancy", raise_exception=True)
def staff_vacancy_list(request: StaffRequest) -> HttpResponse:
    vacancies = Vacancy.objects.visible_to(request.user).select_related("created_by").defer("search")
    filtered = VacancyFilter(request.GET, vacancies)
    context = {"filter": filtered, "found": keyset(request, filtered.qs, ("-updated_at", "-pk"))}
    return render(request, "canvassing/staff_vacancy_list.html", context)


@require_GET
@permission_required("canvassing.view_vacancy", raise_exception=True)
def staff_vacancy_detail(request: StaffRequest, pk: int) -> HttpResponse:
    vacancies = Vacancy.objects.visible_to(request.user).select_related(
        "employer", "visit", "school_centre", "created_by", "published_by", "occupation", "relisted_from"
    )
    vacancy = get_object_or_404(vacancies, pk=pk)
    context = {
        "vacancy": vacancy,
        "log": vacancy.log.select_related("actor"),
        "facts": vacancy.required_facts(),
        "warnings": wording.warnings(vacancy),
        "employer_words": wording.marked(vacancy.employer_words),
        "may_edit": Vacancy.objects.editable_by(request.user).filter(pk=pk).exists(),
        "may_steer": request.user.has_perm("canvassing.change_vacancy"),
        "reason_form": ReasonForm(),
        "end_form": EndForm(),
    }
    if request.user.has_perm("canvassing.view_vacancyreport"):
        reports = VacancyReport.objects.visible_to(request.user).waiting().filter(vacancy=vacancy)
        context |= {"reports": reports[:20], "finding_form": FindingForm(auto_id=False)}
    return render(request, "canvassing/staff_vacancy_detail.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("canvassing.add_vacancy", raise_exception=True)
def vacancy_new(request: StaffRequest) -> HttpResponse:
    """Start from a visit (?kunjungan=), from an employer (?perusahaan=), or from nothing."""
    vacancy = Vacancy(created_by=request.user, state=Vacancy.State.DRAFT)
    initial: dict[str, Any] = {}
    if (visit_pk := request.GET.get("kunjungan", "")).isdecimal():
        visit = get_object_or_404(Visit.objects.visible_to(request.user).select_related("employer"), pk=visit_pk)
        vacancy.employer, vacancy.visit = visit.employer, visit
        initial = {"source": Vacancy.Source.VISIT, "contact": visit.person_met, "region": visit.employer.region_id}
    elif (employer_pk := request.GET.get("perusahaan", "")).isdecimal():
        vacancy.employer = get_object_or_404(Employer.objects.visible_to(request.user), pk=employer_pk)
        initial = {"region": vacancy.employer.region_id}
    return _edit(request, vacancy, initial)


@require_http_methods(["GET", "POST"])
@permission_required("canvassing.change_vacancy", raise_exception=True)
def vacancy_edit(request: StaffRequest, pk: int) -> HttpResponse:
    vacancies = Vacancy.objects.editable_by(request.user).select_related("employer")
    return _edit(request, get_object_or_404(vacancies, pk=pk), {})


def _edit(request: StaffRequest, vacancy: Vacancy, initial: dict[str, Any]) -> HttpResponse:
    form = VacancyForm(request.POST or None, instance=vacancy, user=request.user, initial=initial)
    if request.method == "POST":
        if vacancy._state.adding and (earlier := form.earlier_entry()):
            return redirect("staff_vacancy_detail", earlier.pk)
        if form.is_valid():
            try:
                saved = _save(form, request)
            except Conflict:
                return _conflict_page(request, form)
            except IntegrityError:  # the same form arrived twice at the same moment
                if earlier := form.earlier_entry():
                    return redirect("staff_vacancy_detail", earlier.pk)
                raise
            return redirect("staff_vacancy_detail", saved.pk)
    return render(request, "canvassing/vacancy_form.html", _form_context(form), status=400 if form.errors else 200)


def _save(form: VacancyForm, request: StaffRequest) -> Vacancy:
    """Save and, when asked, submit, in one transaction. Raises Conflict if somebody saved in between."""
    adding, vacancy = form.instance._state.adding, form.instance
    with transaction.atomic():
        if not adding:
            claim(vacancy, form.cleaned_data["version"])
        saved = form.save()
        if saved.state == Vacancy.State.LEAD:
            saved.take_up(by=request.user)
        if form.submitting and saved.state == Vacancy.State.DRAFT:
            saved.submit(by=request.user)
            messages.success(request, _("Lowongan dikirim ke pemeriksaan. Rekan lain yang memeriksa dan menerbitkan."))
        else:
            messages.success(request, _("Lowongan tersimpan."))
    return saved


def _form_context(form: VacancyForm) -> dict[str, Any]:
    told = "\n".join(
        str(form[name].value() or "") for name in ("title", "employer_words", "description", "requirements")
    )
    vacancy = form.instance
    title, employer_name = (str(form[name].value() or "") for name in ("title", "employer_name"))
    duplicates = (
        Vacancy.objects.visible_to(form.user)
        .possible_duplicates(employer_name=employer_name, title=title, besides=vacancy.pk)
        .defer("search")[:3]
    )
    return {"form": form, "vacancy": vacancy, "findings": wording.find(told), "duplicates": duplicates}


def _conflict_page(request: StaffRequest, form: VacancyForm) -> HttpResponse:
    stored = Vacancy.objects.visible_to(request.user).get(pk=form.instance.pk)
    context = {
        "vacancy": stored,
        "rows": differences(form, VacancyForm(instance=stored, user=form.user)),
        "posted": [(name, value) for name, values in request.POST.lists() for value in values
                   if name not in {"csrfmiddlewaretoken", "version"}],
        "changed_by": stored.log.select_related("actor").first(),
    }  # fmt: skip
    return render(request, "canvassing/conflict.html", context, status=409)


def _steerable(request: StaffRequest, pk: int) -> Vacancy:
    return get_object_or_404(Vacancy.objects.visible_to(request.user), pk=pk)


@require_POST
@permission_required("canvassing.publish_vacancy", raise_exception=True)
def vacancy_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _step(request, pk, lambda vacancy: vacancy.withdraw(by=request.user, reason=reason), _("Lowongan ditarik."))


@require_POST
@permission_required("canvassing.change_vacancy", raise_exception=True)
def vacancy_fill(request: StaffRequest, pk: int) -> HttpResponse:
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Pilih jawaban pemberi kerja dulu."))
        return redirect("staff_vacancy_detail", pk)
    answer = form.cleaned_data
    return _step(
        request,
        pk,
        lambda vacancy: vacancy.fill(
            by=request.user, answer=answer["answer"], female=answer["female"], male=answer["male"]
        ),
        _("Jawaban pemberi kerja dicatat, lowongan ditutup."),
    )


@require_POST
@permission_required("canvassing.add_vacancy", raise_exception=True)
def vacancy_relist(request: StaffRequest, pk: int) -> HttpResponse:
    vacancy = _steerable(request, pk)
    try:
        copy = vacancy.relist(by=request.user)
    except TransitionRefused as refused:
        messages.error(request, str(refused))
        return redirect("staff_vacancy_detail", pk)
    messages.success(request, _("Konsep baru dibuat dari lowongan lama. Pastikan lagi faktanya."))
    return redirect("vacancy_edit", copy.pk)


def _step(request: StaffRequest, pk: int, take: Any, done: str) -> HttpResponse:
    """Take one step of a vacancy's life; a refusal is told in words."""
    try:
        take(_steerable(request, pk))
    except TransitionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("staff_vacancy_detail", pk)
