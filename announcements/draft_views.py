"""Announcements that one composes and another approves: list, form, preview, and the steps."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from accounts.limits import limited
from accounts.models import User
from announcements import drafts, rehearsal
from announcements.forms import DRAFT_FORMS, ComposeForm
from announcements.models import Draft, DraftStep
from announcements.models.announcements import ChannelKey
from announcements.models.drafts import DraftQuerySet
from announcements.piece_views import TYPES
from announcements.views import MAIL_POLICY, mail_language
from canvassing.conflict import Conflict, Difference
from canvassing.paging import keyset

ORDER = {"menunggu": ("submitted_at", "pk"), "terjadwal": ("scheduled_for", "pk")}


@require_safe
@permission_required("announcements.view_draft", raise_exception=True)
def draft_list(request: StaffRequest) -> HttpResponse:
    """One of the person's views by `?tampil`: what waits for this person, the own, what has a time, or all."""
    views = _views(request.user)
    chosen = request.GET.get("tampil", "")
    shown = chosen if chosen in views else next(iter(views))
    rows = views[shown][1].select_related("created_by", "approved_by")
    context = {
        "tabs": [(key, label, drafts_of.count()) for key, (label, drafts_of) in views.items()],
        "shown": shown,
        "found": keyset(request, rows, ORDER.get(shown, ("-pk",))),
    }
    return render(request, "announcements/drafts/list.html", context)


