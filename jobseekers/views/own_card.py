"""The AK/I card for its holder, and what the QR code on it tells everybody."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from jobseekers import card_mail
from jobseekers.forms.cards import ReportForm
from jobseekers.models import JobSeeker, PeriodicReport, RegistrationCard
from jobseekers.services import cards as services
from jobseekers.services.cards import CardRefused
from jobseekers.views.cards import panel, pdf_response
from jobseekers.views.registering import register_first

Via = PeriodicReport.Via


def _own_record(request: StaffRequest) -> JobSeeker:
    return get_object_or_404(JobSeeker.objects.of(request.user))


def _own_card(request: StaffRequest) -> RegistrationCard:
    return get_object_or_404(_own_record(request).cards.standing())


@require_safe
def card(request: StaffRequest) -> HttpResponse:
    person = JobSeeker.objects.of(request.user).first()
    if person is None and not request.user.is_office_staff:
        return register_first(request)
    return render(request, "jobseekers/cards/card.html", panel(person or _own_record(request), request.user))


@require_POST
def card_ask(request: StaffRequest) -> HttpResponse:
    try:
        services.request(_own_record(request), request.user)
    except CardRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Permintaan kartu diterima. Kami periksa, lalu memberi kabar lewat e-mail."))
    return redirect("card")


@require_http_methods(["GET", "HEAD", "POST"])
def card_report(request: StaffRequest) -> HttpResponse:
    """Three buttons; each is the whole report."""
    own = _own_card(request)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.report(own, form.cleaned_data["answer"], Via.PAGE, request.user)
        except CardRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Terima kasih, laporan Anda sudah masuk."))
        return redirect("card")
    return _report_page(request, own, own.next_report(), status=400 if request.method == "POST" else 200)


def _report_page(
    request: HttpRequest, card: RegistrationCard, row: PeriodicReport | None, status: int = 200
) -> HttpResponse:
    return render(request, "jobseekers/cards/report.html", {"card": card, "row": row}, status=status)


@require_safe
def card_download(request: StaffRequest) -> HttpResponse:
    return pdf_response(_own_card(request))


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def card_report_link(request: HttpRequest, token: str) -> HttpResponse:
    """From a letter: the link shows the buttons, only a button reports, because mail scanners open every link."""
    try:
        key = card_mail.read_report_token(token)
    except signing.BadSignature:
        return _link_page(request, "broken", status=404)
    row = PeriodicReport.objects.select_related("card__job_seeker").filter(pk=key).first()
    if row is None:
        return _link_page(request, "broken", status=404)
    if row.reported_on:
        return _link_page(request, "reported", status=410)
    if not row.card.is_standing:
        return _link_page(request, "over", status=410)
    form = ReportForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _report_page(request, row.card, row, status=400 if request.method == "POST" else 200)
    try:
        services.report(row.card, form.cleaned_data["answer"], Via.MESSAGE, row=row)
    except CardRefused:
        return _link_page(request, "reported", status=410)
    return _link_page(request, form.cleaned_data["answer"])


def _link_page(request: HttpRequest, outcome: str, status: int = 200) -> HttpResponse:
    return render(request, "jobseekers/cards/report_link.html", {"outcome": outcome}, status=status)


@require_safe
@login_not_required
@never_cache
def check(request: HttpRequest, token: UUID) -> HttpResponse:
    """Whether a card is valid, and nothing about whose it is."""
    states = (RegistrationCard.State.ISSUED, RegistrationCard.State.ENDED)
    found = RegistrationCard.objects.filter(token=token, state__in=states).first()
    response = render(request, "jobseekers/cards/check.html", {"card": found}, status=200 if found else 404)
    response["X-Robots-Tag"] = "noindex"
    return response
