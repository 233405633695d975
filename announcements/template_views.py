"""The words around the facts: which there are, editing them beside an example, their versions, a mail to oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import StaffRequest
from accounts.limits import limited
from announcements import piece_templates, rehearsal
from announcements.channels import CHANNELS
from announcements.models import Announcement, PieceTemplate
from announcements.models.announcements import ChannelKey
from announcements.piece_views import TYPES
from announcements.template_forms import TemplateForm
from announcements.views import MAIL_POLICY
from canvassing.conflict import Difference, differences

VERSIONS_SHOWN = 50


@require_safe
@permission_required("announcements.view_piecetemplate", raise_exception=True)
def template_list(request: StaffRequest) -> HttpResponse:
    """What each channel uses now; a service that is not set up is not named."""
    newest = {
        (each.kind, each.channel, each.language): each
        for each in PieceTemplate.objects.newest().select_related("created_by")
    }
    languages = dict(settings.LANGUAGES)
    groups = [
        (
            Announcement.Kind(kind).label,
            [
                {
                    "channel": key,
                    "query": _query(kind),
                    "name": ChannelKey(key).label,
                    "language": language,
                    "language_name": languages[language],
                    "used": newest.get((kind, key, language)),
                }
                for key in _offered(kind)
                for language in piece_templates.LANGUAGES[key]
            ],
        )
        for kind in piece_templates.FIELDS
    ]
    return render(request, "announcements/pieces/list.html", {"groups": groups})


def _query(kind: str) -> str:
    """The end of an address; vacancies need none."""
    return "" if kind == piece_templates.VACANCIES else f"?jenis={kind}"


def _kind(request: StaffRequest) -> str:
    """`jenis` of the address: of what the template speaks."""
    kind = request.GET.get("jenis", piece_templates.VACANCIES)
    if kind not in piece_templates.FIELDS:
        raise Http404
    return kind


def _offered(kind: str) -> list[str]:
    return [key for key in piece_templates.FIELDS[kind] if CHANNELS[key].is_on()]


def _require_known(kind: str, channel: str, language: str) -> None:
    if channel not in _offered(kind) or language not in piece_templates.LANGUAGES[channel]:
        raise Http404


@dataclass
class Opened:
    """One template with its versions, the newest first, for one person."""

    kind: str
    channel: str
    language: str
    versions: list[PieceTemplate]
    request: StaffRequest

    @property
    def address(self) -> str:
        return reverse("template_edit", args=[self.channel, self.language]) + _query(self.kind)

    @property
    def used(self) -> PieceTemplate | None:
        return self.versions[0] if self.versions else None

    @property
    def seen(self) -> int:
        return self.used.version if self.used else 0

    def form(self, data: Any) -> TemplateForm:
        stored = piece_templates.texts_of(self.used, self.channel, self.language, self.kind)
        return TemplateForm(
            stored | {"seen": self.seen} if data is None else data,
            channel=self.channel,
            language=self.language,
            kind=self.kind,
            by=self.request.user,
        )


def _open(request: StaffRequest, channel: str, language: str) -> Opened:
    kind = _kind(request)
    _require_known(kind, channel, language)
    versions = PieceTemplate.objects.of(channel, language, kind).select_related("created_by")
    return Opened(kind, channel, language, list(versions[: VERSIONS_SHOWN + 1]), request)


@require_safe
@permission_required("announcements.view_piecetemplate", raise_exception=True)
def template_edit(request: StaffRequest, channel: str, language: str) -> HttpResponse:
    opened = _open(request, channel, language)
    return _page(opened, opened.form(None))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("announcements.add_piecetemplate", raise_exception=True)
@limited("test_mail", when=lambda request: "send" in request.POST)
def template_try(request: StaffRequest, channel: str, language: str) -> HttpResponse:
    """What was typed, as an example; with `send` also as a mail to oneself. For htmx only the example.

    Its page keeps this address, so that opening it again leads back to the template.
    """
    opened = _open(request, channel, language)
    if request.method != "POST":
        return redirect(opened.address)
    form = opened.form(request.POST)
    if form.is_valid() and "send" in request.POST and channel == ChannelKey.EMAIL:
        rehearsal.send_to(request.user, form.pieces[-1])
        messages.success(request, _("Surat uji dikirim ke %(address)s saja.") % {"address": request.user.email})
    return _page(opened, form, status=400 if form.errors and not request.htmx else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("announcements.add_piecetemplate", raise_exception=True)
def template_save(request: StaffRequest, channel: str, language: str) -> HttpResponse:
    """The next version; with `default` the words of the code again. Looking leads back, as in `template_try`."""
    opened = _open(request, channel, language)
    if request.method != "POST":
        return redirect(opened.address)
    default = piece_templates.defaults(channel, language, opened.kind) | {"seen": request.POST.get("seen")}
    form = opened.form(default if "default" in request.POST else request.POST)
    if not form.is_valid():
        return _page(opened, form, status=400)
    texts = {} if "default" in request.POST else form.texts
    try:
        seen = form.cleaned_data["seen"]
        piece_templates.save(channel, language, texts, by=request.user, seen=seen, kind=opened.kind)
    except piece_templates.Changed:
        form = opened.form(form.texts | {"seen": opened.seen})
        return _page(opened, form, status=409, conflicts=differences(form, opened.form(None)))
    messages.success(request, _("Disimpan. Dipakai mulai keping berikutnya; yang sudah keluar tidak berubah."))
    return redirect(opened.address)


def _page(opened: Opened, form: TemplateForm, status: int = 200, conflicts: Sequence[Difference] = ()) -> HttpResponse:
    form.is_valid()
    request, channel, language = opened.request, opened.channel, opened.language
    context = {
        "form": form,
        "conflicts": conflicts,
        "shown_only": not request.user.has_perm("announcements.add_piecetemplate"),
        "channel": channel,
        "kind_name": Announcement.Kind(opened.kind).label,
        "kind_query": _query(opened.kind),
        "of_vacancies": opened.kind == piece_templates.VACANCIES,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "name": ChannelKey(channel).label,
        "is_email": channel == ChannelKey.EMAIL,
        "is_radio": channel in (ChannelKey.RADIO_30, ChannelKey.RADIO_60),
        "examples": [(len(each.facts), each, rehearsal.length_of(each)) for each in form.pieces],
        "query": urlencode(form.texts | {"jenis": opened.kind}) if form.pieces else "",
        "files": _files(request, form) if form.pieces else [],
        "paragraphs": list(form.pieces[-1].head.get("words", {}).values()) if form.pieces else [],
        "versions": _history(opened.versions),
        "used": opened.used,
    }
    template = "_example" if request.htmx else "edit"
    return render(request, f"announcements/pieces/{template}.html", context, status=status)


def _files(request: StaffRequest, form: TemplateForm) -> list[tuple[str, str]]:
    if form.channel not in (ChannelKey.BOARD, ChannelKey.LETTER):
        return []
    names = rehearsal.file_names(form.channel, form.texts, by=request.user, kind=form.kind)
    return [each for each in names if each[0].endswith(".pdf")]


def _history(versions: list[PieceTemplate]) -> list[dict[str, Any]]:
    """Each version with what it changed in the one before."""
    rows = []
    for index, each in enumerate(versions[:VERSIONS_SHOWN]):
        before = versions[index + 1] if index + 1 < len(versions) else None
        rows.append({"version": each, "changes": piece_templates.differences(before, each)})
    return rows


def _tried(request: StaffRequest, channel: str, language: str) -> TemplateForm:
    """The words that the address carries, if they are good."""
    kind = _kind(request)
    _require_known(kind, channel, language)
    form = TemplateForm(request.GET, channel=channel, language=language, kind=kind, by=request.user)
    if not form.is_valid():
        raise Http404
    return form


@require_safe
@permission_required("announcements.view_piecetemplate", raise_exception=True)
@xframe_options_sameorigin
def template_mail(request: StaffRequest, language: str, number: int) -> HttpResponse:
    """The example mail about so many vacancies, for the frame in the page."""
    form = _tried(request, ChannelKey.EMAIL, language)
    mail = next((each for each in form.pieces if len(each.facts) == number), None)
    if mail is None:
        raise Http404
    return HttpResponse(mail.html, headers={"Content-Security-Policy": MAIL_POLICY})


@require_safe
@permission_required("announcements.view_piecetemplate", raise_exception=True)
def template_file(request: StaffRequest, channel: str, name: str) -> HttpResponse:
    """A print of the example, kept nowhere."""
    form = _tried(request, channel, "id")
    try:
        content = rehearsal.file(channel, form.texts, name, by=request.user, kind=form.kind)
    except KeyError as error:
        raise Http404 from error
    headers = {"Content-Disposition": f'inline; filename="contoh-{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]], headers=headers)
