"""The second factor: asked of staff before any page of theirs, never of job seekers."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from accounts.roles import Role
from tests.accounts.conftest import PASSWORD, make_person

pytestmark = pytest.mark.django_db

LOGIN, LOGOUT, REAUTHENTICATE = reverse("account_login"), reverse("account_logout"), reverse("account_reauthenticate")
MFA, TOTP, RECOVERY = reverse("mfa_index"), reverse("mfa_activate_totp"), reverse("mfa_view_recovery_codes")
WORKSPACE = reverse("workspace")


@pytest.fixture(autouse=True)
def second_factor_required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def code_at(secret, moment):
    """What the app on the phone shows at a time, 30 seconds long."""
    return format_hotp_value(hotp_value(secret, int(moment) // 30))


def code_now(secret):
    return code_at(secret, time.time())


def sign_in(client):
    return client.post(LOGIN, {"login": "siti@contoh.test", "password": PASSWORD})


def set_up_totp(client):
    """Gives the password once more, reads the secret off the page as the phone's camera would, and answers it."""
    asked_again = client.get(TOTP)
    assert client.post(asked_again.url, {"password": PASSWORD}).url == TOTP
    secret = client.get(TOTP).context["form"].secret
    response = client.post(TOTP, {"code": code_now(secret)})
    assert response.url == RECOVERY
    return secret


@pytest.mark.parametrize("name", ["workspace", "home", "vacancy_list", "account", "account_email", "admin:index"])
def test_staff_without_factor_reach_no_page(client, name):
    make_person(Role.ADMIN, is_staff=True)
    sign_in(client)
    assert client.get(reverse(name)).url == MFA


@pytest.mark.parametrize("method", ["get", "post"])
def test_admin_pages_about_factors_are_no_way_round(client, method):
    make_person(Role.ADMIN, is_staff=True, is_superuser=True)
    sign_in(client)
    assert getattr(client, method)(reverse("admin:mfa_authenticator_changelist")).url == MFA


@pytest.mark.parametrize("url", [MFA, REAUTHENTICATE, LOGOUT])
def test_staff_without_factor_reach_the_pages_that_set_one_up(client, url):
    make_person(Role.CANVASSER)
    sign_in(client)
    assert client.get(url).status_code == 200


def test_staff_without_factor_are_told_what_to_do(client):
    make_person(Role.CANVASSER)
    sign_in(client)
    response = client.get(WORKSPACE, follow=True)
    assert "Pasang pengaman kedua dulu: aplikasi kode atau kunci sandi (passkey)." in [
        str(message) for message in response.context["messages"]
    ]


def test_totp_set_up_opens_the_workspace(client):
    make_person(Role.CANVASSER)
    sign_in(client)
    set_up_totp(client)
    assert client.get(WORKSPACE).status_code == 200
    assert len(client.get(RECOVERY).context["unused_codes"]) == 10


def test_next_sign_in_asks_for_the_code(client):
    make_person(Role.CANVASSER)
    sign_in(client)
    secret = set_up_totp(client)
    client.post(LOGOUT)
    assert sign_in(client).url == reverse("mfa_authenticate")
    assert client.get(WORKSPACE).url == f"{LOGIN}?next={WORKSPACE}"
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert client.get(WORKSPACE).status_code == 302
    response = client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert response.url == WORKSPACE
    assert client.get(WORKSPACE).status_code == 200


def test_code_that_was_just_replaced_still_opens(client):
    make_person(Role.CANVASSER)
    sign_in(client)
    secret = set_up_totp(client)
    client.post(LOGOUT)
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_at(secret, time.time() - 120)})
    assert client.get(WORKSPACE).url == f"{LOGIN}?next={WORKSPACE}"
    client.post(reverse("mfa_authenticate"), {"code": code_at(secret, time.time() - 29)})
    assert client.get(WORKSPACE).status_code == 200


def test_recovery_codes_alone_are_no_factor(client):
    user = make_person(Role.CANVASSER)
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    sign_in(client)
    assert client.get(WORKSPACE).url == MFA


def test_removing_the_factor_needs_the_password_or_the_factor_again(client, client_for):
    user = make_person(Role.CANVASSER)
    sign_in(client)
    set_up_totp(client)
    stolen = client_for(user)
    response = stolen.post(reverse("mfa_deactivate_totp"))
    assert response.url.startswith(REAUTHENTICATE)
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1


def test_job_seekers_are_not_asked(client_for):
    client = client_for(make_person())
    assert [client.get(reverse(name)).status_code for name in ("account", "home")] == [200, 200]


def test_nobody_is_asked_where_the_rule_is_off(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    make_person(Role.CANVASSER)
    assert sign_in(client).url == WORKSPACE
    assert client.get(WORKSPACE).status_code == 200


def test_a_colleagues_passkey_is_not_found(client):
    make_person(Role.CANVASSER)
    colleague = make_person(Role.CANVASSER, email="budi@contoh.test")
    passkey = Authenticator.objects.create(user=colleague, type=Authenticator.Type.WEBAUTHN, data={"name": "Kunci"})
    sign_in(client)
    set_up_totp(client)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.post(reverse(name, args=[passkey.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_admin_has_no_sign_in_of_its_own(client):
    make_person(Role.ADMIN, is_staff=True)
    credentials = {"username": "siti@contoh.test", "password": PASSWORD, "next": reverse("admin:index")}
    response = client.post(reverse("admin:login"), credentials)
    assert response.url == f"{LOGIN}?next=%2Fadmin%2F"
    assert client.session.get("_auth_user_id") is None
    assert client.get(reverse("admin:index"), follow=True).redirect_chain[-1] == (f"{LOGIN}?next=%2Fadmin%2F", 302)


def test_admin_lets_nobody_become_a_colleague(client):
    user = make_person(Role.ADMIN, is_staff=True)
    make_person(Role.ADMIN, email="budi@contoh.test", is_staff=True)
    sign_in(client)
    set_up_totp(client)
    client.post(reverse("admin:login"), {"username": "budi@contoh.test", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(user.pk)
