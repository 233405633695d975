"""The pieces that the office posts, reads out, hangs up or sends itself, and the proof of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from accounts.limits import limited
from announcements import outdated, reach, services
from announcements.channels import CHANNELS
from announcements.forms import CorrectionForm, LetterForm, PostingForm, ReceiptForm
from announcements.models import Announcement, Issue, LetterReceipt, PieceFile, Posting, ShortLink
from announcements.models.announcements import AUTOMATIC, ChannelKey
from canvassing.models import Vacancy
from canvassing.models.vacancies import TransitionRefused

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def _issue_or_404(request: StaffRequest, pk: int) -> Issue:
    """A piece by hand; the page and the mail are shown with their announcement."""
    issues = Issue.objects.visible_to(request.user).exclude(channel__in=AUTOMATIC)
    return get_object_or_404(issues.select_related("announcement"), pk=pk)


@require_safe
@permission_required("announcements.view_issue", raise_exception=True)
def piece_detail(request: StaffRequest, pk: int) -> HttpResponse:
    return _piece_page(request, _issue_or_404(request, pk))


def _piece_page(request: StaffRequest, issue: Issue, status: int = 200, **forms: Any) -> HttpResponse:
    channel = CHANNELS[issue.channel]
    is_letter = issue.channel == ChannelKey.LETTER
    newer = Issue.objects.filter(
        announcement=issue.announcement_id, channel=issue.channel, facts_version__gt=issue.facts_version
    )
    context = {
        "issue": issue,
        "description": channel.description(issue),
        "is_letter": is_letter,
        "is_radio": issue.channel in (ChannelKey.RADIO_30, ChannelKey.RADIO_60),
        "files": channel.file_names(issue),
        "share_url": channel.share_url(issue) if hasattr(channel, "share_url") else "",
        "too_long": channel.is_too_long(issue) if hasattr(channel, "is_too_long") else False,
        "changes": outdated.changes_of([issue])[issue.pk],
        "newer": newer.order_by("-facts_version").first(),
        "postings": [] if is_letter else _postings(issue),
        "receipts": issue.receipts.select_related("district", "noted_by") if is_letter else [],
        "letter": getattr(issue, "letter", None) if is_letter else None,
        "posting_form": forms.get("posting_form") or PostingForm(issue=issue, by=request.user),
        "letter_form": forms.get("letter_form") or LetterForm(issue=issue, by=request.user),
        "form": next(iter(forms.values()), None),
    }
    return render(request, "announcements/piece_detail.html", context, status=status)


def _postings(issue: Issue) -> list[Posting]:
    rows = issue.postings.select_related("recorded_by", "ended_by").order_by("-posted_at", "-pk")
    return list(rows)


@require_safe
@permission_required("announcements.view_issue", raise_exception=True)
def piece_file(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """The print as it was first opened; made then."""
    issue = _issue_or_404(request, pk)
    channel = CHANNELS[issue.channel]
    if name not in dict(channel.file_names(issue)):
        raise Http404
    kept = PieceFile.objects.filter(issue=issue, name=name).first()
    if kept is None:
        kept, _made = PieceFile.objects.get_or_create(
            issue=issue, name=name, defaults={"content": channel.make(issue, name)}
        )
    headers = {"Content-Disposition": f'inline; filename="{issue.announcement.number}-v{issue.facts_version}-{name}"'}
    return HttpResponse(bytes(kept.content), content_type=TYPES[name.rpartition(".")[2]], headers=headers)


@require_POST
@permission_required("announcements.add_announcement", raise_exception=True)
def piece_new(request: StaffRequest, pk: int, channel: str) -> HttpResponse:
    """A channel that was not chosen at first, or the next version of its piece."""
    announcement = get_object_or_404(Announcement.objects.visible_to(request.user), pk=pk)
    if channel not in CHANNELS or channel in AUTOMATIC:
        raise Http404
    issue = services.make_piece(announcement, channel, by=request.user)
    if issue is None:
        messages.error(request, _("Yang diumumkan sudah tidak terbuka. Turunkan keping yang masih terpasang."))
        return redirect(announcement)
    return redirect(issue)


@require_POST
@permission_required("announcements.add_posting", raise_exception=True)
@limited("upload", when=lambda request: bool(request.FILES))
def posting_new(request: StaffRequest, pk: int) -> HttpResponse:
    issue = _issue_or_404(request, pk)
    if issue.channel == ChannelKey.LETTER:
        raise Http404
    form = PostingForm(request.POST, request.FILES, issue=issue, by=request.user)
    if form.earlier_entry():
        return redirect(issue)
    if not form.is_valid():
        return _piece_page(request, issue, status=400, posting_form=form)
    form.save_once()
    messages.success(request, _("Dicatat."))
    return redirect(issue)


@require_POST
@permission_required("announcements.change_posting", raise_exception=True)
def posting_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Taken down, replaced by a new version, or no longer read."""
    posting = get_object_or_404(Posting.objects.visible_to(request.user).defer("photo").select_related("issue"), pk=pk)
    if not posting.end(by=request.user):
        messages.info(request, _("Ini sudah dicatat."))
    back = request.POST.get("back") == "list"
    return redirect("outdated_list") if back else redirect(posting.issue)


