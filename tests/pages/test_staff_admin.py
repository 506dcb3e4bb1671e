"""A manager looks after staff accounts and cannot give anybody more than a role."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def form_of(user: User, **changes: object) -> dict[str, object]:
    return {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "01/01/2026",
        "date_joined_1": "09:00:00",
        "groups": [group.pk for group in user.groups.all()],
    } | changes


def test_manager_gives_a_role(staff: Callable[..., Client]) -> None:
    user = make_user("Author")
    editor = Group.objects.get(name="Editor")
    address = reverse("admin:auth_user_change", args=[user.pk])
    response = staff("Manager").post(address, form_of(user, groups=[editor.pk]))
    assert response.status_code == 302
    assert list(user.groups.all()) == [editor]


def test_manager_cannot_make_a_superuser_or_give_single_permissions(
    signed_in: Callable[[User], Client],
) -> None:
    manager = make_user("Manager")
    permission = Permission.objects.get(codename="delete_user")
    address = reverse("admin:auth_user_change", args=[manager.pk])
    response = signed_in(manager).post(
        address, form_of(manager, is_superuser="on", user_permissions=[permission.pk])
    )
    assert response.status_code == 302
    manager.refresh_from_db()
    assert not manager.is_superuser
    assert not manager.user_permissions.exists()


@pytest.mark.parametrize("page", ["auth_user_change", "auth_user_password_change"])
def test_manager_cannot_touch_a_superuser(staff: Callable[..., Client], page: str) -> None:
    superuser = make_user(is_staff=True, is_superuser=True)
    address = reverse(f"admin:{page}", args=[superuser.pk])
    response = staff("Manager").post(address, {"password1": "x" * 14, "password2": "x" * 14})
    assert response.status_code == 403


def test_manager_cannot_change_what_a_role_may_do(staff: Callable[..., Client]) -> None:
    role = Group.objects.get(name="Reception")
    address = reverse("admin:auth_group_change", args=[role.pk])
    assert (
        staff("Manager").post(address, {"name": "Reception", "permissions": []}).status_code == 403
    )


def test_an_account_made_here_can_sign_in_to_the_admin(staff: Callable[..., Client]) -> None:
    fields = {"username": "rita", "password1": "Quiet-harbour-7", "password2": "Quiet-harbour-7"}
    response = staff("Manager").post(
        reverse("admin:auth_user_add"), fields | {"usable_password": "true"}
    )
    assert response.status_code == 302
    assert User.objects.get(username="rita").is_staff
