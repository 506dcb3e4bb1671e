"""`manage.py create_demo_staff`: an account for each role, with passwords printed once."""

import secrets
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand
from django.db import transaction

from pages.roles import ROLES
from practitioners.models import Practitioner

# A demonstration's clinicians sign in as themselves, so that their reviews carry their names.
_PEOPLE = {"Author": "asha-example", "Clinical reviewer": "ben-sample"}


class Command(BaseCommand):
    """Creates the accounts that are missing; those that exist keep their passwords."""

    help = "Create a staff account for each role of the demonstration clinic."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        created = []
        for role in ROLES:
            name = role.lower().replace(" ", "-")
            if User.objects.filter(username=name).exists():
                continue
            password = secrets.token_urlsafe(12)
            person = Practitioner.objects.filter(slug=_PEOPLE.get(role), user=None).first()
            first_name, _, last_name = str(person or f"Demo {role}").partition(" ")
            user = User.objects.create_user(
                name,
                email=f"{name}@demolane.example",
                password=password,
                is_staff=True,
                first_name=first_name,
                last_name=last_name,
            )
            user.groups.set(Group.objects.filter(name=role))
            if person is not None:
                person.user = user
                person.save(update_fields=["user"])
            created.append((role, name, password))
        if not created:
            self.stdout.write("The staff accounts are there already, with the passwords they had.")
            return
        self.stdout.write("Staff accounts. The passwords are shown only this once:")
        for role, name, password in created:
            self.stdout.write(f"  {role:<18} user name {name:<18} password {password}")
