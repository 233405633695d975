"""The office: one row, editable, with defaults until somebody saves it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import Office, current_office
from tests.factories import make_office

pytestmark = pytest.mark.django_db


def test_office_has_its_defaults_while_nobody_has_saved_it():
    office = Office.current()
    assert (office.short_name, office.city_code, office.author_may_publish) == (
        "Disnakertrans Kota Metro",
        "18.72",
        False,
    )
    assert Office.objects.count() == 0


def test_office_is_one_row():
    make_office(short_name="Disnaker Kota Contoh")
    with pytest.raises(IntegrityError, match="office_one_row"):
        Office.objects.create(pk=2)


@pytest.mark.parametrize("code", ["1872", "18.7", "18.72.01", "Metro", "18,72"])
def test_city_code_has_the_form_of_the_ministry(code):
    with pytest.raises(ValidationError) as refusal:
        Office(pk=1, city_code=code).clean_fields()
    assert set(refusal.value.message_dict) == {"city_code"}


def test_pages_ask_for_the_office_once(django_assert_num_queries):
    make_office(short_name="Disnaker Kota Contoh")
    with django_assert_num_queries(1):
        names = [current_office().short_name for _ in range(3)]
    assert names == ["Disnaker Kota Contoh"] * 3


def test_page_shows_the_name_of_the_office(client):
    make_office(short_name="Disnaker Kota Contoh")
    assert "Disnaker Kota Contoh" in client.get(reverse("help")).content.decode()


def test_admin_cannot_add_a_second_office(people, client_for):
    make_office()
    assert client_for(people["admin"]).get(reverse("admin:accounts_office_add")).status_code == 403


def test_page_about_personal_data_names_the_data_officer_where_there_is_one(client):
    make_office(data_officer="Sekretaris Dinas")
    assert "Petugas pelindungan data pribadi: Sekretaris Dinas." in client.get(reverse("privacy")).content.decode()
    make_office(data_officer="")
    assert "Petugas pelindungan data pribadi" not in client.get(reverse("privacy")).content.decode()
