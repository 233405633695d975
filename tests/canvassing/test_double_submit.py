"""One form sent ten times at the same moment makes one row, and nobody sees an error."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from canvassing.models import Employer, Vacancy, Visit
from tests.canvassing.test_staff_pages import DONE, visit_entry
from tests.canvassing.test_vacancy_form import entry
from tests.factories import make_employer

pytestmark = pytest.mark.django_db(transaction=True)


def send_ten_times(client_for, user, url, typed):
    """The statuses of ten answers."""

    def send(client):
        try:
            return client.post(url, typed).status_code
        finally:
            connection.close()

    clients = [client_for(user) for _number in range(10)]
    with ThreadPoolExecutor(10) as threads:
        return list(threads.map(send, clients))


def test_vacancy_is_entered_once(people, client_for):
    assert send_ten_times(client_for, people["canvasser"], reverse("vacancy_new"), entry()) == [302] * 10
    assert (Vacancy.objects.count(), Employer.objects.count()) == (1, 1)


def test_visit_is_entered_once(people, client_for):
    url = reverse("visit_new", args=[make_employer().pk])
    typed = visit_entry(**DONE, entry_id=str(uuid.uuid4()))
    assert send_ten_times(client_for, people["canvasser"], url, typed) == [302] * 10
    assert Visit.objects.count() == 1


def test_employer_is_entered_once_with_one_contact(people, client_for):
    typed = {
        "entry_id": str(uuid.uuid4()),
        "name": "CV Karya Mitra",
        "contacts-TOTAL_FORMS": "1",
        "contacts-INITIAL_FORMS": "0",
        "contacts-0-name": "Pak Heri",
        "contacts-0-phone": "0812-0000-0187",
    }
    assert send_ten_times(client_for, people["canvasser"], reverse("employer_new"), typed) == [302] * 10
    assert [employer.contacts.count() for employer in Employer.objects.all()] == [1]
