"""Accounts: one per address whatever its capitals, and what the admin may do to them."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Petugas Baru",
    "email": "Baru@Contoh.test",
    "usable_password": "true",
    "password1": "sandi yang panjang",
    "password2": "sandi yang panjang",
}


@pytest.fixture
def admin(people, client_for):
    return client_for(people["admin"])


def change(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def test_address_is_kept_in_lower_case():
    assert make_user(email=" Siti@Contoh.Test ").email == "siti@contoh.test"


def test_database_refuses_capitals_in_an_address():
    user = make_user()
    with pytest.raises(IntegrityError, match="user_email_lower"):
        User.objects.filter(pk=user.pk).update(email="Siti@contoh.test")


def test_admin_adds_a_person_who_can_sign_in(admin, client):
    response = admin.post(reverse("admin:accounts_user_add"), NEW)
    user = User.objects.get(email="baru@contoh.test")
    assert response.url == change(user)
    response = client.post(reverse("account_login"), {"login": "Baru@contoh.test", "password": NEW["password1"]})
    assert response.url == reverse("account_email_verification_sent")


def test_admin_is_told_that_the_address_is_taken(admin):
    make_user(email="baru@contoh.test")
    response = admin.post(reverse("admin:accounts_user_add"), NEW)
    assert response.context["adminform"].form.errors == {"email": ["Alamat e-mail ini sudah dipakai."]}


def test_admin_gives_a_role(admin):
    user = make_user()
    trainers = Group.objects.get(name=Role.TRAINER)
    posted = {"name": user.name, "email": user.email, "is_active": "on", "groups": [trainers.pk]}
    assert admin.post(change(user), posted).status_code == 302
    assert User.objects.get(pk=user.pk).roles == {"trainer"}


def test_admin_makes_no_superuser(admin):
    user = make_user()
    posted = {
        "name": user.name,
        "email": user.email,
        "is_active": "on",
        "is_superuser": "on",
        "user_permissions": ["1"],
    }
    admin.post(change(user), posted)
    user = User.objects.get(pk=user.pk)
    assert (user.is_superuser, user.user_permissions.count()) == (False, 0)


def test_admin_changes_neither_the_own_account_nor_one_with_more_power(admin, people):
    root = make_user(is_staff=True, is_superuser=True)
    for user in (people["admin"], root):
        before = (user.email, user.password)
        assert admin.post(change(user), {"name": "Lain", "email": "lain@contoh.test"}).status_code == 403
        password = reverse("admin:auth_user_password_change", args=[user.pk])
        assert admin.post(password, {"password1": "sandi curian 1", "password2": "sandi curian 1"}).status_code == 403
        user.refresh_from_db()
        assert (user.email, user.password) == before


def test_accounts_are_never_deleted(admin):
    user = make_user()
    assert admin.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()