def _views(user: User) -> dict[str, tuple[str, DraftQuerySet]]:
    """By key, the most urgent first. Whoever sees only the own drafts has no view of all."""
    visible, may_approve = Draft.objects.visible_to(user), user.has_perm("announcements.approve_draft")
    views = {}
    if may_approve:
        views["menunggu"] = (_("Menunggu saya"), Draft.objects.waiting_for(user))
    if user.has_perm("announcements.add_draft"):
        views["saya"] = (_("Susunan saya"), visible.filter(created_by=user))
    views["terjadwal"] = (_("Dijadwalkan"), visible.scheduled())
    if may_approve or "saya" not in views:
        views["semua"] = (_("Semua"), visible)
    return views


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("announcements.add_draft", raise_exception=True)
def draft_new(request: StaffRequest) -> HttpResponse:
    """`isi` says what it speaks of; without it the page asks for that first."""
    content = request.GET.get("isi", "" if request.method != "POST" else Draft.Content.VACANCIES)
    if content not in DRAFT_FORMS:
        return render(request, "announcements/drafts/choose.html")
    return _form_page(request, DRAFT_FORMS[content](request.POST or None, by=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("announcements.change_draft", raise_exception=True)
def draft_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """What was typed in one tab while another handed the draft in is shown again, not lost; see `drafts.keep`."""
    mine = Draft.objects.visible_to(request.user).filter(created_by=request.user)
    drafts_seen = mine if request.method == "POST" else Draft.objects.editable_by(request.user)
    draft = get_object_or_404(drafts_seen, pk=pk)
    return _form_page(request, DRAFT_FORMS[draft.form](request.POST or None, instance=draft, by=request.user))


def _form_page(request: StaffRequest, form: ComposeForm) -> HttpResponse:
    adding, status = form.instance._state.adding, 200
    conflicts: list[Difference] = []
    if request.method == "POST":
        if adding and (earlier := form.earlier_entry()):
            return redirect(earlier)
        if form.is_valid():
            try:
                return redirect(drafts.compose(form) if adding else drafts.keep(form))
            except Conflict:
                conflicts, status = form.compare(), 409
            except drafts.Refused as refused:
                form.add_error(None, str(refused))
                status = 409
        else:
            status = 400
    context = {"form": form, "draft": None if adding else form.instance, "conflicts": conflicts}
    return render(request, "announcements/drafts/form.html", context, status=status)


def _draft_or_404(request: StaffRequest, pk: int) -> Draft:
    drafts_seen = Draft.objects.visible_to(request.user)
    related = drafts_seen.select_related("created_by", "approved_by", "cancelled_by", "announcement")
    return get_object_or_404(related, pk=pk)


@require_safe
@permission_required("announcements.view_draft", raise_exception=True)
def draft_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """While it lives: every piece as it would go out now, what would be left out, and how many would get it."""
    draft = _draft_or_404(request, pk)
    alive = draft.is_alive
    frozen = drafts.facts_now(draft) if alive else []
    number = drafts.recipients(draft, frozen)
    own = draft.created_by_id == request.user.pk
    has_voice = drafts.has_voice(draft, request.user)
    context = {
        "draft": draft,
        "number": number,
        "told_before": drafts.told_before(draft, frozen),
        "facts": frozen,
        "nothing_left": drafts.nothing_left(draft, _("Ubah dulu.")),
        "pieces": drafts.preview(draft, frozen) if frozen else [],
        "left_out": drafts.left_out(draft) if alive else [],
        "most": settings.RECIPIENTS_WITHOUT_RELEASE,
        "many": number > settings.RECIPIENTS_WITHOUT_RELEASE,
        "read": drafts.reading(draft, frozen),
        "own": own,
        "may_edit": Draft.objects.editable_by(request.user).filter(pk=pk).exists(),
        "may_approve": Draft.objects.waiting_for(request.user).filter(pk=pk).exists(),
        "may_send_back": draft.is_submitted and has_voice,
        "may_cancel": alive and has_voice,
        "steps": DraftStep.objects.filter(draft=draft).select_related("actor"),
        "is_ahead": bool(draft.scheduled_for and draft.scheduled_for > timezone.now()),
    }
    return render(request, "announcements/drafts/detail.html", context)


@require_safe
@permission_required("announcements.view_draft", raise_exception=True)
@xframe_options_sameorigin
def draft_mail(request: StaffRequest, pk: int) -> HttpResponse:
    """The mail with all that it speaks of, for the frame in `draft_detail`; `bahasa=en` as it is read in English."""
    draft = _draft_or_404(request, pk)
    frozen = drafts.facts_now(draft) if draft.is_alive else []
    if not frozen:
        raise Http404
    mail = drafts.preview_mail(draft, frozen, mail_language(request))
    return HttpResponse(mail.html, headers={"Content-Security-Policy": MAIL_POLICY})


@require_safe
@permission_required("announcements.view_draft", raise_exception=True)
def draft_file(request: StaffRequest, pk: int, channel: str, name: str) -> HttpResponse:
    """A print as it would look, kept nowhere."""
    draft = _draft_or_404(request, pk)
    frozen = drafts.facts_now(draft) if draft.is_alive else []
    if not frozen or channel not in draft.channels:
        raise Http404
    try:
        content = drafts.preview_file(draft, frozen, ChannelKey(channel), name)
    except KeyError as error:
        raise Http404 from error
    headers = {"Content-Disposition": f'inline; filename="contoh-{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]], headers=headers)


@require_POST
@permission_required("announcements.view_draft", raise_exception=True)
@limited("test_mail", when=lambda request: True)
def draft_send_me(request: StaffRequest, pk: int) -> HttpResponse:
    """The mail as it would go out now, to the person who asks, and to nobody else."""
    draft = _draft_or_404(request, pk)
    frozen = drafts.facts_now(draft) if draft.is_alive else []
    if not frozen:
        raise Http404
    rehearsal.send_to(request.user, drafts.preview_mail(draft, frozen, settings.LANGUAGE_CODE))
    messages.success(request, _("Surat uji dikirim ke %(address)s saja.") % {"address": request.user.email})
    return redirect(draft)


@require_POST
@permission_required("announcements.change_draft", raise_exception=True)
def draft_submit(request: StaffRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(Draft.objects.editable_by(request.user), pk=pk)
    return _step(request, draft, lambda: drafts.submit(draft, by=request.user), _("Diajukan. Rekan lain menyetujui."))


@require_POST
@permission_required("announcements.approve_draft", raise_exception=True)
def draft_approve(request: StaffRequest, pk: int) -> HttpResponse:
    """`read` says what the page showed, `at_once` that it does not wait for its time."""
    draft = _draft_or_404(request, pk)
    read, at_once = request.POST.get("read", ""), "at_once" in request.POST
    done = _("Disetujui. Nama Anda dicatat.")
    return _step(request, draft, lambda: drafts.approve(draft, by=request.user, read=read, at_once=at_once), done)


@require_POST
@permission_required("announcements.view_draft", raise_exception=True)
def draft_send_back(request: StaffRequest, pk: int) -> HttpResponse:
    """By who approves, with a reason, or taken back by its author."""
    draft, comment = _draft_or_404(request, pk), request.POST.get("comment", "")
    done = _("Kembali menjadi konsep.")
    return _step(request, draft, lambda: drafts.send_back(draft, by=request.user, comment=comment), done)


@require_POST
@permission_required("announcements.view_draft", raise_exception=True)
def draft_cancel(request: StaffRequest, pk: int) -> HttpResponse:
    draft = _draft_or_404(request, pk)
    return _step(
        request, draft, lambda: drafts.cancel(draft, by=request.user), _("Dibatalkan. Tidak ada yang dikirim.")
    )


def _step(request: StaffRequest, draft: Draft, step: Callable[[], Any], done: str) -> HttpResponse:
    try:
        step()
    except drafts.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(draft.announcement or draft)
