from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import StaffRequest
from canvassing.filters import VisitFilter
from canvassing.forms import VisitForm
from canvassing.models import Employer, Visit
from canvassing.paging import keyset


@require_GET
@permission_required("canvassing.view_visit", raise_exception=True)
def visit_list(request: StaffRequest) -> HttpResponse:
    visits = Visit.objects.visible_to(request.user).select_related("employer__region", "officer")
    filtered = VisitFilter(request.GET, visits, request=request)
    context = {
        "filter": filtered,
        "found": keyset(request, filtered.qs, ("-planned_for", "-pk")),
        "today": timezone.localdate(),
    }
    return render(request, "canvassing/visit_list.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("canvassing.add_visit", raise_exception=True)
def visit_new(request: StaffRequest, employer_pk: int) -> HttpResponse:
    employer = get_object_or_404(Employer.objects.visible_to(request.user), pk=employer_pk)
    return _edit(request, Visit(employer=employer, officer=request.user))


@require_GET
@permission_required("canvassing.view_visit", raise_exception=True)
def visit_detail(request: StaffRequest, pk: int) -> HttpResponse:
    visits = Visit.objects.visible_to(request.user).select_related("employer__region", "officer")
    visit = get_object_or_404(visits, pk=pk)
    context = {
        "visit": visit,
        "vacancies": visit.vacancies.all(),
        "may_edit": Visit.objects.editable_by(request.user).filter(pk=pk).exists(),
        "today": timezone.localdate(),
    }
    return render(request, "canvassing/visit_detail.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("canvassing.change_visit", raise_exception=True)
def visit_edit(request: StaffRequest, pk: int) -> HttpResponse:
    visits = Visit.objects.editable_by(request.user).select_related("employer")
    return _edit(request, get_object_or_404(visits, pk=pk))


def _edit(request: StaffRequest, visit: Visit) -> HttpResponse:
    form = VisitForm(request.POST or None, instance=visit)
    if request.method == "POST":
        if visit._state.adding and (earlier := form.earlier_entry()):
            return redirect("visit_detail", earlier.pk)
        if form.is_valid():
            saved = form.save_once()
            messages.success(request, _("Kunjungan tersimpan."))
            if saved.outcome == Visit.Outcome.VACANCIES and "then_vacancy" in request.POST:
                return redirect(f"{reverse('vacancy_new')}?kunjungan={saved.pk}")
            return redirect("visit_detail", saved.pk)
    return render(
        request, "canvassing/visit_form.html", {"form": form, "visit": visit}, status=400 if form.errors else 200
    )


@require_POST
@permission_required("canvassing.change_visit", raise_exception=True)
def visit_next_step_done(request: StaffRequest, pk: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.editable_by(request.user).done(), pk=pk)
    visit.tick_next_step()
    messages.success(request, _("Langkah berikut selesai."))
    return redirect("visit_detail", pk)
