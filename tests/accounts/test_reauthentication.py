"""Whoever is signed in proves once more that it is they, before the address, password or second factor is changed."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from tests.accounts.conftest import PASSWORD, last_code_to, last_text_to, mails_to, make_person

pytestmark = pytest.mark.django_db

EMAIL, BY_CODE, BY_PASSWORD = (
    reverse(name) for name in ("account_email", "account_reauthenticate_by_code", "account_reauthenticate")
)
CONFIRM_ADDRESS = reverse("account_email_verification_sent")
NEW = {"email": "siti.baru@contoh.test", "action_add": ""}


def notices(response):
    return [str(message) for message in response.context["messages"]]


def make_job_seeker():
    """Somebody with a confirmed address and no password, as people sign up."""
    user = make_person()
    user.set_unusable_password()
    user.save()
    return user


def after(proof, url):
    """Where somebody is sent who is to prove it before going on to `url`."""
    return f"{proof}?{urlencode({'next': url})}"


def ask_for_code(client, came_from=EMAIL):
    return client.post(BY_CODE, {"action": "send", "next": came_from}, follow=True)


def addresses_of(user):
    return list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))


def test_job_seeker_changes_the_address_with_a_code_from_the_former_one(client_for):
    user = make_job_seeker()
    client = client_for(user)
    assert client.post(EMAIL, NEW).url == after(BY_CODE, EMAIL)
    ask_for_code(client)
    asked = client.post(BY_CODE, {"code": last_code_to("siti@contoh.test"), "next": EMAIL})
    assert (asked.status_code, asked.url) == (302, CONFIRM_ADDRESS)  # what was sent before goes on by itself
    assert addresses_of(user) == ["siti@contoh.test"]
    client.post(CONFIRM_ADDRESS, {"code": last_code_to("siti.baru@contoh.test")})
    user.refresh_from_db()
    assert (user.email, addresses_of(user)) == ("siti.baru@contoh.test", ["siti.baru@contoh.test"])


def test_former_address_is_told_of_the_change(client_for):
    client = client_for(make_job_seeker())
    client.post(EMAIL, NEW)
    ask_for_code(client)
    client.post(BY_CODE, {"code": last_code_to("siti@contoh.test"), "next": EMAIL})
    client.post(CONFIRM_ADDRESS, {"code": last_code_to("siti.baru@contoh.test")})
    assert "dari siti@contoh.test menjadi siti.baru@contoh.test" in " ".join(last_text_to("siti@contoh.test").split())


def test_no_code_is_sent_before_the_button_is_pressed(client_for):
    client = client_for(make_job_seeker())
    page = client.get(after(BY_CODE, EMAIL))
    assert "Kami kirim kode ke siti@contoh.test." in page.content.decode()
    assert mails_to("siti@contoh.test") == []


def test_code_mail_says_what_it_is_for(client_for):
    client = client_for(make_job_seeker())
    ask_for_code(client)
    (mail,) = mails_to("siti@contoh.test")
    assert mail["Subject"] == "Kode untuk mengubah akun"
    assert "Bukan Anda? Jangan berikan kode ini kepada siapa pun" in last_text_to("siti@contoh.test")


def test_wrong_code_changes_nothing_and_says_what_to_do(client_for):
    user = make_job_seeker()
    client = client_for(user)
    client.post(EMAIL, NEW)
    ask_for_code(client)
    response = client.post(BY_CODE, {"code": "XXXX-XXXX", "next": EMAIL})
    assert response.context["form"].errors["code"] == [
        "Kode salah. Salin kode dari e-mail kami yang terakhir, atau minta kode baru."
    ]
    assert mails_to("siti.baru@contoh.test") == []


def test_fifth_wrong_code_needs_a_new_one(client_for):
    client = client_for(make_job_seeker())
    ask_for_code(client)
    code = last_code_to("siti@contoh.test")
    for _ in range(4):
        client.post(BY_CODE, {"code": "XXXX-XXXX"})
    response = client.post(BY_CODE, {"code": "XXXX-XXXX", "next": EMAIL}, follow=True)
    assert notices(response) == ["Terlalu banyak kode salah. Minta kode baru."]
    client.post(BY_CODE, {"code": code})
    assert client.post(EMAIL, NEW).url == after(BY_CODE, EMAIL)


def test_old_code_is_none(client_for):
    client = client_for(make_job_seeker())
    ask_for_code(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.get(BY_CODE).context["sent_to"] is None


def test_proof_is_asked_for_again_after_five_minutes(client_for):
    client = client_for(make_job_seeker())
    ask_for_code(client)
    client.post(BY_CODE, {"code": last_code_to("siti@contoh.test")})
    assert client.post(EMAIL, NEW).url == CONFIRM_ADDRESS
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert client.post(EMAIL, NEW).url == after(BY_CODE, EMAIL)


def test_sixth_code_within_an_hour_is_refused(client_for):
    client = client_for(make_job_seeker())
    for _ in range(5):
        ask_for_code(client)
    assert notices(ask_for_code(client)) == ["Terlalu banyak kode diminta. Tunggu satu jam, lalu coba lagi."]
    assert len(mails_to("siti@contoh.test")) == 5


@pytest.mark.parametrize("name", ["account_set_password", "mfa_activate_totp", "mfa_add_webauthn"])
def test_job_seeker_sets_up_password_and_factor_only_with_a_code(client_for, name):
    client = client_for(make_job_seeker())
    assert client.get(reverse(name)).url == after(BY_CODE, reverse(name))
    ask_for_code(client, reverse(name))
    done = client.post(BY_CODE, {"code": last_code_to("siti@contoh.test"), "next": reverse(name)})
    assert done.url == reverse(name)
    assert client.get(reverse(name)).status_code == 200


def test_staff_change_the_address_with_their_password(client_for):
    client = client_for(make_person(Role.CANVASSER))
    assert client.post(EMAIL, NEW).url == after(BY_PASSWORD, EMAIL)
    assert client.get(BY_CODE).url == BY_PASSWORD
    assert client.post(BY_PASSWORD, {"password": PASSWORD, "next": EMAIL}).url == CONFIRM_ADDRESS


def test_no_code_without_signing_in(client):
    assert client.post(BY_CODE, {"action": "send"}).url == f"{reverse('account_login')}?next={BY_CODE}"
