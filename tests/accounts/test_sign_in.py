"""Signing in as people do it: staff with a password, job seekers with a code that comes by e-mail."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts.models import User
from accounts.roles import Role
from tests.accounts.conftest import PASSWORD, last_code_to, last_text_to, mails_to, make_person
from tests.factories import shown_a_minute_ago

pytestmark = pytest.mark.django_db

LOGIN = reverse("account_login")
ASK_FOR_CODE = reverse("account_request_login_code")
CONFIRM_CODE = reverse("account_confirm_login_code")
SIGN_UP = reverse("account_signup")
CONFIRM_ADDRESS = reverse("account_email_verification_sent")
WORKSPACE, ACCOUNT = reverse("workspace"), reverse("account")

WRONG_PASSWORD = "Alamat e-mail atau kata sandi salah. Periksa keduanya, lalu coba lagi."
WRONG_CODE = "Kode salah. Salin kode dari e-mail kami yang terakhir, atau minta kode baru."
TOO_MANY = "Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi."


def post_password(client, password=PASSWORD, email="siti@contoh.test"):
    return client.post(LOGIN, {"login": email, "password": password})


def ask_for_code(client, email="siti@contoh.test"):
    return client.post(ASK_FOR_CODE, {"email": email})


def signed_in_as(client):
    user_id = client.session.get("_auth_user_id")
    return user_id and User.objects.get(pk=user_id)


def form_errors(response):
    return [str(error) for errors in response.context["form"].errors.values() for error in errors]


def notices(response):
    return [str(message) for message in response.context["messages"]]


# --- Staff: password ------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_staff_sign_in_leads_to_the_workspace(client, role):
    user = make_person(role)
    response = post_password(client)
    assert (response.status_code, response.url) == (302, WORKSPACE)
    assert signed_in_as(client) == user


def test_address_may_be_typed_in_capitals(client):
    user = make_person(Role.CANVASSER)
    post_password(client, email="Siti@Contoh.test")
    assert signed_in_as(client) == user


def test_sign_in_leads_to_the_page_that_was_asked_for(client):
    make_person(Role.CANVASSER)
    asked = client.get(reverse("employer_list"))
    response = client.post(
        asked.url, {"login": "siti@contoh.test", "password": PASSWORD, "next": reverse("employer_list")}
    )
    assert response.url == reverse("employer_list")


def test_sign_in_leads_to_no_other_site(client):
    make_person(Role.CANVASSER)
    response = client.post(LOGIN, {"login": "siti@contoh.test", "password": PASSWORD, "next": "https://evil.test/"})
    assert response.url == WORKSPACE


def test_wrong_password_is_answered_like_an_unknown_address(client):
    make_person(Role.CANVASSER)
    known, unknown = post_password(client, "salah sekali"), post_password(client, email="tidak-ada@contoh.test")
    assert form_errors(known) == form_errors(unknown) == [WRONG_PASSWORD]
    assert known.status_code == unknown.status_code
    assert signed_in_as(client) is None


def test_sixth_wrong_password_is_refused_unread(client):
    make_person(Role.CANVASSER)
    for _ in range(5):
        post_password(client, "salah sekali")
    assert form_errors(post_password(client)) == [TOO_MANY]
    assert signed_in_as(client) is None


def test_thirty_first_sign_in_of_one_address_within_a_minute_is_refused(client):
    answers = [post_password(client, email=f"orang{number}@contoh.test").status_code for number in range(31)]
    assert answers == [200] * 30 + [429]


def test_deactivated_staff_cannot_sign_in(client):
    make_person(Role.CANVASSER, is_active=False)
    assert post_password(client).url == reverse("account_inactive")
    assert signed_in_as(client) is None


def test_deactivation_ends_a_running_session(client):
    user = make_person(Role.CANVASSER)
    post_password(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(WORKSPACE).url == f"{LOGIN}?next={WORKSPACE}"


def test_password_session_ends_after_ten_hours_of_work(client):
    make_person(Role.CANVASSER)
    start = timezone.now()
    post_password(client)
    for minutes in range(20, 600, 20):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert client.get(WORKSPACE).status_code == 200
    with time_machine.travel(start + timedelta(minutes=601)):
        assert client.get(WORKSPACE).status_code == 302


def test_new_password_ends_the_other_sessions(client, client_for):
    other = client_for(make_person(Role.CANVASSER))
    post_password(client)
    new = {"oldpassword": PASSWORD, "password1": "sandi baru yang panjang", "password2": "sandi baru yang panjang"}
    client.post(reverse("account_change_password"), new)
    assert other.get(WORKSPACE).status_code == 302


def test_first_sign_in_of_new_staff_confirms_the_address(client):
    user = make_person(Role.CANVASSER)
    user.emailaddress_set.all().delete()
    assert post_password(client).url == CONFIRM_ADDRESS
    response = client.post(CONFIRM_ADDRESS, {"code": last_code_to(user.email)})
    assert response.url == WORKSPACE
    assert signed_in_as(client) == user


# --- Job seekers: code by e-mail --------------------------------------------------------------


def test_code_by_e_mail_signs_a_job_seeker_in(client):
    user = make_person()
    assert ask_for_code(client).url == CONFIRM_CODE
    response = client.post(CONFIRM_CODE, {"code": last_code_to(user.email)})
    assert (response.status_code, response.url) == (302, ACCOUNT)
    assert signed_in_as(client) == user


def test_job_seeker_comes_back_to_what_was_asked_for_by_code_or_with_a_new_account(client, client_for):
    asked_for = reverse("card")
    entrance = client.get(asked_for, follow=True)
    kept = f'<input type="hidden" name="next" value="{asked_for}">'
    assertContains(entrance, kept, count=2)  # job seekers and staff
    assertContains(entrance, f'<a href="{SIGN_UP}?next={quote(asked_for, safe="")}">', count=1)
    make_person()
    code_page = client.post(ASK_FOR_CODE, {"email": "siti@contoh.test", "next": asked_for}).url
    assertContains(client.get(code_page), kept)
    code = last_code_to("siti@contoh.test")
    assert client.post(code_page, {"code": code, "next": asked_for}).url == asked_for
    newcomer = client_for(None)
    sign_up(newcomer, next=asked_for)
    assert newcomer.post(CONFIRM_ADDRESS, {"code": last_code_to("budi@contoh.test")}).url == asked_for


def test_code_works_once(client, client_for):
    user = make_person()
    ask_for_code(client)
    code = last_code_to(user.email)
    client.post(CONFIRM_CODE, {"code": code})
    client.logout()
    assert client.post(CONFIRM_CODE, {"code": code}).url == ASK_FOR_CODE
    assert signed_in_as(client) is None


def test_code_works_only_in_the_browser_that_asked(client, client_for):
    user = make_person()
    ask_for_code(client)
    stranger = client_for(None)
    assert stranger.post(CONFIRM_CODE, {"code": last_code_to(user.email)}).url == ASK_FOR_CODE
    assert signed_in_as(stranger) is None


def test_wrong_code_says_what_to_do(client):
    make_person()
    ask_for_code(client)
    assert form_errors(client.post(CONFIRM_CODE, {"code": "XXXX-XXXX"})) == [WRONG_CODE]


def test_fifth_wrong_code_ends_the_try(client):
    user = make_person()
    ask_for_code(client)
    for _ in range(4):
        client.post(CONFIRM_CODE, {"code": "XXXX-XXXX"})
    response = client.post(CONFIRM_CODE, {"code": "XXXX-XXXX"}, follow=True)
    assert response.redirect_chain == [(ASK_FOR_CODE, 302)]
    assert TOO_MANY in notices(response)
    client.post(CONFIRM_CODE, {"code": last_code_to(user.email)})
    assert signed_in_as(client) is None


@pytest.mark.parametrize("minutes", [11, 20])
def test_expired_code_says_what_to_do(client, minutes):
    user = make_person()
    ask_for_code(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        response = client.post(CONFIRM_CODE, {"code": last_code_to(user.email)}, follow=True)
    assert response.redirect_chain == [(ASK_FOR_CODE, 302)]
    assert "Kode sudah tidak berlaku. Minta kode baru." in notices(response)
    assert signed_in_as(client) is None


def test_sixth_code_within_an_hour_is_refused(client_for):
    make_person()
    for _ in range(5):
        ask_for_code(client_for(None))
    assert form_errors(ask_for_code(client_for(None))) == [TOO_MANY]
    assert len(mails_to("siti@contoh.test")) == 5


@pytest.mark.parametrize("role", list(Role))
def test_staff_address_gets_no_code(client, role):
    user = make_person(role)
    assert ask_for_code(client).url == CONFIRM_CODE
    assert "Masuk dengan kata sandi." in last_text_to(user.email)
    for code in ("", "XXXX-XXXX"):
        client.post(CONFIRM_CODE, {"code": code})
    assert signed_in_as(client) is None


def test_every_address_gets_the_same_answer_and_one_mail(client_for):
    make_person(Role.CANVASSER, email="petugas@contoh.test")
    make_person(email="pencaker@contoh.test")
    make_person(email="lama@contoh.test", is_active=False)
    for email in ("petugas@contoh.test", "pencaker@contoh.test", "lama@contoh.test", "tidak-ada@contoh.test"):
        response = ask_for_code(client_for(None), email)
        assert (response.status_code, response.url, len(mails_to(email))) == (302, CONFIRM_CODE, 1)


# --- Job seekers: a new account -----------------------------------------------------------------


def sign_up(client, email="budi@contoh.test", **extra):
    return client.post(SIGN_UP, {"name": "Budi", "email": email, **shown_a_minute_ago(), **extra})


def test_sign_up_makes_a_job_seeker_without_role(client):
    assert sign_up(client, email="Budi@Contoh.test").url == CONFIRM_ADDRESS
    response = client.post(CONFIRM_ADDRESS, {"code": last_code_to("budi@contoh.test")})
    user = User.objects.get()
    assert (response.url, signed_in_as(client)) == (ACCOUNT, user)
    assert (user.name, user.email, user.roles, user.is_office_staff) == ("Budi", "budi@contoh.test", frozenset(), False)
    assert not user.has_usable_password()


def test_sign_up_ignores_fields_that_give_power(client):
    sign_up(client, is_staff="on", is_superuser="on", groups="1", is_active="")
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_active, user.roles) == (False, False, True, frozenset())


def test_sign_up_with_a_known_address_is_answered_like_any_other_and_changes_nothing(client):
    make_person(Role.CANVASSER)
    response = sign_up(client, email="siti@contoh.test")
    assert (response.status_code, response.url) == (302, CONFIRM_ADDRESS)
    assert User.objects.get().name == "Siti"
    assert len(mails_to("siti@contoh.test")) == 1


def test_expired_sign_up_code_says_what_to_do(client):
    sign_up(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        response = client.post(CONFIRM_ADDRESS, {"code": last_code_to("budi@contoh.test")}, follow=True)
    assert response.redirect_chain == [(LOGIN, 302)]
    assert "Kode sudah tidak berlaku. Masuk lagi untuk mendapat kode baru." in notices(response)
    assert signed_in_as(client) is None


def test_sign_out_ends_the_session(client):
    make_person()
    ask_for_code(client)
    client.post(CONFIRM_CODE, {"code": last_code_to("siti@contoh.test")})
    client.post(reverse("account_logout"))
    assert client.get(ACCOUNT).url == f"{LOGIN}?next={ACCOUNT}"
