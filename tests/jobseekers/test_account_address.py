"""Somebody changes the address of the account; the record of the job seeker follows where it carried the former one."""

import pytest
from django.urls import reverse

from tests.accounts.conftest import last_code_to, make_person
from tests.factories import make_registered

pytestmark = pytest.mark.django_db

EMAIL, BY_CODE = reverse("account_email"), reverse("account_reauthenticate_by_code")


def change_address(client, former, new):
    client.post(EMAIL, {"email": new, "action_add": ""})
    client.post(BY_CODE, {"action": "send", "next": EMAIL})
    client.post(BY_CODE, {"code": last_code_to(former), "next": EMAIL})
    client.post(reverse("account_email_verification_sent"), {"code": last_code_to(new)})


@pytest.mark.parametrize(
    ("recorded", "afterwards"),
    [("Siti@Contoh.test", "siti.baru@contoh.test"), ("ayah.siti@contoh.test", "ayah.siti@contoh.test")],
    ids=["the account's", "another one"],
)
def test_record_follows_the_account_to_its_new_address(client_for, recorded, afterwards):
    user = make_person()
    user.set_unusable_password()
    user.save()
    person = make_registered(user=user, email=recorded)
    change_address(client_for(user), "siti@contoh.test", "siti.baru@contoh.test")
    person.refresh_from_db()
    user.refresh_from_db()
    assert (user.email, person.email) == ("siti.baru@contoh.test", afterwards)
