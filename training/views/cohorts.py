"""Staff: courses and cohorts, from the plan to the last day."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError, transaction
from django.db.models import Avg, Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StaffRequest
from canvassing.conflict import Conflict, Difference, list_difference
from canvassing.paging import keyset
from training.forms.cohorts import CohortForm, CourseForm, CriterionFormSet, RuleFormSet, UnitFormSet
from training.models import Cohort, Course, Enrolment, EnrolmentLog, Feedback
from training.models.enrolments import State, StepRefused
from training.services import certificates, seats

LEAST_FEEDBACK = 3  # answers; fewer would point at people


@require_safe
@permission_required("training.view_cohort", raise_exception=True)
def cohort_list(request: StaffRequest) -> HttpResponse:
    rows = Cohort.objects.visible_to(request.user).select_related("course", "trainer")
    found = keyset(request, rows, ("-begins_on", "-pk"))
    numbers = dict(
        Cohort.objects.filter(pk__in=[row.pk for row in found.rows])
        .annotate(n=Count("enrolments", filter=Q(enrolments__state=State.APPLIED)))
        .values_list("pk", "n")
    )
    for row in found.rows:
        row.applicants = numbers[row.pk]
    return render(request, "training/cohorts/list.html", {"found": found})


@require_http_methods(["GET", "POST"])
@permission_required("training.add_cohort", raise_exception=True)
def cohort_new(request: StaffRequest) -> HttpResponse:
    return _edit(request, Cohort(created_by=request.user))


@require_http_methods(["GET", "POST"])
@permission_required("training.change_cohort", raise_exception=True)
def cohort_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Cohort.objects.editable_by(request.user), pk=pk))


def _edit(request: StaffRequest, cohort: Cohort) -> HttpResponse:
    form = CohortForm(request.POST or None, instance=cohort)
    criteria = CriterionFormSet(request.POST or None, instance=cohort)
    conflicts: list[Difference] = []
    if request.method == "POST":
        if cohort._state.adding and (earlier := form.earlier_entry()):
            return redirect("cohort_detail", earlier.pk)
        if all([form.is_valid(), criteria.is_valid()]):
            try:
                saved = form.save_once(then=lambda _saved: criteria.save())
            except Conflict:
                conflicts = form.compare() + list_difference(_("Kriteria seleksi"), criteria)
            except IntegrityError:  # somebody has taken a seat while the form was open
                form.add_error("capacity", _("Kursi tidak boleh kurang dari yang sudah terisi atau ditawarkan."))
            else:
                seats.pass_on(saved)
                messages.success(request, _("%(cohort)s tersimpan.") % {"cohort": saved})
                return redirect("cohort_detail", saved.pk)
    context = {"form": form, "criteria": criteria, "cohort": cohort, "conflicts": conflicts}
    return render(request, "training/cohorts/form.html", context, status=_status(request, conflicts))


def _status(request: StaffRequest, conflicts: list[Difference]) -> int:
    """Of a page with a form that is shown, again or for the first time."""
    return 409 if conflicts else 400 if request.method == "POST" else 200


def cohort_or_404(request: StaffRequest, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user).select_related("course", "trainer"), pk=pk)


def frame(request: StaffRequest, cohort: Cohort) -> dict[str, Any]:
    """What every page of one cohort shows: stages, tabs, what may be done."""
    counted = dict(cohort.enrolments.values_list("state").annotate(n=Count("pk")).order_by())
    everybody = sum(counted.values())
    return {
        "cohort": cohort,
        "counted": counted,
        "everybody": everybody,
        "stages": _stages(cohort, counted, everybody),
        "may_edit": request.user.has_perm("training.change_cohort"),
        "may_change": request.user.has_perm("training.change_enrolment"),
    }


def _stages(cohort: Cohort, counted: dict[str, int], everybody: int) -> list[tuple[str, str, Any]]:
    """(how it stands, name, number or date) of the way of a cohort."""
    today, state = timezone.localdate(), cohort.state
    opened = state != Cohort.State.DRAFT
    judged = cohort.announced_at is not None or cohort.intake == Cohort.Intake.FIRST_COME
    began = state in (Cohort.State.RUNNING, Cohort.State.FINISHED)
    ended = state == Cohort.State.FINISHED
    done = [(opened and today > cohort.intake_until) or began, judged or began, began, ended]
    done[0] = done[0] or (judged and cohort.announced_at is not None)
    names: list[tuple[str, Any]] = [
        (_("Pendaftaran"), everybody),
        (_("Seleksi"), cohort.announced_at or ""),
        (_("Daftar ulang"), counted.get(State.OFFERED, 0)),
        (_("Pelatihan"), cohort.begins_on),
        (_("Sertifikat"), counted.get(State.COMPLETED, 0)),
    ]
    done = [done[0], done[1], began, ended, False]
    current = next((at for at, is_done in enumerate(done) if not is_done), 4)
    return [
        ("done" if done[at] else "now" if at == current else "later", name, value)
        for at, (name, value) in enumerate(names)
    ]


@require_safe
@permission_required("training.view_cohort", raise_exception=True)
def cohort_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Seats, and for whoever may see people: participants, the waiting list, why a seat passed somebody by."""
    cohort = cohort_or_404(request, pk)
    may_see = request.user.has_perm("training.view_enrolment")
    people = Enrolment.objects.visible_to(request.user) if may_see else Enrolment.objects.none()
    people = people.filter(cohort=cohort).select_related("job_seeker__region")
    line = people.filter(state=State.WAITING).order_by("position", "pk")
    context = {
        **frame(request, cohort),
        "seated": people.seated().order_by("-score", "created_at", "pk"),
        "line": line,
        "may_see": may_see,
        "skips": {each.enrolment_id: each.note for each in _skips(cohort)} if may_see else {},
        "lapsed": people.filter(state=State.LAPSED).count(),
        "offered": cohort.enrolments.filter(state=State.OFFERED).count(),
        "to_offer": min(cohort.free, line.count()) if cohort.may_offer else 0,
        "feedback": _feedback(cohort) if may_see and cohort.state == Cohort.State.FINISHED else None,
    }
    return render(request, "training/cohorts/detail.html", context)


