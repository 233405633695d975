"""The AK/I card on paper: one person's record as the print wants it."""

from django.conf import settings
from django.utils import translation

from accounts.models import current_office
from canvassing.models import Region
from jobseekers import prints
from jobseekers.models import CardSettings, JobSeeker, RegistrationCard
from jobseekers.models.documents import PHOTO
from jobseekers.prints.shapes import CardPrint, Check, Education, Experience, Letterhead, Report, Signer


def card_pdf(card: RegistrationCard) -> bytes:
    """The PDF of an issued card, on the paper of the office, in Indonesian."""
    with translation.override(settings.LANGUAGE_CODE):
        return prints.card(card_facts(card), paper=CardSettings.current().paper)  # type: ignore[arg-type]


def card_facts(card: RegistrationCard) -> CardPrint:
    assert card.valid_until is not None
    assert card.issued_on is not None
    person, office, rules = card.job_seeker, current_office(), CardSettings.current()
    return CardPrint(
        office=Letterhead(name=office.name, address=office.address, phone=office.phone),
        number=card.number,
        nik_masked=person.nik_masked,
        name=person.name,
        birth_place=person.birth_place,
        birth_date=person.birth_date,
        sex=person.get_sex_display(),
        marital_status=person.get_marital_status_display(),
        religion=person.get_religion_display(),
        address=person.address,
        kelurahan=_place(person, 13),
        kecamatan=_place(person, 8),
        postcode=person.postal_code,
        photo=_photo(person),
        reports=[
            Report(due=row.due_on, reported=row.reported_on, officer=str(row.by or ""))
            for row in card.reports.select_related("by")
        ],
        valid_until=card.valid_until,
        check=check_address(card),
        education=[education(person)],
        skills=person.skills,
        languages=person.language_names,
        experience=experience(person),
        terms=[rules.area + ".", *rules.terms],
        signer=Signer(title=rules.signer_title, name=rules.signer_name or str(card.decided_by), nip=rules.signer_nip),
        place=office.city_name,
        issued=card.issued_on,
    )


def check_address(card: RegistrationCard) -> Check:
    """Where the QR code leads, and the same to be typed."""
    url = f"{settings.SITE_URL}{card.check_path}"
    return Check(url=url, text=url.partition("://")[2])


def _place(person: JobSeeker, length: int) -> str:
    """The name of the kelurahan (a code of 13 characters) or kecamatan (8), "" while only a wider place is known."""
    code = str(person.region_id or "")
    if len(code) < length:
        return ""
    return Region.objects.filter(pk=code[:length]).values_list("name", flat=True).first() or ""


def _photo(person: JobSeeker) -> bytes | None:
    document = person.documents.filter(kind=PHOTO, media_type__in=("image/jpeg", "image/png")).first()
    if document is None:
        return None
    with document.file.open() as file:
        return file.read()


def education(person: JobSeeker) -> Education:
    year = str(person.graduated_in or "")
    return Education(level=str(person.education or ""), major=person.field_of_study, school=person.school, year=year)


def experience(person: JobSeeker) -> list[Experience]:
    return [
        Experience(
            job=each.position,
            employer=each.employer,
            years=f"{each.from_year}–{each.to_year or ''}",
            duties=each.duties,
        )
        for each in person.experiences.all()
    ]
