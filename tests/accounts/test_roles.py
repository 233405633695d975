"""Roles are groups that hold what accounts.roles says, no more and no less."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.models import User
from accounts.roles import PERMISSIONS, Role, sync_roles
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def permissions_of(role):
    found = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def test_every_role_has_its_line_in_the_table():
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("role", list(Role))
def test_groups_equal_the_table_after_migrate(role):
    assert permissions_of(role) == PERMISSIONS[role]


def test_what_is_changed_by_hand_does_not_stay():
    group = Group.objects.get(name=Role.TRAINER)
    group.permissions.add(Permission.objects.get(codename="publish_vacancy"))
    Group.objects.get(name=Role.CANVASSER).permissions.clear()
    Group.objects.get(name=Role.PUBLISHER).delete()
    sync_roles()
    assert {role: permissions_of(role) for role in Role} == PERMISSIONS


def test_unknown_permission_fails(monkeypatch):
    monkeypatch.setitem(PERMISSIONS, Role.TRAINER, {"canvassing.view_unicorn"})
    with pytest.raises(KeyError, match=r"canvassing\.view_unicorn"):
        sync_roles()


@pytest.mark.parametrize("role", list(Role))
def test_no_role_may_delete_anything_but_a_suppression(role):
    deleting = {name for name in PERMISSIONS[role] if ".delete_" in name}
    assert deleting == ({"announcements.delete_suppression"} if role == Role.ADMIN else set())


def test_admin_reads_neither_visits_nor_contacts_nor_what_mails_say():
    hidden = {f"canvassing.view_{model}" for model in ("employercontact", "visit")}
    assert PERMISSIONS[Role.ADMIN] & (hidden | {"announcements.view_issue"}) == set()


def test_only_publisher_and_manager_publish():
    assert {role for role in Role if "canvassing.publish_vacancy" in PERMISSIONS[role]} == {
        Role.PUBLISHER,
        Role.MANAGER,
    }


def test_roles_of_a_person():
    user = make_user(Role.CANVASSER)
    user.groups.add(Group.objects.get(name=Role.PUBLISHER))
    assert user.roles == {"canvasser", "publisher"}
    assert user.has_role(Role.PUBLISHER, Role.MANAGER)
    assert not user.has_role(Role.MANAGER)
    assert user.role_label == "Petugas lapangan, Pemeriksa"


def test_deactivated_person_has_no_role_and_no_permission():
    user = make_user(Role.PUBLISHER, is_active=False)
    assert user.roles == frozenset()
    assert not user.is_office_staff
    assert not user.has_perm("canvassing.publish_vacancy")


def test_job_seeker_has_no_role():
    user = make_user()
    assert (user.roles, user.role_label, user.is_office_staff) == (frozenset(), "", False)


def test_superuser_belongs_to_the_staff_without_a_role():
    user = User.objects.create_superuser("akar@contoh.test", "sandi yang panjang", name="Akar")
    assert (user.roles, user.is_office_staff) == (frozenset(), True)
