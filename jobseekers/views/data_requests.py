"""Staff: requests about personal data with the law's clock, and the log of who looked at whom."""

from typing import Any

import django_filters as filters
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import StaffRequest
from accounts.models import DataAccess, User
from canvassing.paging import keyset
from jobseekers.forms.personal_data import AnswerForm, DeskRequestForm
from jobseekers.models import DataRequest, JobSeeker
from jobseekers.services import erasure, requests
from jobseekers.services.people import note


def panel(person: JobSeeker, user: User) -> dict[str, Any]:
    """What `requests/_panel.html` reads on a person's page: the open requests, and whether `user` may record one."""
    return {
        "data_requests": DataRequest.objects.visible_to(user).open().filter(job_seeker=person),
        "may_record_request": user.has_perm("jobseekers.add_datarequest"),
    }


@require_GET
@permission_required("jobseekers.view_datarequest", raise_exception=True)
def data_request_list(request: StaffRequest) -> HttpResponse:
    """Open ones, the most urgent first; answered ones by `?selesai`."""
    rows = DataRequest.objects.visible_to(request.user).select_related("job_seeker")
    done = "selesai" in request.GET
    if done:
        found = keyset(request, rows.exclude(state=DataRequest.State.OPEN), ("-received_at", "-pk"))
    else:
        found = keyset(request, rows.open(), ("received_at", "pk"))
    return render(request, "jobseekers/requests/list.html", {"found": found, "done": done})


@require_http_methods(["GET", "POST"])
@permission_required("jobseekers.view_datarequest", raise_exception=True)
def data_request_detail(request: StaffRequest, pk: int) -> HttpResponse:
    rows = DataRequest.objects.visible_to(request.user).select_related("job_seeker", "handled_by", "recorded_by")
    asked = get_object_or_404(rows, pk=pk)
    refusing = "refuse" in request.POST
    form = AnswerForm(request.POST if request.method == "POST" else None, refusing=refusing)
    if request.method == "POST" and form.is_valid():
        try:
            act = requests.refuse if refusing else requests.finish
            act(asked, by=request.user, answer=form.cleaned_data["answer"])
        except (requests.AlreadyAnswered, requests.CannotErase) as why:
            messages.error(request, str(why))
            return redirect("data_request_detail", pk)
        messages.success(request, _("Permintaan dijawab. Orangnya mendapat e-mail."))
        return redirect("data_request_list")
    if request.method == "GET" and asked.job_seeker.state != JobSeeker.State.ERASED:
        note(
            asked.job_seeker, by=request.user, action=DataAccess.Action.VIEW, reason=DataRequest.Kind(asked.kind).label
        )
    context = {
        "asked": asked,
        "person": asked.job_seeker,
        "form": form,
        "may_decide": requests.may_decide(asked, request.user),
        "hindrance": erasure.hindrance(asked.job_seeker) if asked.kind == DataRequest.Kind.ERASURE else "",
    }
    return render(request, "jobseekers/requests/detail.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@permission_required("jobseekers.add_datarequest", raise_exception=True)
def data_request_new(request: StaffRequest, pk: int) -> HttpResponse:
    """On behalf of somebody who comes to the desk or telephones (UU 27/2022 art. 14)."""
    person = get_object_or_404(JobSeeker.objects.visible_to(request.user).alive(), pk=pk)
    form = DeskRequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        asked = requests.ask(
            person,
            told["kind"],
            via=JobSeeker.Via.DESK,
            by=request.user,
            words=told["words"],
            alerts=told["erase_alerts"],
        )
        messages.success(request, _("Permintaan tercatat. Jawab paling lambat 3 × 24 jam."))
        return redirect("data_request_detail", asked.pk)
    context = {"person": person, "form": form}
    return render(request, "jobseekers/requests/form.html", context, status=400 if form.errors else 200)


class AccessFilter(filters.FilterSet):
    actor = filters.ModelChoiceFilter(
        label=gettext_lazy("Siapa"),
        queryset=User.objects.filter(groups__isnull=False).distinct().order_by("name", "pk"),
        empty_label=gettext_lazy("Semua"),
    )
    action = filters.ChoiceFilter(
        label=gettext_lazy("Tindakan"), choices=DataAccess.Action.choices, empty_label=gettext_lazy("Semua")
    )
    day = filters.DateFilter(
        label=gettext_lazy("Tanggal"), method="on_day", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = DataAccess
        fields: list[str] = []

    def on_day(self, rows: QuerySet[DataAccess], name: str, value: Any) -> QuerySet[DataAccess]:
        return rows.filter(at__date=value)


@require_GET
@permission_required("accounts.view_dataaccess", raise_exception=True)
def data_access_list(request: StaffRequest) -> HttpResponse:
    filtered = AccessFilter(request.GET, DataAccess.objects.select_related("actor"))
    found = keyset(request, filtered.qs, ("-at", "-pk"))
    people = {row.key: row for row in JobSeeker.objects.filter(key__in=[row.subject for row in found.rows])}
    rows = [(row, people.get(row.subject)) for row in found.rows]
    context = {"filter": filtered, "found": found, "rows": rows}
    return render(request, "jobseekers/requests/accesses.html", context)
