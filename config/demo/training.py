from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from config.demo.calendar import Calendar, Event
from config.demo.people import People
from jobseekers.models import JobSeeker
from jobseekers.services import people as services
from training.models import AdmissionRule, Cohort, Course, CourseUnit, Criterion, Enrolment, Feedback, Outcome
from training.models.enrolments import State
from training.services import attendance, certificates, outcomes, seats, selection

COURSES = {
    "Desain Grafis": (
        "21",
        "Membuat poster, kemasan, dan gambar media sosial dengan perangkat lunak bebas, dari sketsa sampai siap cetak.",
        ["Desain grafis", "Ilustrasi", "Tata letak"],
        (
            ("TIK.DG01.001", "Menerapkan prinsip dasar desain", 32),
            ("TIK.DG02.003", "Mengolah gambar digital", 48),
            ("TIK.DG03.001", "Menyiapkan berkas siap cetak", 40),
            ("", "Menyusun portofolio dan harga jasa", 40),
        ),
    ),
    "Digital Marketing": (
        "24",
        "Menjual barang dan jasa lewat internet: toko daring, foto produk, iklan, dan membaca angka penjualan.",
        ["Pemasaran digital", "Media sosial", "Iklan daring"],
        (
            ("M.70.001", "Menyusun rencana pemasaran digital", 40),
            ("M.70.004", "Mengelola media sosial usaha", 60),
            ("M.70.007", "Membaca hasil iklan", 60),
        ),
    ),
}
DESIGN, MARKETING = COURSES
PUPILS = 62
TOPICS = ("Bentuk dan warna", "Huruf", "Foto", "Tata letak", "Kemasan", "Portofolio")
FIRST = ("Anisa", "Bayu", "Citra", "Dimas", "Eka", "Fajar", "Gita", "Hendra", "Intan", "Joko")
LAST = ("Fitriani", "Saputra", "Maharani", "Kurniawan", "Wulandari")
MARKS = (88, 84, 86, 82, 80, 74, 75, 73, 91, 69, 77, 83)


def training_events(people: People, calendar: Calendar) -> Iterator[Event]:
    """A class of last year with its graduates, one of this year in confirmation, one that takes applications."""
    cohort = partial(_cohort, people, calendar)
    yield Event(calendar.past(-400, "08.00"), _courses)
    yield Event(calendar.past(-399, "09.00"), _pupils)
    yield Event(
        calendar.past(-398, "09.00"), partial(cohort, DESIGN, "Angkatan I", begins=-380, capacity=16, opens=-397)
    )
    yield Event(calendar.past(-396, "10.00"), partial(_apply, range(18), DESIGN, "Angkatan I"))
    yield Event(calendar.past(-388, "10.00"), partial(_select, people, DESIGN, "Angkatan I"))
    yield Event(calendar.past(-387, "10.00"), partial(_take_seats, DESIGN, "Angkatan I", 16))
    yield Event(calendar.past(-355, "16.00"), partial(_teach_and_close, people, DESIGN, "Angkatan I"))
    yield Event(calendar.past(-160, "10.00"), partial(_answers, people))
    yield Event(calendar.past(-36, "09.00"), partial(cohort, DESIGN, "Angkatan II", begins=13, capacity=40, opens=-35))
    yield Event(calendar.past(-22, "10.00"), partial(_apply, range(18, PUPILS), DESIGN, "Angkatan II"))
    yield Event(calendar.past(-2, "14.00"), partial(_select, people, DESIGN, "Angkatan II"))
    yield Event(calendar.past(-1, "09.00"), partial(_take_seats, DESIGN, "Angkatan II", 34))
    yield Event(calendar.past(-8, "09.00"), partial(cohort, MARKETING, "Angkatan I", begins=40, capacity=40, opens=-7))
    yield Event(calendar.past(-2, "19.10"), partial(_wish, "Lina Marlina", MARKETING))
    yield Event(calendar.past(-1, "20.10"), partial(_wish, "Rizki Ramadhan", MARKETING))


def _courses() -> None:
    for title, (trade, summary, skills, units) in COURSES.items():
        course = Course.objects.create(
            title=title, trade_id=trade, summary=summary, skills=skills, lesson_hours=160,
            requirements="Membawa KTP dan ijazah asli saat pemeriksaan berkas.",
        )  # fmt: skip
        CourseUnit.objects.bulk_create(
            CourseUnit(course=course, code=code, title=name, lesson_hours=hours, order=number)
            for number, (code, name, hours) in enumerate(units)
        )
        AdmissionRule.objects.create(course=course, kind=AdmissionRule.Kind.ONE_A_YEAR)
        AdmissionRule.objects.create(course=course, kind=AdmissionRule.Kind.LOWEST_EDUCATION, value=3)


