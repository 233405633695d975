"""Staff: what people have written to us and no program understood."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from accounts.models import DataAccess
from announcements import replies
from announcements.forms import ReplyForm
from canvassing.paging import keyset
from jobseekers.models import ChatMessage
from jobseekers.services.people import note


@require_safe
@permission_required("jobseekers.view_chatmessage", raise_exception=True)
def inbox(request: StaffRequest) -> HttpResponse:
    """Open ones, the longest waiting first; answered ones by `?selesai`."""
    rows = ChatMessage.objects.visible_to(request.user).select_related("job_seeker", "taken_by")
    done = "selesai" in request.GET
    if done:
        answered = rows.filter(state=ChatMessage.State.ANSWERED)
        found = keyset(request, answered, ("-received_at", "-pk"))
    else:
        found = keyset(request, rows.open(), ("received_at", "pk"))
    return render(request, "announcements/inbox/list.html", {"found": found, "done": done})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("jobseekers.view_chatmessage", raise_exception=True)
def inbox_message(request: StaffRequest, pk: int) -> HttpResponse:
    rows = ChatMessage.objects.visible_to(request.user).exclude(state=ChatMessage.State.DONE)
    message = get_object_or_404(rows.select_related("job_seeker", "taken_by"), pk=pk)
    may_answer = request.user.has_perm("jobseekers.change_chatmessage")
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    form = ReplyForm(request.POST if request.method == "POST" else None, message=message)
    if request.method == "POST" and not message.is_open:
        messages.error(request, _("Pesan ini sudah dijawab rekan Anda."))
        return redirect("inbox_message", pk)
    if request.method == "POST" and form.is_valid() and _answered(request, message, form):
        return redirect("inbox")
    if request.method != "POST" and message.job_seeker:
        note(message.job_seeker, by=request.user, action=DataAccess.Action.VIEW, reason=gettext_lazy("membaca pesan"))
    context = {
        "message": message,
        "person": message.job_seeker,
        "form": form,
        "may_answer": may_answer and message.is_open,
    }
    return render(request, "announcements/inbox/message.html", context, status=400 if form.errors else 200)


def _answered(request: StaffRequest, message: ChatMessage, form: ReplyForm) -> bool:
    told = form.cleaned_data
    try:
        replies.answer(message, told["answer"], way=told["way"], by=request.user)
    except replies.AlreadyAnswered as why:
        form.add_error(None, str(why))
        return False
    sent = told["way"] == ChatMessage.Way.CHAT
    messages.success(request, _("Jawaban dikirim.") if sent else _("Jawaban tercatat."))
    return True


@require_POST
@permission_required("jobseekers.change_chatmessage", raise_exception=True)
def inbox_take(request: StaffRequest, pk: int) -> HttpResponse:
    """Colleagues see who is at it."""
    message = get_object_or_404(ChatMessage.objects.visible_to(request.user).open(), pk=pk)
    if message.take(request.user):
        messages.success(request, _("Pesan ini Anda yang menjawab."))
    else:
        messages.error(request, _("Pesan ini sudah diambil rekan Anda."))
    return redirect("inbox_message", pk)
