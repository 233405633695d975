"""The NIK: what is refused, what only warns, and that nothing but a mask is left in the open."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from hypothesis import given
from hypothesis import strategies as st

from jobseekers import nik
from jobseekers.models import JobSeeker
from tests.factories import make_job_seeker

NIK = "1872995704980001"  # a woman, born on 17 April 1998; nobody's: there is no kecamatan 99


@pytest.mark.parametrize("typed", ["1872 9957 0498 0001", "187299.570498.0001", " 1872995704980001 "])
def test_nik_is_read_as_people_write_it(typed):
    assert nik.normalize(typed) == NIK


@pytest.mark.parametrize(
    "number",
    ["", "187299570498000", "18729957049800011", "187299570498000A", "１８７２９９５７０４９８０００１",
     "1872990004980001", "1872994004980001", "1872997204980001", "1872995700980001", "1872995713980001",
     "1872995704980000"],
)  # fmt: skip
def test_nik_that_cannot_be_is_refused(number):
    with pytest.raises(ValidationError):
        nik.check(number)


def test_nik_that_can_be_passes():
    nik.check(NIK)
    nik.check("1872991704980001")


@pytest.mark.parametrize(
    ("born", "is_female", "provinces", "count"),
    [
        (date(1998, 4, 17), True, {"18"}, 0),
        (None, None, {"18"}, 0),
        (date(1998, 4, 18), True, {"18"}, 1),
        (date(1998, 4, 17), False, {"18"}, 1),
        (date(1999, 4, 17), False, {"11"}, 3),
    ],
)
def test_nik_that_does_not_fit_the_form_warns(born, is_female, provinces, count):
    assert len(nik.warnings(NIK, born=born, is_female=is_female, provinces=provinces)) == count


def test_mask_leaves_eight_digits():
    assert nik.mask(NIK) == "1872********0001"


@given(st.from_regex(r"\A[0-9]{16}\Z"))
def test_sealed_nik_opens_for_its_person_only(number):
    person, other = uuid4(), uuid4()
    sealed = nik.encrypt(number, person)
    assert nik.decrypt(sealed, person) == number
    assert number.encode() not in sealed
    with pytest.raises(nik.Unreadable):
        nik.decrypt(sealed, other)


def test_former_key_still_opens(settings):
    person = uuid4()
    sealed = nik.encrypt(NIK, person)
    settings.NIK_KEYS = ["baru", *settings.NIK_KEYS]
    assert nik.decrypt(sealed, person) == NIK
    settings.NIK_KEYS = ["baru"]
    with pytest.raises(nik.Unreadable):
        nik.decrypt(sealed, person)


@pytest.mark.django_db
def test_database_holds_no_nik_in_the_open():
    person = make_job_seeker(number=NIK)
    assert person.nik_masked == "1872********0001"
    with connection.cursor() as cursor:
        cursor.execute("SELECT j::text FROM jobseekers_jobseeker j")
        [(row,)] = cursor.fetchall()
    assert NIK not in row
    assert NIK.encode().hex() not in row


@pytest.mark.django_db
def test_nik_finds_its_person_and_is_there_once():
    person = make_job_seeker(number=NIK)
    assert JobSeeker.objects.with_nik("1872 9957 0498 0001").get() == person
    with pytest.raises(IntegrityError, match="nik_index"):
        make_job_seeker(number=NIK)


@pytest.mark.django_db
def test_lost_key_leaves_the_rest_of_the_record_readable(settings):
    person = make_job_seeker(number=NIK)
    settings.NIK_KEYS = ["lain"]
    assert person.nik_masked == "*" * 16
