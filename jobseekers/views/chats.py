"""Alerts in WhatsApp and Telegram, for people of the records: agree, send the code, change, stop."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from accounts.limits import limited
from jobseekers import gateways
from jobseekers.forms.chats import ChatForm
from jobseekers.models import ChatSubscription, JobSeeker
from jobseekers.services import chats as services
from jobseekers.views.personal_data import own_or_404


@require_safe
def chats(request: StaffRequest) -> HttpResponse:
    """The services that the office has set up, and those in use; nothing of the others."""
    person = own_or_404(request)
    rows = {row.channel: row for row in person.chats.all()}
    channels = [
        {"slug": slug, "label": channel.label, "is_on": gateways.is_on(channel), "row": rows.get(channel)}
        for slug, channel in gateways.SLUGS.items()
        if gateways.is_on(channel) or channel in rows
    ]
    if not channels:
        raise Http404
    return render(request, "jobseekers/chats/list.html", {"person": person, "channels": channels})


@require_http_methods(["GET", "HEAD", "POST"])
@limited("subscribe", when=lambda request: request.method == "POST")
def chat_edit(request: StaffRequest, slug: str) -> HttpResponse:
    """The search and the agreement; below it, until the chat is linked, the code to send."""
    person, channel = own_or_404(request), _channel_or_404(slug)
    row = person.chats.filter(channel=channel).first()
    form = ChatForm(
        request.POST if request.method == "POST" else None,
        criteria=row.criteria if row else services.profile_search(person),
        agreed=row is not None and row.is_active,
        initial={"kabar": ChatForm.chosen(row or ChatSubscription())},
    )
    if request.method == "POST" and form.is_valid():
        language = get_language() or "id"
        row = services.ask(person, channel, criteria=form.criteria, language=language, wishes=form.wishes)
        if row.is_active:
            messages.success(request, _("Langganan diubah."))
        return redirect("chat_edit", slug)
    context = _page(person, slug, channel, row) | {"form": form}
    return render(request, "jobseekers/chats/edit.html", context, status=400 if form.errors else 200)


def _channel_or_404(slug: str) -> ChatSubscription.Channel:
    channel = gateways.SLUGS.get(slug)
    if channel is None or not gateways.is_on(channel):
        raise Http404
    return channel


def _page(
    person: JobSeeker, slug: str, channel: ChatSubscription.Channel, row: ChatSubscription | None
) -> dict[str, Any]:
    context = {"person": person, "row": row, "slug": slug, "label": channel.label}
    if row is not None and row.has_code:
        context |= {
            "link": gateways.link_address(channel, row.code),
            "message": gateways.first_message(channel, row.code),
        }
    return context


@require_POST
def chat_stop(request: StaffRequest, slug: str) -> HttpResponse:
    """Effective at once, also while the office has switched the channel off."""
    row = own_or_404(request).chats.filter(channel=gateways.SLUGS.get(slug)).first()
    if row is None:
        raise Http404
    if row.stop():
        messages.success(request, _("Berhenti. Kami tidak menulis lagi ke sana."))
    return redirect("chats")