@require_safe
@permission_required("announcements.view_posting", raise_exception=True)
def posting_photo(request: StaffRequest, pk: int) -> HttpResponse:
    posting = get_object_or_404(Posting.objects.visible_to(request.user).exclude(photo=None), pk=pk)
    policy = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    return HttpResponse(bytes(posting.photo or b""), content_type="image/jpeg", headers=policy)


@require_POST
@permission_required("announcements.add_letter", raise_exception=True)
def letter_record(request: StaffRequest, pk: int) -> HttpResponse:
    """Number, date and sending of the signed letter, once."""
    issue = _issue_or_404(request, pk)
    if issue.channel != ChannelKey.LETTER or hasattr(issue, "letter"):
        raise Http404
    form = LetterForm(request.POST, issue=issue, by=request.user)
    if not form.is_valid():
        return _piece_page(request, issue, status=400, letter_form=form)
    form.save()
    messages.success(request, _("Surat tercatat. Tanda terima tiap kecamatan ditunggu."))
    return redirect(issue)


@require_POST
@permission_required("announcements.change_letterreceipt", raise_exception=True)
def receipt_record(request: StaffRequest, pk: int) -> HttpResponse:
    """A receipt that came on paper or by telephone."""
    receipts = LetterReceipt.objects.filter(issue__in=Issue.objects.visible_to(request.user))
    receipt = get_object_or_404(receipts.select_related("issue"), pk=pk)
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["name"][0]))
    elif not receipt.receive(name=form.cleaned_data["name"], by=request.user):
        messages.info(request, _("Tanda terima ini sudah tercatat."))
    return redirect(receipt.issue)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@limited("answer", when=lambda request: request.method == "POST")
def letter_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR code on a kecamatan's letter opens. Looking changes nothing; the button confirms."""
    receipt = LetterReceipt.from_link(token)
    if receipt is None:
        return render(request, "announcements/receipt.html", {"receipt": None}, status=404)
    form = ReceiptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        receipt.receive(name=form.cleaned_data["name"])
        receipt.refresh_from_db()
    status = 400 if form.errors and receipt.received_at is None else 200
    return render(request, "announcements/receipt.html", {"receipt": receipt, "form": form}, status=status)


@require_safe
@login_not_required
@never_cache
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """On to what a piece speaks of. Counted by day; nothing about the visitor is kept here."""
    link = get_object_or_404(
        ShortLink.objects.select_related("vacancy", "announcement__cohort__course", "announcement__draft"),
        code=code.lower(),
    )
    response = redirect(link.target)
    if request.method == "GET":
        reach.opened(link, response)
    return response


@require_safe
@permission_required("announcements.view_posting", raise_exception=True)
def outdated_list(request: StaffRequest) -> HttpResponse:
    """What must be taken down or replaced, on all campaigns."""
    return render(request, "announcements/outdated_list.html", {"rows": outdated.standing_outdated(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("canvassing.publish_vacancy", raise_exception=True)
def vacancy_correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a published vacancy; the pieces that carry the old fact are then listed."""
    vacancy = get_object_or_404(Vacancy.objects.visible_to(request.user).open(), pk=pk)
    form = CorrectionForm(request.POST or None, instance=vacancy)
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in CorrectionForm.Meta.fields}
        try:
            services.correct(
                vacancy=vacancy,
                by=request.user,
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                changes=changes,
            )
        except TransitionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Diperbaiki. Keping yang memuat fakta lama ada di bawah ini."))
            return redirect("outdated_list")
    return render(
        request, "announcements/correct.html", {"vacancy": vacancy, "form": form}, status=400 if form.errors else 200
    )
