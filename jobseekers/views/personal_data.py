"""The person: what the office knows about me, who looked, and my rights. "Data saya" of the account."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from accounts.limits import within
from accounts.models import DataAccess
from canvassing.paging import keyset
from jobseekers.forms.personal_data import CorrectionForm, ErasureForm, guardian_form
from jobseekers.models import Consent, DataRequest, JobSeeker
from jobseekers.services import erasure, requests
from jobseekers.services.personal_data import accesses, export, print_copy, sections, who

WEB = JobSeeker.Via.WEB
NEWEST = 5  # accesses on the page itself


def own_or_404(request: StaffRequest) -> JobSeeker:
    return get_object_or_404(JobSeeker.objects.of(request.user))


def account_panel(person: JobSeeker) -> dict[str, Any]:
    """What `mydata/_account.html` reads: the newest accesses in the person's words, and how many there are."""
    rows = accesses(person)
    return {"accesses": [(row, who(row.actor)) for row in rows[:NEWEST]], "access_count": rows.count()}


@require_safe
@never_cache
def my_data(request: StaffRequest) -> HttpResponse:
    person = JobSeeker.objects.of(request.user).first()
    if person is None and not request.user.is_office_staff:
        return redirect("account")  # where stands all there is: name, address, subscriptions
    person = person or own_or_404(request)
    standing = {consent.purpose: consent for consent in person.consents.filter(withdrawn_at=None)}
    context = {
        "person": person,
        "sections": [each for each in sections(person) if each.key != "accesses"],
        "consents": [(purpose, label, standing.get(purpose)) for purpose, label in Consent.Purpose.choices],
        "guardian": guardian_form(person),
        "requests": person.data_requests.open(),
        **account_panel(person),
    }
    return render(request, "jobseekers/mydata/page.html", context)


@require_safe
def my_accesses(request: StaffRequest) -> HttpResponse:
    person = own_or_404(request)
    found = keyset(request, accesses(person), ("-at", "-pk"))
    context = {"person": person, "found": found, "rows": [(row, who(row.actor)) for row in found.rows]}
    return render(request, "jobseekers/mydata/accesses.html", context)


@require_safe
@never_cache
def my_data_copy(request: StaffRequest, form: str) -> HttpResponse:
    """A copy at once, "json" for a program or "pdf" to read. Each one is written into the access log."""
    person = own_or_404(request)
    if not within("my_data", str(person.pk)):
        return render(request, "429.html", status=429)
    DataAccess.objects.create(
        actor=request.user, subject=person.key, action=DataAccess.Action.EXPORT, reason=_("Salinan data sendiri")
    )
    answer: HttpResponse
    if form == "pdf":
        answer = HttpResponse(print_copy(person), content_type="application/pdf")
    else:
        answer = JsonResponse(export(person), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="data-saya-{timezone.localdate():%Y-%m-%d}.{form}"'
    return answer


@require_POST
def my_consent(request: StaffRequest, purpose: str) -> HttpResponse:
    """Give or withdraw; effective at once."""
    person = own_or_404(request)
    if purpose not in Consent.Purpose.values:
        raise Http404
    if "withdraw" in request.POST:
        requests.withdraw(person, purpose, via=WEB)
        messages.success(request, _("Persetujuan ditarik. Berlaku mulai sekarang."))
        return redirect("my_data")
    guardian = guardian_form(person, request.POST)
    if guardian is not None and not guardian.is_valid():
        messages.error(request, _("Di bawah 18 tahun, tulis nama wali dan bagaimana wali menyetujui."))
        return redirect("my_data")
    requests.give(person, purpose, via=WEB, **(guardian.cleaned_data if guardian else {}))
    messages.success(request, _("Persetujuan tersimpan."))
    return redirect("my_data")


@require_POST
def my_restriction(request: StaffRequest) -> HttpResponse:
    person = own_or_404(request)
    if "lift" in request.POST:
        requests.lift(person)
        messages.success(request, _("Batasan dicabut. Data Anda dipakai lagi untuk mencarikan pekerjaan."))
    else:
        requests.ask(person, DataRequest.Kind.RESTRICTION, via=WEB)
        messages.success(request, _("Mulai sekarang data Anda tidak dicocokkan dan tidak diusulkan."))
    return redirect("my_data")


@require_http_methods(["GET", "POST"])
def my_correction(request: StaffRequest) -> HttpResponse:
    """Most can be changed in the profile; name, NIK and birth date by asking."""
    person = own_or_404(request)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        requests.ask(person, DataRequest.Kind.CORRECTION, via=WEB, words=form.cleaned_data["words"])
        messages.success(request, _("Permintaan terkirim. Kantor menjawab paling lambat 3 × 24 jam."))
        return redirect("my_data")
    context = {"person": person, "form": form}
    return render(request, "jobseekers/mydata/correction.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def my_erasure(request: StaffRequest) -> HttpResponse:
    """A page that says what goes and what stays; the head of office decides within 72 hours."""
    person = own_or_404(request)
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        requests.ask(person, DataRequest.Kind.ERASURE, via=WEB, words=told["words"], alerts=told["alerts"])
        messages.success(request, _("Permintaan terkirim. Sampai dijawab, data Anda tidak dipakai untuk pencocokan."))
        return redirect("my_data")
    context = {"person": person, "form": form, "hindrance": erasure.hindrance(person)}
    return render(request, "jobseekers/mydata/erasure.html", context, status=400 if form.errors else 200)
