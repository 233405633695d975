"""Staff: records that may be of one person, side by side, made one, and taken apart again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import StaffRequest
from accounts.models import DataAccess, User
from jobseekers.models import JobSeeker, Merge
from jobseekers.services import merging
from jobseekers.services.people import note

COMPARED = (
    "name", "nik_masked", "birth_place", "birth_date", "sex", "region", "address", "phone", "email", "education",
    "school", "occupation", "skills", "state", "in_register", "via", "created_at", "user",
)  # fmt: skip


def panel(person: JobSeeker, user: User) -> dict[str, Any]:
    """What `merging/_panel.html` reads: who may be the same person, and merges that can be undone."""
    if not user.has_perm("jobseekers.merge_jobseeker"):
        return {"twins": [], "merges": []}
    return {
        "twins": list(merging.candidates(person)[:5]),
        "merges": list(Merge.objects.filter(kept=person, undone_at=None).select_related("removed")),
    }


@require_GET
@permission_required("jobseekers.merge_jobseeker", raise_exception=True)
def duplicate_list(request: StaffRequest) -> HttpResponse:
    pairs = merging.pairs(JobSeeker.objects.visible_to(request.user))
    merges = Merge.objects.filter(undone_at=None).select_related("kept", "removed", "by")[:20]
    return render(request, "jobseekers/merging/list.html", {"pairs": pairs, "merges": merges})


@require_http_methods(["GET", "POST"])
@permission_required("jobseekers.merge_jobseeker", raise_exception=True)
def merge_new(request: StaffRequest, pk: int, other_pk: int) -> HttpResponse:
    people = JobSeeker.objects.editable_by(request.user).select_related("region", "education", "occupation", "user")
    first, second = get_object_or_404(people, pk=pk), get_object_or_404(people, pk=other_pk)
    if first == second:
        raise Http404
    if request.method == "POST":
        kept, removed = (second, first) if request.POST.get("keep") == str(second.pk) else (first, second)
        try:
            merging.merge(kept, removed, by=request.user)
        except merging.CannotMerge as why:
            messages.error(request, str(why))
            return redirect("merge_new", pk, other_pk)
        messages.success(request, _("Dua catatan digabung. Bisa dibatalkan di halaman Catatan ganda."))
        return redirect(kept)
    for person in (first, second):
        note(person, by=request.user, action=DataAccess.Action.VIEW, reason=gettext_lazy("Mencocokkan catatan ganda"))
    context = {"first": first, "second": second, "rows": _compared(first, second)}
    return render(request, "jobseekers/merging/compare.html", context)


@require_POST
@permission_required("jobseekers.merge_jobseeker", raise_exception=True)
def merge_undo(request: StaffRequest, pk: int) -> HttpResponse:
    merged = get_object_or_404(Merge.objects.filter(kept__in=JobSeeker.objects.editable_by(request.user)), pk=pk)
    try:
        merging.undo(merged, by=request.user)
        messages.success(request, _("Penggabungan dibatalkan. Kedua catatan ada lagi."))
    except merging.CannotMerge as why:
        messages.error(request, str(why))
    return redirect("duplicate_list")


def _compared(first: JobSeeker, second: JobSeeker) -> list[tuple[str, str, str, bool]]:
    """(label, one, other, whether they differ)."""
    rows = []
    for name in COMPARED:
        label = {"nik_masked": "NIK", "user": _("punya akun")}.get(name) or JobSeeker._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        one, other = _said(first, name), _said(second, name)
        rows.append((capfirst(str(label)), one, other, one != other))
    return rows


def _said(person: JobSeeker, name: str) -> str:
    value = getattr(person, name)
    if name in ("in_register", "user"):
        return _("ya") if value else _("tidak")
    if name == "skills":
        return ", ".join(value) or "–"
    if name in ("birth_date", "created_at"):
        return f"{value:%d-%m-%Y}" if value else "–"
    display = getattr(person, f"get_{name}_display", None)
    return str(display() if display else value or "") or "–"
