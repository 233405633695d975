"""The person: registration in steps that are saved one by one, the same steps as profile, papers, claiming a record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from accounts.limits import limited
from jobseekers import files, gateways
from jobseekers.forms.people import (
    AddressForm,
    ConsentForm,
    DisabilityForm,
    EducationForm,
    ExperienceFormSet,
    IdentityForm,
    WishForm,
)
from jobseekers.models import AlertSubscription, Document, DocumentKind, JobSeeker
from jobseekers.services import documents, people
from jobseekers.views.cards import panel as card_panel
from jobseekers.views.matching import account_panel as match_panel
from jobseekers.views.own_applications import panel as own_panel
from jobseekers.views.personal_data import account_panel as access_panel
from jobseekers.views.registering import after_registration


@dataclass(frozen=True)
class Step:
    slug: str
    title: Any
    why: Any
    make: Callable[..., Any]  # (data, person, user) -> a form or formset


def _of(form: type) -> Callable[..., Any]:
    return lambda data, person, user: form(data, instance=person, by=user)


STEPS = (
    Step("diri", gettext_lazy("Data diri"), gettext_lazy("Untuk kartu AK/I. Siapkan KTP."), _of(IdentityForm)),
    Step("alamat", gettext_lazy("Alamat"), gettext_lazy("Supaya kantor bisa menghubungi Anda."), _of(AddressForm)),
    Step(
        "kemampuan", gettext_lazy("Pendidikan dan keterampilan"),
        gettext_lazy("Ini yang dicocokkan dengan lowongan."), _of(EducationForm),
    ),
    Step(
        "pengalaman", gettext_lazy("Pengalaman kerja"), gettext_lazy("Lewati bila belum pernah bekerja."),
        lambda data, person, user: ExperienceFormSet(data, instance=person, prefix="experience"),
    ),
    Step("keinginan", gettext_lazy("Pekerjaan yang dicari"), gettext_lazy("Bisa diubah kapan saja."), _of(WishForm)),
    Step(
        "disabilitas", gettext_lazy("Kebutuhan khusus"),
        gettext_lazy("Sukarela. Lewati bila tidak ingin menjawab."),
        lambda data, person, user: DisabilityForm(data, person=person),
    ),
    Step(
        "persetujuan", gettext_lazy("Persetujuan"), gettext_lazy("Anda yang menentukan, dan bisa mengubahnya."),
        lambda data, person, user: ConsentForm(data, person=person),
    ),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@limited("register", when=lambda request: request.method == "POST")
def profile_step(request: StaffRequest, slug: str) -> HttpResponse:
    """One step of registration, or of the profile once it is complete. Each is saved by itself."""
    if request.user.is_office_staff:
        raise PermissionDenied
    number = next((at for at, step in enumerate(STEPS) if step.slug == slug), None)
    if number is None:
        raise Http404
    step = STEPS[number]
    person = JobSeeker.objects.of(request.user).first()
    if person is None and number > 0:
        return redirect("profile_step", STEPS[0].slug)
    if person is None and people.claimable(request.user):
        return redirect("profile_claim")
    known = person or JobSeeker(
        user=request.user, via=JobSeeker.Via.WEB, name=request.user.name, email=request.user.email
    )
    form = step.make(request.POST if request.method == "POST" else None, known, request.user)
    if request.method == "POST" and form.is_valid() and (saved := _keep(form, known)):
        return _onward(request, saved, number)
    context = {
        "form": form, "step": step, "number": number + 1, "steps": STEPS, "person": known,
        "is_formset": hasattr(form, "management_form"),
    }  # fmt: skip
    bad = request.method == "POST"
    return render(request, "jobseekers/account/step.html", context, status=400 if bad else 200)


@transaction.atomic
def _keep(form: Any, person: JobSeeker) -> JobSeeker | None:
    """None when the NIK was taken by another record a moment ago; the form says so."""
    if isinstance(form, ConsentForm):
        people.agree(person, **form.agreed, channel=JobSeeker.Via.WEB, by=None)
    elif isinstance(form, DisabilityForm):
        people.note_disability(person, **form.cleaned_data)
    elif isinstance(form, IdentityForm):
        return form.save_person()
    else:
        form.save()
    return person


def _onward(request: StaffRequest, person: JobSeeker, number: int) -> HttpResponse:
    if person.state == JobSeeker.State.COMPLETE:
        messages.success(request, _("Tersimpan."))
        return redirect("profile")
    if number + 1 < len(STEPS):
        return redirect("profile_step", STEPS[number + 1].slug)
    if people.complete(person):
        messages.success(
            request, _("Pendaftaran selesai. Sekarang Anda bisa minta kartu AK/I dan melihat lowongan yang cocok.")
        )
        return after_registration(request)
    gap = next(step for step in STEPS if _is_open(step, person))
    messages.warning(request, _("Masih ada isian yang kosong. Lengkapi bagian ini dulu."))
    return redirect("profile_step", gap.slug)


FIELDS_OF = {
    "diri": {"nik_index", "name", "birth_place", "birth_date", "sex", "guardian_name"},
    "alamat": {"region", "address", "phone"},
    "kemampuan": {"education"},
    "keinginan": {"occupation"},
}


def _is_open(step: Step, person: JobSeeker) -> bool:
    return not FIELDS_OF.get(step.slug, set()).isdisjoint(person.missing())


@require_http_methods(["GET"])
def profile(request: StaffRequest) -> HttpResponse:
    """Everything the profile says, each part with its link to change it, and the papers."""
    person = JobSeeker.objects.of(request.user).first()
    if person is None:
        return redirect("account")
    context = {
        "person": person,
        "steps": [(step, _is_open(step, person)) for step in STEPS],
        "experiences": person.experiences.all(),
        "disability": getattr(person, "disability", None),
        "checklist": documents.checklist(person),
    }
    return render(request, "jobseekers/account/profile.html", context)


@require_http_methods(["GET", "POST"])
@limited("register", when=lambda request: request.method == "POST")
def profile_claim(request: StaffRequest) -> HttpResponse:
    """Office or school has recorded this e-mail address; whoever owns it shows by the birth date that it is theirs."""
    person = None if JobSeeker.objects.of(request.user).first() else people.claimable(request.user)
    if person is None:
        raise Http404
    form = IdentityForm(by=request.user, instance=JobSeeker())
    wrong = False
    if request.method == "POST":
        born = IdentityForm.base_fields["birth_date"]
        try:
            if people.claim(request.user, born.clean(request.POST.get("birth_date", ""))):
                messages.success(request, _("Data Anda tersambung dengan akun ini."))
                return redirect("account")
        except ValidationError:
            pass
        wrong = True
    context = {"field": form["birth_date"], "wrong": wrong}
    return render(request, "jobseekers/account/claim.html", context, status=400 if wrong else 200)


@require_POST
def document_upload(request: StaffRequest, code: str) -> HttpResponse:
    person = get_object_or_404(JobSeeker.objects.of(request.user))
    kind = get_object_or_404(DocumentKind, code=code, is_current=True, is_uploaded=True)
    given = request.FILES.get("file")
    if given is None:
        messages.error(request, _("Pilih berkasnya dulu."))
        return redirect("profile")
    try:
        documents.upload(person, kind, given.read(files.MAX_BYTES + 1))  # one byte more than is taken is refused
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("%(kind)s tersimpan.") % {"kind": kind})
    return redirect("profile")


@require_POST
def document_remove(request: StaffRequest, code: str) -> HttpResponse:
    mine = Document.objects.filter(job_seeker__in=JobSeeker.objects.of(request.user)).exclude(file="")
    documents.remove(get_object_or_404(mine, kind=code))
    messages.success(request, _("Berkas dihapus."))
    return redirect("profile")


@require_safe
def account(request: StaffRequest) -> HttpResponse:
    """The signed-in person's own page: the record, alerts under the verified addresses, how to secure the account."""
    addresses = [each.email for each in request.user.emailaddress_set.filter(verified=True)]  # type: ignore[attr-defined]
    alerts = AlertSubscription.objects.filter(email__in=[address.lower() for address in addresses])
    person = JobSeeker.objects.of(request.user).first()
    context = {
        "alerts": alerts.exclude(state=AlertSubscription.State.STOPPED),
        "person": person,
        "chats_on": person is not None and gateways.any_on(),
        "may_register": person is None and not request.user.is_office_staff,
        "claimable": person is None and people.claimable(request.user) is not None,
        "next_step": next((step for step in STEPS if person and _is_open(step, person)), None),
    }
    if person:
        context |= access_panel(person)
    if person and person.state == JobSeeker.State.COMPLETE:
        context |= card_panel(person, request.user) | match_panel(person) | own_panel(person, request.user)
    return render(request, "jobseekers/account/summary.html", context)
