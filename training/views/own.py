"""The person: apply, take or leave a seat, complain, say how it was, scan into a session, take the certificate."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from jobseekers.models import JobSeeker
from jobseekers.views.registering import register_first
from training import mails
from training.forms.enrolments import ApplyForm, ComplaintForm, FeedbackForm
from training.models import Cohort, Enrolment, Feedback, Session, TrainingCertificate
from training.models.enrolments import State, StepRefused
from training.services import attendance, certificates, seats, selection


def panel(person: JobSeeker) -> dict[str, Any]:
    """The context of `training/_account.html`."""
    mine = Enrolment.objects.filter(job_seeker=person).select_related("cohort__course", "certificate", "complaint")
    rows: list[Any] = list(mine.order_by("-created_at"))
    for each in rows:
        each.may_complain = selection.may_complain(each)
        each.may_tell = each.state in (State.COMPLETED, State.FAILED) and not hasattr(each, "feedback")
    return {"enrolments": rows}


def _mine(request: StaffRequest, pk: int) -> Enrolment:
    rows = Enrolment.objects.filter(job_seeker__in=JobSeeker.objects.of(request.user))
    return get_object_or_404(rows.select_related("cohort__course", "job_seeker__user"), pk=pk)


@require_safe
def own_training(request: StaffRequest) -> HttpResponse:
    person = JobSeeker.objects.of(request.user).first()
    if person is None:
        return redirect("account")
    context = {"person": person, "complaint_form": ComplaintForm(), **panel(person)}
    return render(request, "training/own.html", context)


@require_http_methods(["GET", "POST"])
def apply(request: StaffRequest, pk: int) -> HttpResponse:
    if request.user.is_office_staff:
        raise PermissionDenied
    cohort = get_object_or_404(Cohort.objects.public().select_related("course"), pk=pk)
    person = JobSeeker.objects.of(request.user).first()
    if person is None or person.state != JobSeeker.State.COMPLETE:
        return register_first(request)
    form = ApplyForm(request.POST if request.method == "POST" else None)
    obstacle = seats.obstacle(person, cohort)
    if request.method == "POST" and form.is_valid() and not obstacle:
        try:
            made = seats.apply(person, cohort, via=Enrolment.Via.WEB, motivation=form.cleaned_data["motivation"])
        except StepRefused as refused:
            obstacle = str(refused)
        else:
            messages.success(request, _("Pendaftaran diterima: %(state)s.") % {"state": made.get_state_display()})
            return redirect("own_training")
    context = {"cohort": cohort, "form": form, "obstacle": obstacle, "person": person}
    status = 409 if obstacle and request.method == "POST" else 400 if request.method == "POST" else 200
    return render(request, "training/apply.html", context, status=status)


@require_POST
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        seats.accept(_mine(request, pk), by=request.user)
    except StepRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Kursi Anda. Sampai jumpa di kelas."))
    return redirect("own_training")


@require_POST
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        seats.leave(_mine(request, pk), by=request.user)
    except StepRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Tercatat. Kursi atau urutan Anda dilepas."))
    return redirect("own_training")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def offer_link(request: HttpRequest, token: str) -> HttpResponse:
    """From the letter, without signing in: the link shows the offer, only its two buttons answer it, once."""
    try:
        key = mails.read_offer_token(token)
    except signing.BadSignature:
        return render(request, "training/offer.html", status=404)
    rows = Enrolment.objects.exclude(job_seeker__state=JobSeeker.State.ERASED)
    enrolment = rows.select_related("cohort__course", "job_seeker__user").filter(pk=key).first()
    if enrolment is None:
        return render(request, "training/offer.html", status=404)
    refused = ""
    if request.method == "POST":
        answer = seats.accept if "accept" in request.POST else seats.decline
        try:
            answer(enrolment, by=None, note=_("lewat tautan di surat"))
        except StepRefused as words:
            refused = str(words)
            enrolment.refresh_from_db()
    context = {"enrolment": enrolment, "refused": refused}
    return render(request, "training/offer.html", context, status=409 if refused else 200)


@require_POST
def complain(request: StaffRequest, pk: int) -> HttpResponse:
    enrolment, form = _mine(request, pk), ComplaintForm(request.POST)
    if not form.is_valid():
        context = {"person": enrolment.job_seeker, "complaint_form": form, **panel(enrolment.job_seeker)}
        return render(request, "training/own.html", context, status=400)
    try:
        selection.complain(enrolment, form.cleaned_data["words"])
    except StepRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Sanggahan terkirim. Kantor menjawab lewat e-mail."))
    return redirect("own_training")


@require_http_methods(["GET", "POST"])
def feedback(request: StaffRequest, pk: int) -> HttpResponse:
    enrolment = _mine(request, pk)
    if enrolment.state not in (State.COMPLETED, State.FAILED) or hasattr(enrolment, "feedback"):
        messages.info(request, _("Umpan balik diisi satu kali, sesudah kelas selesai. Terima kasih."))
        return redirect("own_training")
    form = FeedbackForm(request.POST or None, instance=Feedback(enrolment=enrolment))
    if request.method == "POST" and form.is_valid():
        with suppress(IntegrityError), transaction.atomic():  # sent twice at the same moment
            form.save()
        messages.success(request, _("Terima kasih. Pelatih membacanya tanpa nama Anda."))
        return redirect("own_training")
    context = {"person": enrolment.job_seeker, "enrolment": enrolment, "form": form}
    return render(request, "training/feedback.html", context, status=400 if form.errors else 200)


@require_safe
@never_cache
def own_certificate(request: StaffRequest, pk: int) -> HttpResponse:
    enrolment = _mine(request, pk)
    certificate = get_object_or_404(TrainingCertificate.objects.standing(), enrolment=enrolment)
    headers = {"Content-Disposition": 'attachment; filename="sertifikat.pdf"'}
    return HttpResponse(certificates.pdf([certificate]), content_type="application/pdf", headers=headers)


@require_http_methods(["GET", "POST"])
@never_cache
def check_in(request: StaffRequest, token: UUID) -> HttpResponse:
    """From the QR code on the wall: looking changes nothing, the button says "present"."""
    session = get_object_or_404(Session.objects.select_related("cohort__course"), token=token)
    person = get_object_or_404(JobSeeker.objects.of(request.user))
    kept = refused = None
    if request.method == "POST":
        try:
            kept = attendance.check_in(session, person)
        except StepRefused as words:
            refused = str(words)
    context = {"session": session, "kept": kept, "refused": refused}
    return render(request, "training/check_in.html", context, status=409 if refused else 200)
