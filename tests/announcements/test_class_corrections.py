"""A class that changes after it was announced: whoever got the old date, place or seats is told the new one, once."""

from datetime import timedelta

import pytest

from announcements import corrections, drafts, expansion, outdated, services
from announcements.models import Announcement
from canvassing.words import long_date
from jobseekers.models import AlertSubscription
from tests.announcements.conftest import states, work
from tests.announcements.gateway_world import service
from tests.announcements.test_pages import text_of
from tests.factories import make_cohort, make_course, make_course_draft, make_device, make_subscription
from training.models import Cohort

__all__ = ["service"]
pytestmark = pytest.mark.django_db(transaction=True)

SITI, DEWI, NEWCOMER = "siti@contoh.test", "dewi@contoh.test", "baru@contoh.test"


@pytest.fixture
def publisher(people, client_for):
    return client_for(people["publisher"])


@pytest.fixture
def cohort(db):
    return make_cohort(course=make_course(title="Desain Grafis"), name="Angkatan 3", place="Gedung Lama")


@pytest.fixture
def told(cohort, people, sink):
    """The mail of the class that has left to Siti and, in English, to Dewi."""
    make_subscription(email=SITI, wants_courses=True)
    make_subscription(email=DEWI, wants_courses=True, language="en")
    announcement = announce(make_course_draft(people["canvasser"], cohort, channels=["board"]), people)
    work()
    assert sink.addresses == [DEWI, SITI]
    sink.forget()
    return announcement.issues.get(channel="email")


def announce(draft, people):
    drafts.submit(draft, by=people["canvasser"])
    read = drafts.reading(draft, drafts.facts_now(draft))
    drafts.approve(draft, by=people["publisher"], read=read, at_once=True)
    return draft.announcement


def press(client, issue):
    read = corrections.fingerprint(corrections.facts_of(issue))
    return client.post(f"/petugas/penarikan/{issue.pk}/koreksi/", {"read": read})


def correction():
    return Announcement.objects.get(kind="correction")


def listed(people):
    return [row.issue for row in outdated.standing_outdated(people["publisher"])]


def test_a_class_as_it_was_told_is_not_listed(told, people, publisher):
    assert listed(people) == []
    page = publisher.get(f"/petugas/penarikan/{told.pk}/koreksi/")
    assert "Tidak ada yang perlu dikoreksi" in text_of(page)
    assert press(publisher, told)["Location"] == "/petugas/penarikan/"


def test_exactly_the_readers_of_the_old_class_are_told_once(told, cohort, people, publisher, sink):
    later = cohort.begins_on + timedelta(days=2)
    Cohort.objects.update(place="Gedung Baru", begins_on=later, capacity=20)
    make_subscription(email=NEWCOMER, wants_courses=True)
    (row,) = outdated.standing_outdated(people["publisher"])
    assert (row.issue, row.readers) == (told, 2)
    assert {(each.label, each.old, each.new) for each in row.changes} == {
        ("tempat", "Gedung Lama", "Gedung Baru"),
        ("mulai", long_date(cohort.begins_on), long_date(later)),
        ("kursi", "16 orang", "20 orang"),
    }
    assert "ke 2 penerima" in text_of(publisher.get(f"/petugas/penarikan/{told.pk}/koreksi/"))
    assert press(publisher, told)["Location"] == correction().get_absolute_url()
    work()
    work()
    assert states(correction()) == {SITI: "sent", DEWI: "sent"}
    mails = {mail.message["To"]: mail for mail in sink.mails}
    assert mails[SITI].message["Subject"] == "Koreksi: Desain Grafis, Angkatan 3"
    assert mails[DEWI].message["Subject"] == "Correction: Desain Grafis, Angkatan 3"
    for kind in ("plain", "html"):
        assert "Tempat: Gedung Lama menjadi Gedung Baru" in mails[SITI].part(kind)
        assert "Place: Gedung Lama is now Gedung Baru" in mails[DEWI].part(kind)
        assert "Seats: 16 people is now 20 people" in mails[DEWI].part(kind)
        assert cohort.get_absolute_url() in mails[SITI].part(kind)
    assert listed(people) == []