def _feedback(cohort: Cohort) -> dict[str, Any]:
    """What participants say about the class: means, and words without names; nothing while it would be one or two."""
    told = Feedback.objects.filter(enrolment__cohort=cohort)
    means = told.aggregate(number=Count("pk"), **{name: Avg(name) for name in ("content", "teaching", "facilities")})
    if means["number"] < LEAST_FEEDBACK:
        return {}
    return {**means, "words": told.exclude(words="").order_by("?").values_list("words", flat=True)}


def _skips(cohort: Cohort) -> Any:
    """The newest word about each person in line whom a free seat has passed by."""
    skips = EnrolmentLog.objects.filter(enrolment__cohort=cohort, from_state=State.WAITING, to_state=State.WAITING)
    return skips.order_by("at", "pk")


@require_POST
@permission_required("training.change_cohort", raise_exception=True)
def cohort_step(request: StaffRequest, pk: int) -> HttpResponse:
    """The word in `step` is a state; "finished" gives everybody their result."""
    cohort, step = get_object_or_404(Cohort.objects.editable_by(request.user), pk=pk), request.POST.get("step", "")
    if step == Cohort.State.FINISHED:
        try:
            completed, failed = certificates.finish(cohort, by=request.user)
        except StepRefused as refused:
            messages.error(request, str(refused))
        else:
            words = _("Kelas ditutup: %(completed)s lulus, %(failed)s belum.")
            messages.success(request, words % {"completed": completed, "failed": failed})
        return redirect("cohort_detail", pk)
    if step == Cohort.State.CANCELLED:
        try:
            told = seats.cancel(cohort, by=request.user)
        except StepRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Angkatan dibatalkan; %(number)s orang dikabari.") % {"number": told})
        return redirect("cohort_detail", pk)
    if step == Cohort.State.RUNNING and cohort.enrolments.filter(state=State.APPLIED).exists():
        messages.error(request, _("Masih ada pelamar tanpa keputusan. Umumkan hasil seleksi dulu."))
        return redirect("cohort_detail", pk)
    if step in Cohort.State.values and cohort.move(step):
        messages.success(request, _("Tercatat: %(state)s.") % {"state": cohort.get_state_display()})
    else:
        messages.error(request, _("Keadaan angkatan sudah berubah. Muat ulang halaman ini."))
    return redirect("cohort_detail", pk)


# --- Courses --------------------------------------------------------------------------------------


@require_safe
@permission_required("training.view_course", raise_exception=True)
def course_list(request: StaffRequest) -> HttpResponse:
    courses = Course.objects.select_related("trade").annotate(runs=Count("cohorts"))
    return render(request, "training/cohorts/courses.html", {"courses": courses})


@require_http_methods(["GET", "POST"])
@permission_required("training.add_course", raise_exception=True)
def course_new(request: StaffRequest) -> HttpResponse:
    return _course(request, Course())


@require_http_methods(["GET", "POST"])
@permission_required("training.change_course", raise_exception=True)
def course_edit(request: StaffRequest, pk: int) -> HttpResponse:
    return _course(request, get_object_or_404(Course, pk=pk))


def _course(request: StaffRequest, course: Course) -> HttpResponse:
    data = request.POST or None
    form, units, rules = (
        CourseForm(data, instance=course),
        UnitFormSet(data, instance=course, prefix="units"),
        RuleFormSet(data, instance=course, prefix="rules"),
    )
    conflicts: list[Difference] = []
    if request.method == "POST" and all([form.is_valid(), units.is_valid(), rules.is_valid()]):
        try:
            with transaction.atomic():
                for part in (form, units, rules):
                    part.save()
        except Conflict:
            conflicts = form.compare() + list_difference(_("Unit"), units) + list_difference(_("Syarat"), rules)
        else:
            messages.success(request, _("%(course)s tersimpan.") % {"course": course})
            return redirect("course_list")
    context = {"form": form, "units": units, "rules": rules, "course": course, "conflicts": conflicts}
    return render(request, "training/cohorts/course_form.html", context, status=_status(request, conflicts))
