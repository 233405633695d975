"""Two records of one person made one and taken apart again."""

from datetime import date

import pytest

from jobseekers import nik
from jobseekers.models import Consent, Document, Experience, JobSeeker, RegisterEvent
from jobseekers.services import merging
from tests.factories import make_application, make_card, make_job_seeker, make_registered

pytestmark = pytest.mark.django_db
SAME = {"name": "Siti Rahmadani", "birth_date": date(1998, 4, 17)}
VOLATILE = {"updated_at", "version", "nik_cipher"}


def rows():
    """Every row that may move or change, without what no undo brings back: times, versions, the sealed NIK's nonce."""
    found = {}
    for model in (JobSeeker, *merging.MOVED):
        for row in model._default_manager.order_by("pk"):
            values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
            if isinstance(row, JobSeeker):
                values["nik"] = nik.decrypt(row.nik_cipher, row.key) if row.nik_cipher else None
            found[model.__name__, row.pk] = {
                name: bytes(value) if isinstance(value, memoryview) else value
                for name, value in values.items()
                if name not in VOLATILE
            }
    return found


def furnish(person, *, year):
    Experience.objects.create(job_seeker=person, position="Kasir", from_year=year)
    Consent.objects.create(job_seeker=person, purpose="share", channel="web")
    Document.objects.create(job_seeker=person, kind_id="ktp")
    make_application(job_seeker=person)


def both_full(people):
    kept, removed = (
        make_registered(**SAME),
        make_registered(**SAME, email="siti@contoh.test", user=people["job_seeker"]),
    )
    for person in (kept, removed):
        furnish(person, year=2019)
        make_card(job_seeker=person)
    return kept, removed


def kept_empty(people):
    kept = make_job_seeker("draft", **SAME)
    JobSeeker.objects.filter(pk=kept.pk).update(nik_cipher=None, nik_index=None, phone="", region=None, skills=[])
    removed = make_job_seeker(**SAME, user=people["job_seeker"], email="siti@contoh.test")
    furnish(removed, year=2018)
    make_card("requested", job_seeker=removed)
    return kept, removed


def same_vacancy(people):
    kept, removed = make_registered(**SAME), make_job_seeker(**SAME)
    application = make_application(job_seeker=kept)
    make_application(job_seeker=removed, vacancy=application.vacancy)
    make_card("requested", job_seeker=kept)
    make_card("requested", job_seeker=removed)
    return kept, removed


@pytest.mark.parametrize("make", [both_full, kept_empty, same_vacancy])
def test_merge_and_undo_give_the_same_rows(people, make):
    kept, removed = make(people)
    before = rows()
    merged = merging.merge(kept, removed, by=people["canvasser"])
    assert rows() != before
    merging.undo(merged, by=people["canvasser"])
    assert rows() == before


def test_rows_go_over_and_what_is_there_already_stays(people):
    kept, removed = both_full(people)
    merging.merge(kept, removed, by=people["canvasser"])
    kept.refresh_from_db()
    removed.refresh_from_db()
    assert (removed.state, removed.merged_into, removed.in_register) == ("merged", kept, False)
    assert (kept.email, kept.user, kept.in_register) == ("siti@contoh.test", people["job_seeker"], True)
    assert (kept.experiences.count(), kept.applications.count(), kept.cards.count()) == (2, 2, 2)
    assert (kept.consents.count(), removed.consents.count(), removed.documents.count()) == (1, 1, 1)
    assert kept.cards.filter(state="issued").count() == 1


def test_the_number_goes_over_to_a_record_without_one(people):
    kept, removed = kept_empty(people)
    number = removed.nik_masked
    merging.merge(kept, removed, by=people["canvasser"])
    kept.refresh_from_db()
    assert kept.nik_masked == number


def test_past_counts_stay_and_the_balance_is_one(people):
    kept, removed = both_full(people)
    merging.merge(kept, removed, by=people["canvasser"])
    assert list(RegisterEvent.objects.order_by("pk").values_list("kind", "reason")) == [
        ("registered", None), ("registered", None), ("removed", "merged"),
    ]  # fmt: skip
    assert JobSeeker.objects.filter(in_register=True).count() == 1


def test_record_in_the_register_must_be_the_one_kept(people):
    with pytest.raises(merging.CannotMerge):
        merging.merge(make_job_seeker(**SAME), make_registered(**SAME), by=people["canvasser"])


def test_neither_merge_nor_undo_happens_twice(people):
    kept, removed = make_job_seeker(**SAME), make_job_seeker(**SAME)
    merged = merging.merge(kept, removed, by=people["canvasser"])
    with pytest.raises(merging.CannotMerge):
        merging.merge(kept, removed, by=people["canvasser"])
    merging.undo(merged, by=people["canvasser"])
    with pytest.raises(merging.CannotMerge):
        merging.undo(merged, by=people["canvasser"])


def test_later_edits_survive_an_undo(people):
    kept, removed = kept_empty(people)
    merged = merging.merge(kept, removed, by=people["canvasser"])
    JobSeeker.objects.filter(pk=kept.pk).update(phone="0812-9999-0000")
    merging.undo(merged, by=people["canvasser"])
    kept.refresh_from_db()
    assert (kept.phone, kept.email) == ("0812-9999-0000", "")


def test_pages_list_compare_merge_and_undo(client_for, people):
    first, second = make_job_seeker(**SAME), make_job_seeker(**SAME)
    client = client_for(people["canvasser"])
    assert (
        f"/petugas/pencaker/{first.pk}/gabung/{second.pk}/" in client.get("/petugas/pencaker/kembar/").content.decode()
    )
    path = f"/petugas/pencaker/{first.pk}/gabung/{second.pk}/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"keep": second.pk}).url == f"/petugas/pencaker/{second.pk}/"
    assert client.get(f"/petugas/pencaker/{first.pk}/").url == f"/petugas/pencaker/{second.pk}/"
    client.post(f"/petugas/pencaker/gabung/{second.merges.get().pk}/batal/")
    first.refresh_from_db()
    assert first.state == "complete"


def test_somebody_else_is_no_candidate(people):
    person = make_job_seeker(**SAME)
    make_job_seeker(name="Budi Santoso")
    assert list(merging.candidates(person)) == []
    assert merging.pairs(JobSeeker.objects.all()) == []