def test_a_cancelled_class_is_told_and_said_plainly(told, cohort, people, publisher, sink):
    cohort.move(Cohort.State.CANCELLED)
    assert listed(people) == [told]
    press(publisher, told)
    work()
    mails = {mail.message["To"]: mail for mail in sink.mails}
    assert mails[SITI].message["Subject"] == "Pelatihan batal: Desain Grafis, Angkatan 3"
    assert "Pelatihan ini batal." in mails[SITI].part("plain")
    assert "This training is cancelled." in mails[DEWI].part("html")
    assert listed(people) == []


def test_a_further_change_is_a_further_correction(told, people, publisher, sink):
    Cohort.objects.update(place="Gedung Baru")
    press(publisher, told)
    work()
    Cohort.objects.update(place="Gedung Ketiga")
    assert listed(people) == [told]
    press(publisher, told)
    work()
    last = Announcement.objects.filter(kind="correction").order_by("pk").last()
    assert last.correction_number == 2
    assert "Tempat: Gedung Baru menjadi Gedung Ketiga" in last.issues.get().text


def test_a_correction_on_its_way_that_is_wrong_again_is_called_back(told, people, publisher):
    Cohort.objects.update(place="Gedung Baru")
    press(publisher, told)
    expansion.expand(correction().pk)
    Cohort.objects.update(place="Gedung Ketiga")
    assert services.call_back_stale() == 1
    assert (correction().state, states(correction())) == ("cancelled", {SITI: "cancelled", DEWI: "cancelled"})
    assert listed(people) == [told]


def test_what_changed_since_the_page_was_read_is_not_sent(told, publisher):
    Cohort.objects.update(place="Gedung Baru")
    read = corrections.fingerprint(corrections.facts_of(told))
    Cohort.objects.update(place="Gedung Ketiga")
    assert publisher.post(f"/petugas/penarikan/{told.pk}/koreksi/", {"read": read}).status_code == 409
    assert Announcement.objects.filter(kind="correction").count() == 0


def test_who_wants_no_training_any_more_is_corrected_and_who_stopped_is_not(told, people, publisher, sink):
    siti, dewi = told.announcement.deliveries.order_by("-address").values_list("subscription", flat=True)
    AlertSubscription.objects.filter(pk=siti).update(wants_courses=False)
    AlertSubscription.objects.get(pk=dewi).stop()
    Cohort.objects.update(place="Gedung Baru")
    press(publisher, told)
    work()
    assert sink.addresses == [SITI]


def test_a_device_is_told_what_changed(cohort, people, publisher, service):
    make_device(service, wants_courses=True)
    announcement = announce(make_course_draft(people["canvasser"], cohort), people)
    work()
    Cohort.objects.update(place="Gedung Baru")
    issue = announcement.issues.get(channel="push")
    press(publisher, issue)
    assert "Tempat: Gedung Lama menjadi Gedung Baru." in correction().issues.get().text
    work()
    assert set(states(correction()).values()) == {"sent"}


def test_the_page_and_the_report_of_a_correction_name_the_class(told, people, publisher, client_for):
    Cohort.objects.update(place="Gedung Baru")
    press(publisher, told)
    address = correction().get_absolute_url()
    page = publisher.get(address)
    assert "Desain Grafis, Angkatan 3" in text_of(page)
    assert publisher.get(f"{address}laporan/").status_code == 200
    assert publisher.get(f"{address}surat/?bahasa=en").status_code == 200
    assert client_for(people["canvasser"]).get(address).status_code == 200
    assert client_for(people["other_canvasser"]).get(address).status_code == 404


def test_a_piece_made_before_classes_had_corrections_is_compared(told, cohort):
    (fact,) = told.facts
    for language in ("id", "en"):
        del fact["words"][language]["facts"]
    del fact["detail"]["facts"]["capacity"]
    Cohort.objects.update(place="Gedung Baru", capacity=20)
    assert [each.new for each in outdated.changes_of([told], "en")[told.pk]] == ["Gedung Baru"]
