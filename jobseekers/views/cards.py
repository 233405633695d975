"""AK/I cards at the desk: the queue of requests, the decision, reports, the print."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import StaffRequest
from accounts.models import DataAccess, User
from canvassing.paging import keyset
from jobseekers import prints
from jobseekers.forms.cards import CardFilter, IssueForm, RefusalForm, ReportForm
from jobseekers.models import CardSettings, JobSeeker, PeriodicReport, RegistrationCard
from jobseekers.services import cards as services
from jobseekers.services import documents, people
from jobseekers.services.card_print import card_pdf, check_address
from jobseekers.services.cards import CardRefused


@dataclass(frozen=True)
class CardPanel:
    """What the page of a person says about the card. `obstacle`: why none can be asked for now, "" when one can."""

    person: JobSeeker
    standing: RegistrationCard | None
    waiting: RegistrationCard | None
    last: RegistrationCard | None  # refused or no longer valid
    report: PeriodicReport | None
    days: int  # until the report is due; negative when it is late
    obstacle: str

    @property
    def qr(self) -> str:
        """The QR code of the standing card as the address of an image."""
        assert self.standing is not None
        return "data:image/svg+xml;base64," + b64encode(prints.qr(check_address(self.standing).url)).decode()


def panel(person: JobSeeker, user: User) -> dict[str, Any]:
    """The context of `jobseekers/cards/_panel.html` and `_account.html`: `card_panel`."""
    found = list(RegistrationCard.objects.visible_to(user).filter(job_seeker=person))
    standing = next((card for card in found if card.is_standing), None)
    waiting = next((card for card in found if card.state == RegistrationCard.State.REQUESTED), None)
    last = next((card for card in found if card is not standing and card is not waiting), None)
    report = standing.next_report() if standing else None
    days = report.days_left(timezone.localdate()) if report else 0
    obstacle = services.obstacle(person)
    return {"card_panel": CardPanel(person, standing, waiting, last, report, days, obstacle)}


@require_safe
@permission_required("jobseekers.view_registrationcard", raise_exception=True)
def card_list(request: StaffRequest) -> HttpResponse:
    """Without a filter: what waits for a decision, the oldest first."""
    visible, today = RegistrationCard.objects.visible_to(request.user), timezone.localdate()
    chosen = request.GET.copy()
    chosen.setdefault("state", RegistrationCard.State.REQUESTED)
    filtered = CardFilter(chosen, visible.select_related("job_seeker__region"))
    waits = chosen.get("state") == RegistrationCard.State.REQUESTED
    context = {
        "filter": filtered,
        "found": keyset(request, filtered.qs, ("requested_at", "pk") if waits else ("-requested_at", "-pk")),
        "waits": waits,
        "waiting": visible.waiting().count(),
        "late": visible.late(today).count(),
        "ending": visible.ending(today).count(),
    }
    return render(request, "jobseekers/cards/card_list.html", context)


@require_safe
@permission_required("jobseekers.view_registrationcard", raise_exception=True)
def card_detail(request: StaffRequest, pk: int) -> HttpResponse:
    card = _card_or_404(request, pk)
    waits = card.state == RegistrationCard.State.REQUESTED
    reason = _("memeriksa permintaan kartu AK/I") if waits else _("melihat kartu AK/I")
    people.note(card.job_seeker, by=request.user, action=DataAccess.Action.VIEW, reason=reason)
    return _detail_page(request, card)


def _card_or_404(request: StaffRequest, pk: int) -> RegistrationCard:
    cards = RegistrationCard.objects.visible_to(request.user).select_related(
        "job_seeker__region", "job_seeker__education", "job_seeker__occupation", "decided_by"
    )
    return get_object_or_404(cards, pk=pk)


def _detail_page(request: StaffRequest, card: RegistrationCard, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "card": card,
        "person": card.job_seeker,
        "checklist": documents.checklist(card.job_seeker),
        "reports": card.reports.select_related("by"),
        "rules": CardSettings.current(),
        "refusal_form": RefusalForm(),
        "report_form": ReportForm(),
    }
    return render(request, "jobseekers/cards/card_detail.html", context | forms, status=status)


@require_POST
@permission_required("jobseekers.issue_card", raise_exception=True)
def card_issue(request: StaffRequest, pk: int) -> HttpResponse:
    """What was ticked as seen stays so even if the card cannot be issued yet."""
    card, form = _card_or_404(request, pk), IssueForm(request.POST)
    if form.is_valid():
        documents.see(card.job_seeker, form.cleaned_data["seen"], by=request.user)
    try:
        services.issue(card, request.user)
    except CardRefused as refused:
        return _detail_page(request, _card_or_404(request, pk), status=409, problem=str(refused))
    messages.success(request, _("Kartu terbit dengan nomor %(number)s.") % {"number": card.number})
    return redirect("card_detail", pk)


@require_POST
@permission_required("jobseekers.issue_card", raise_exception=True)
def card_refuse(request: StaffRequest, pk: int) -> HttpResponse:
    card, form = _card_or_404(request, pk), RefusalForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, card, status=400, refusal_form=form)
    try:
        services.refuse(card, request.user, form.cleaned_data["reason"])
    except CardRefused as refused:
        return _detail_page(request, _card_or_404(request, pk), status=409, problem=str(refused))
    messages.success(request, _("Permintaan ditolak. Alasannya sampai kepada pencari kerja."))
    return redirect("card_list")


@require_POST
@permission_required("jobseekers.change_registrationcard", raise_exception=True)
def card_report_desk(request: StaffRequest, pk: int) -> HttpResponse:
    card, form = _card_or_404(request, pk), ReportForm(request.POST)
    if not form.is_valid():
        return _detail_page(request, card, status=400, report_form=form)
    try:
        services.report(card, form.cleaned_data["answer"], PeriodicReport.Via.DESK, request.user)
    except CardRefused as refused:
        return _detail_page(request, card, status=409, problem=str(refused))
    messages.success(request, _("Laporan dicatat."))
    return redirect("card_detail", pk)


@require_safe
@permission_required("jobseekers.view_registrationcard", raise_exception=True)
def card_print(request: StaffRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(RegistrationCard.objects.visible_to(request.user).standing(), pk=pk)
    people.note(
        card.job_seeker, by=request.user, action=DataAccess.Action.PRINT, reason=gettext_lazy("mencetak kartu AK/I")
    )
    return pdf_response(card)


def pdf_response(card: RegistrationCard) -> HttpResponse:
    """A file whose name says nothing about the person."""
    headers = {"Content-Disposition": 'attachment; filename="kartu-ak1.pdf"'}
    return HttpResponse(card_pdf(card), content_type="application/pdf", headers=headers)


@require_POST
@permission_required("jobseekers.add_registrationcard", raise_exception=True)
def card_request_desk(request: StaffRequest, pk: int) -> HttpResponse:
    """At the desk: ask for a card for this person, and go on to the decision."""
    person = get_object_or_404(JobSeeker.objects.editable_by(request.user), pk=pk)
    try:
        card = services.request(person, request.user)
    except CardRefused as refused:
        messages.error(request, str(refused))
        return redirect(person)
    return redirect("card_detail", card.pk)
