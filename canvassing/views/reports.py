"""Reports about a published vacancy: anybody makes one, a publisher looks into it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import StaffRequest
from accounts.limits import limited
from canvassing.forms import FindingForm, ReportForm
from canvassing.models import Vacancy, VacancyReport


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@limited("report", when=lambda request: request.method == "POST")
def vacancy_report(request: HttpRequest, pk: int) -> HttpResponse:
    vacancy = get_object_or_404(Vacancy.objects.open(), pk=pk)
    form = ReportForm(request.POST or None, instance=VacancyReport(vacancy=vacancy))
    if request.method == "POST" and (form.earlier_entry() or form.is_valid()):
        if not form.earlier_entry() and not form.is_bot:
            form.save_once()
        messages.success(request, _("Terima kasih. Petugas memeriksa laporan Anda pada hari kerja."))
        return redirect(vacancy)
    context = {"form": form, "vacancy": vacancy}
    return render(request, "canvassing/vacancy_report.html", context, status=400 if form.errors else 200)


@require_POST
@permission_required("canvassing.publish_vacancy", raise_exception=True)
def vacancy_report_settle(request: StaffRequest, pk: int) -> HttpResponse:
    """The vacancy stays public. Withdrawing it settles its reports by itself."""
    report = get_object_or_404(VacancyReport.objects.visible_to(request.user), pk=pk)
    form = FindingForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["finding"][0]))
    elif report.settle(by=request.user, finding=form.cleaned_data["finding"]):
        messages.success(request, _("Laporan selesai. Lowongan tetap terbit."))
    else:
        messages.info(request, _("Laporan ini sudah diselesaikan."))
    return redirect("staff_vacancy_detail", report.vacancy_id)
