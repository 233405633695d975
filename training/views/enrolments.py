"""Staff: applicants and their papers, score sheets, the announcement, offers, complaints, applying at the desk."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.http import StaffRequest
from accounts.models import DataAccess, current_office
from jobseekers.models import JobSeeker
from jobseekers.prints.shapes import Letterhead
from jobseekers.services import people
from training import conditions, prints
from training.forms.enrolments import (
    ComplaintAnswerForm,
    DeskApplyForm,
    FilesForm,
    LeaveForm,
    RelationForm,
    ScoreForm,
)
from training.models import Cohort, Complaint, Enrolment, EnrolmentLog, ScoreSheet
from training.models.enrolments import State, StepRefused
from training.services import certificates, seats, selection
from training.views.cohorts import cohort_or_404, frame

DECIDED = (State.OFFERED, State.WAITING, State.NOT_SELECTED)  # what an announcement says of somebody


@require_safe
@permission_required("training.view_enrolment", raise_exception=True)
def applicants(request: StaffRequest, pk: int) -> HttpResponse:
    """Everybody who has applied: papers, mean score, what conditions are not met; the proposal below."""
    cohort = cohort_or_404(request, pk)
    rules = list(cohort.course.rules.all())
    rows: list[Any] = list(cohort.enrolments.select_related("job_seeker__region", "job_seeker__education", "cohort"))
    sheets = ScoreSheet.objects.by(request.user).filter(enrolment__cohort=cohort)
    own = {sheet.enrolment_id: sheet for sheet in sheets}
    known = conditions.known_about([row.job_seeker_id for row in rows], cohort)
    for row in rows:
        row.unmet = conditions.unmet(row.job_seeker, cohort, rules, known) if row.state == State.APPLIED else []
        row.own_sheet = own.get(row.pk)
    context = {
        **frame(request, cohort),
        "rows": rows,
        "proposal": selection.proposal(cohort) if cohort.announced_at is None else None,
        "complaints": Complaint.objects.filter(enrolment__cohort=cohort).select_related("enrolment__job_seeker"),
        "answer_form": ComplaintAnswerForm(),
        "may_judge": request.user.has_perm("training.add_scoresheet"),
        "may_announce": request.user.has_perm("training.announce_cohort"),
    }
    return render(request, "training/enrolments/applicants.html", context)


def _one(request: StaffRequest, pk: int) -> Enrolment:
    rows = Enrolment.objects.visible_to(request.user).select_related(
        "cohort__course", "cohort__trainer", "job_seeker__education", "job_seeker__region", "job_seeker__user"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
@permission_required("training.view_enrolment", raise_exception=True)
def enrolment_detail(request: StaffRequest, pk: int) -> HttpResponse:
    enrolment = _one(request, pk)
    people.note(enrolment.job_seeker, by=request.user, action=DataAccess.Action.VIEW, reason=str(enrolment.cohort))
    return _page(request, enrolment)


def _page(request: StaffRequest, enrolment: Enrolment, *, status: int = 200, **forms: Any) -> HttpResponse:
    criteria = list(enrolment.cohort.criteria.all())
    own = ScoreSheet.objects.by(request.user).filter(enrolment=enrolment).first()
    may_judge = request.user.has_perm("training.add_scoresheet") and own is None
    may_judge = may_judge and enrolment.state == State.APPLIED and bool(enrolment.files_complete) and bool(criteria)
    context = {
        "enrolment": enrolment,
        "person": enrolment.job_seeker,
        "cohort": enrolment.cohort,
        "sheets": enrolment.sheets.select_related("assessor"),
        "own_sheet": own,
        "log": enrolment.log.select_related("actor"),
        "unmet": conditions.unmet(enrolment.job_seeker, enrolment.cohort, enrolment.cohort.course.rules.all()),
        "may_judge": may_judge,
        "may_change": request.user.has_perm("training.change_enrolment"),
        "may_see_person": request.user.has_perm("jobseekers.view_jobseeker"),
        "score_form": ScoreForm(criteria=criteria),
        "relation_form": RelationForm(),
        "files_form": FilesForm(),
        "leave_form": LeaveForm(),
        **forms,
    }
    return render(request, "training/enrolments/detail.html", context, status=status)


@require_POST
@permission_required("training.change_enrolment", raise_exception=True)
def enrolment_files(request: StaffRequest, pk: int) -> HttpResponse:
    enrolment, refusing = _one(request, pk), "refuse" in request.POST
    form = FilesForm(request.POST, refusing=refusing)
    if not form.is_valid():
        return _page(request, enrolment, status=400, files_form=form)
    try:
        selection.check_files(enrolment, complete=not refusing, by=request.user, reason=form.cleaned_data["reason"])
    except StepRefused as refused:
        messages.error(request, str(refused))
        return _page(request, _one(request, pk), status=409)
    messages.success(request, _("Berkas tercatat."))
    return redirect("applicants", enrolment.cohort_id)


@require_POST
@permission_required("training.add_scoresheet", raise_exception=True)
def enrolment_judge(request: StaffRequest, pk: int) -> HttpResponse:
    enrolment = _one(request, pk)
    form = ScoreForm(request.POST, criteria=list(enrolment.cohort.criteria.all()))
    if not form.is_valid():
        return _page(request, enrolment, status=400, score_form=form)
    try:
        selection.judge(enrolment, by=request.user, points=form.points, note=form.cleaned_data["note"])
    except StepRefused as refused:
        messages.error(request, str(refused))
        return _page(request, _one(request, pk), status=409)
    messages.success(request, _("Nilai tersimpan."))
    return redirect("applicants", enrolment.cohort_id)


@require_POST
@permission_required("training.add_scoresheet", raise_exception=True)
def enrolment_relation(request: StaffRequest, pk: int) -> HttpResponse:
    enrolment, form = _one(request, pk), RelationForm(request.POST)
    if not form.is_valid():
        return _page(request, enrolment, status=400, relation_form=form)
    try:
        selection.declare_relation(enrolment, by=request.user, relation=form.cleaned_data["relation"])
    except StepRefused as refused:
        messages.error(request, str(refused))
        return _page(request, _one(request, pk), status=409)
    messages.success(request, _("Tercatat. Anda tidak menilai orang ini."))
    return redirect("applicants", enrolment.cohort_id)


@require_POST
@permission_required("training.change_enrolment", raise_exception=True)
def enrolment_seat(request: StaffRequest, pk: int) -> HttpResponse:
    """At the desk for the person: take the offered seat, leave with the reason, be judged again by attendance."""
    enrolment = _one(request, pk)
    form = LeaveForm(request.POST)
    try:
        if "accept" in request.POST:
            seats.accept(enrolment, by=request.user)
        elif "reconsider" in request.POST:
            certificates.reconsider(enrolment, by=request.user)
        elif form.is_valid():
            seats.leave(enrolment, by=request.user, reason=form.cleaned_data["reason"])
        else:
            return _page(request, enrolment, status=400, leave_form=form)
    except StepRefused as refused:
        messages.error(request, str(refused))
        return _page(request, _one(request, pk), status=409)
    people.note(enrolment.job_seeker, by=request.user, action=DataAccess.Action.CHANGE, reason=str(enrolment.cohort))
    messages.success(request, _("Tercatat."))
    return redirect("cohort_detail", enrolment.cohort_id)


@require_POST
@permission_required("training.change_enrolment", raise_exception=True)
def seats_offer(request: StaffRequest, pk: int) -> HttpResponse:
    """Free seats to whoever is next in line."""
    cohort = cohort_or_404(request, pk)
    try:
        offers = seats.offer(cohort, by=request.user)
    except StepRefused as refused:
        messages.error(request, str(refused))
    else:
        for enrolment, why in offers.skipped:
            messages.warning(
                request, _("%(name)s dilewati: %(why)s.") % {"name": enrolment.job_seeker.name, "why": why}
            )
        messages.success(request, _("%(number)s kursi ditawarkan.") % {"number": len(offers.made)})
    return redirect("cohort_detail", pk)


@require_POST
@permission_required("training.announce_cohort", raise_exception=True)
def selection_announce(request: StaffRequest, pk: int) -> HttpResponse:
    cohort = cohort_or_404(request, pk)
    try:
        found = selection.announce(cohort, by=request.user)
    except StepRefused as refused:
        messages.error(request, str(refused))
        return redirect("applicants", pk)
    words = _("Diumumkan: %(seats)s ditawari kursi, %(line)s di daftar tunggu, %(out)s belum terpilih.")
    counts = {"seats": len(found.seats), "line": len(found.line), "out": len(found.out)}
    messages.success(request, words % counts)
    return redirect("cohort_detail", pk)


@require_GET
@permission_required("training.view_enrolment", raise_exception=True)
def selection_minutes(request: StaffRequest, pk: int) -> HttpResponse:
    """The minutes as PDF: as proposed before the announcement, as decided after it."""
    cohort = cohort_or_404(request, pk)
    with translation.override("id"):
        document = prints.minutes(_minutes(cohort))
    for each in cohort.enrolments.select_related("job_seeker"):
        people.note(
            each.job_seeker,
            by=request.user,
            action=DataAccess.Action.PRINT,
            reason=gettext_lazy("berita acara seleksi"),
        )
    headers = {"Content-Disposition": 'attachment; filename="berita-acara.pdf"'}
    return HttpResponse(document, content_type="application/pdf", headers=headers)


def _minutes(cohort: Cohort) -> prints.MinutesPrint:
    office, found = current_office(), selection.proposal(cohort)
    groups = [found.seats, found.line, found.out]
    if cohort.announced_at:
        everybody = list(cohort.enrolments.select_related("job_seeker__region").order_by("-score", "created_at", "pk"))
        decided = dict(_decided(cohort))
        for row in everybody:
            row.state = decided.get(row.pk, row.state)
        groups = [[row for row in everybody if decided.get(row.pk) == state] for state in DECIDED]
    sheets = ScoreSheet.objects.filter(enrolment__cohort=cohort).select_related("assessor", "enrolment__job_seeker")
    return prints.MinutesPrint(
        office=Letterhead(name=office.name, address=office.address, phone=office.phone),
        cohort=str(cohort),
        day=timezone.localdate(cohort.announced_at) if cohort.announced_at else timezone.localdate(),
        place=office.city_name,
        criteria=[(each.label, str(each.weight)) for each in cohort.criteria.all()],
        assessors=sorted({str(each.assessor) for each in sheets if not each.relation}),
        excluded=[
            f"{each.assessor} tidak menilai {each.enrolment.job_seeker}: {each.relation}"
            for each in sheets
            if each.relation
        ],
        seats=_rows(groups[0]),
        line=_rows(groups[1]),
        out=_rows(groups[2]),
    )


def _decided(cohort: Cohort) -> Any:
    """(enrolment, state) as announced, whatever has become of people since."""
    steps = EnrolmentLog.objects.filter(enrolment__cohort=cohort, from_state=State.APPLIED, to_state__in=DECIDED)
    return steps.filter(at__lte=cohort.announced_at).order_by("at").values_list("enrolment", "to_state")


def _rows(enrolments: list[Enrolment]) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            str(number),
            each.job_seeker.name,
            str(each.job_seeker.region or ""),
            f"{each.score:.2f}".replace(".", ",") if each.score is not None else "–",
            each.reason or str(each.get_state_display()),
        )
        for number, each in enumerate(enrolments, start=1)
    ]


@require_POST
@permission_required("training.announce_cohort", raise_exception=True)
def complaint_answer(request: StaffRequest, pk: int) -> HttpResponse:
    rows = Complaint.objects.filter(enrolment__in=Enrolment.objects.visible_to(request.user))
    complaint = get_object_or_404(
        rows.select_related("enrolment__cohort__course", "enrolment__job_seeker__user"), pk=pk
    )
    form = ComplaintAnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tulis jawabannya. Pelamar membacanya."))
        return redirect("applicants", complaint.enrolment.cohort_id)
    try:
        selection.answer(complaint, by=request.user, words=form.cleaned_data["answer"], right="right" in request.POST)
    except StepRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Sanggahan dijawab. Pelamar mendapat e-mail."))
    return redirect("applicants", complaint.enrolment.cohort_id)


@require_POST
@permission_required("training.add_enrolment", raise_exception=True)
def enrol_at_desk(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(JobSeeker.objects.editable_by(request.user), pk=pk)
    form = DeskApplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Pilih angkatannya dulu."))
        return redirect(person)
    try:
        made = seats.apply(person, form.cleaned_data["cohort"], via=Enrolment.Via.DESK, by=request.user)
    except StepRefused as refused:
        messages.error(request, str(refused))
        return redirect(person)
    messages.success(request, _("Terdaftar: %(state)s.") % {"state": made.get_state_display()})
    return redirect(person)