def _pupils() -> None:
    """People who are here for training only: without card, account and e-mail address."""
    for count in range(PUPILS):
        person = JobSeeker(
            via=JobSeeker.Via.DESK,
            name=f"{FIRST[count % 10]} {LAST[count // 10 % 5]}{' Putri' if count >= 50 else ''}",
            birth_place="Metro",
            birth_date=timezone.localdate() - timedelta(days=365 * 20 + 97 * count),
            sex="female" if count % 2 else "male",
            region_id=f"18.72.0{1 + count % 5}.100{1 + count % 4}",
            address=f"Jalan Contoh {100 + count}",
            phone=_phone(count),
            education_id=3 + count % 2,
            occupation_id="21",
        )
        day = person.birth_date.day + (40 if person.sex == "female" else 0)  # type: ignore[union-attr]
        person.set_nik(f"187299{day:02d}{person.birth_date:%m%y}{8000 + count}")  # nobody's: there is no kecamatan 99
        person.save()
        services.complete(person)


def _phone(count: int) -> str:
    return f"0812-0000-{3000 + count}"


def _cohort(
    people: People, calendar: Calendar, course: str, name: str, *, begins: int, capacity: int, opens: int
) -> None:
    cohort = Cohort.objects.create(
        course=Course.objects.get(title=course), name=f"{name} {calendar.day(begins).year}", state=Cohort.State.OPEN,
        begins_on=calendar.day(begins), ends_on=calendar.day(begins + 24), intake_from=calendar.day(opens),
        intake_until=calendar.day(opens + 14), place="Laboratorium Komputer, Iring Mulyo", trainer=people["pelatih"],
        capacity=capacity, budget="APBD Kota Metro", created_by=people["petugas"],
    )  # fmt: skip
    for label, weight in (("Tes tulis", 60), ("Wawancara", 40)):
        Criterion.objects.create(cohort=cohort, label=label, weight=weight)


def _found(course: str, name: str) -> Cohort:
    return Cohort.objects.select_related("course").get(course__title=course, name__startswith=f"{name} ")


def _apply(numbers: range, course: str, name: str) -> None:
    for count in numbers:
        person = JobSeeker.objects.get(phone=_phone(count))
        seats.apply(person, _found(course, name), via=Enrolment.Via.DESK)


def _wish(name: str, course: str) -> None:
    words = "Ingin bisa berjualan lewat internet."
    seats.apply(JobSeeker.objects.get(name=name), _found(course, "Angkatan I"), via="web", motivation=words)


def _select(people: People, course: str, name: str) -> None:
    """Papers, one score sheet of the trainer, a relation of an officer, the announcement. One person stays away."""
    cohort = _found(course, name)
    test, interview = cohort.criteria.all()
    applicants = list(cohort.enrolments.filter(state=State.APPLIED).select_related("job_seeker", "cohort"))
    for number, enrolment in enumerate(applicants):
        selection.check_files(enrolment, complete=True, by=people["petugas"])
        enrolment.refresh_from_db()
        if number:
            marks = MARKS[number % len(MARKS)]
            points = {test.pk: marks, interview.pk: min(100, marks + number % 5)}
            selection.judge(enrolment, by=people["pelatih"], points=points)
    selection.declare_relation(applicants[1], by=people["petugas2"], relation="keponakan")
    selection.announce(cohort, by=people["manajer"])


def _take_seats(course: str, name: str, number: int) -> None:
    for enrolment in _found(course, name).enrolments.filter(state=State.OFFERED).order_by("-score")[:number]:
        seats.accept(enrolment, by=None)


def _teach_and_close(people: People, course: str, name: str) -> None:
    """Twelve sessions; two people came too rarely. Then certificates for all who passed."""
    cohort = _found(course, name)
    cohort.move(Cohort.State.RUNNING)
    people_there = list(cohort.enrolments.filter(state=State.ENROLLED).order_by("pk"))
    for number in range(12):
        session = cohort.sessions.create(
            on=cohort.begins_on + timedelta(days=2 * number), topic=TOPICS[number % len(TOPICS)], lesson_hours=8
        )
        rare = {each.pk for each in people_there[:2]} if number % 2 else set()
        marks = {each.pk: "absent" if each.pk in rare else "present" for each in people_there}
        attendance.mark(session, marks, by=people["pelatih"])
    certificates.finish(cohort, by=people["manajer"])
    certificates.go_on(certificates.start(cohort, by=people["manajer"]))
    for number, words in enumerate(("Lebih banyak praktik dari teori.", "", "Komputer nomor 7 sering mati.", "")):
        Feedback.objects.create(
            enrolment=people_there[3 + number], content=4, teaching=5 - number % 2, facilities=3, words=words
        )


def _answers(people: People) -> None:
    """After three and six months some were reached: work, two businesses, nobody home. Three are still to be called."""
    told = [("employed", {"employer_name": "Percetakan Warna Jaya"}), ("seeking", {}), ("employed", {})]
    told += [("business", {"business_name": "Sablon Kreatif Anisa", "business_sector": "sablon kaus"})]
    told += [("not_reached", {}), ("business", {"business_name": "Undangan Digital", "business_sector": "desain"})]
    rows = Outcome.objects.filter(months__lt=12).select_related("enrolment__job_seeker", "enrolment__cohort")
    for number, row in enumerate(rows.order_by("months", "pk")[: rows.count() - 3]):
        value, details = told[number % len(told)]
        outcomes.answer(row, value, by=people["petugas"], details=details)
