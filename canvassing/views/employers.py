from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import StaffRequest
from canvassing.filters import EmployerFilter
from canvassing.forms import ContactFormSet, EmployerForm
from canvassing.models import Employer, Vacancy, Visit
from canvassing.models.employers import name_key
from canvassing.paging import keyset


@require_GET
@permission_required("canvassing.view_employer", raise_exception=True)
def employer_list(request: StaffRequest) -> HttpResponse:
    employers = Employer.objects.visible_to(request.user).select_related("region", "industry")
    filtered = EmployerFilter(request.GET, employers)
    open_vacancies = Count("vacancies", filter=Q(vacancies__state=Vacancy.State.PUBLISHED))
    found = keyset(request, filtered.qs, ("name_key", "pk"))
    numbers = dict(
        Employer.objects.filter(pk__in=[row.pk for row in found.rows]).annotate(n=open_vacancies).values_list("pk", "n")
    )
    for row in found.rows:
        row.open_vacancies = numbers[row.pk]
    return render(request, "canvassing/employer_list.html", {"filter": filtered, "found": found})


@require_GET
@permission_required("canvassing.view_employer", raise_exception=True)
def employer_detail(request: StaffRequest, pk: int) -> HttpResponse:
    employer = get_object_or_404(
        Employer.objects.visible_to(request.user).select_related("region", "industry", "created_by"), pk=pk
    )
    context = {
        "employer": employer,
        "contacts": employer.contacts.all(),
        "visits": Visit.objects.visible_to(request.user).filter(employer=employer).select_related("officer")[:10],
        "vacancies": Vacancy.objects.visible_to(request.user).filter(employer=employer).order_by("-updated_at")[:20],
        "may_edit": Employer.objects.editable_by(request.user).filter(pk=pk).exists(),
    }
    return render(request, "canvassing/employer_detail.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("canvassing.add_employer", raise_exception=True)
def employer_new(request: StaffRequest) -> HttpResponse:
    return _edit(request, Employer(created_by=request.user))


@require_http_methods(["GET", "POST"])
@permission_required("canvassing.change_employer", raise_exception=True)
def employer_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Employer.objects.editable_by(request.user), pk=pk))


def _edit(request: StaffRequest, employer: Employer) -> HttpResponse:
    form = EmployerForm(request.POST or None, instance=employer)
    contacts = ContactFormSet(request.POST or None, instance=employer)
    if request.method == "POST":
        if employer._state.adding and (earlier := form.earlier_entry()):
            return redirect("employer_detail", earlier.pk)
        if all([form.is_valid(), contacts.is_valid()]):  # both, so that every error is told at once
            saved = form.save_once(then=lambda _saved: contacts.save())
            messages.success(request, _("%(name)s tersimpan.") % {"name": saved.name})
            return redirect("employer_detail", saved.pk)
    alike = Employer.objects.named_like(form["name"].value() or "-").exclude(pk=employer.pk)[:3]
    context = {"form": form, "contacts": contacts, "employer": employer, "alike": alike}
    return render(request, "canvassing/employer_form.html", context, status=400 if request.method == "POST" else 200)


@require_GET
@permission_required("canvassing.change_vacancy", raise_exception=True)
def employer_names(request: StaffRequest) -> HttpResponse:
    """Names that begin like the typed one, as <option>s for the form's datalist. Names alone are no secret."""
    typed = request.GET.get("employer_name", "").strip()
    names: list[str] = []
    if len(typed) >= 2:
        by_key = Q(name_key__startswith=name_key(typed)) | Q(name__icontains=typed)
        names = list(Employer.objects.filter(by_key).values_list("name", flat=True)[:8])
    return render(request, "canvassing/_employer_names.html", {"names": names})
