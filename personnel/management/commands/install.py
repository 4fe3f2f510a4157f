"""安装: makes the first account, a personnel section officer, by whom everybody else is appointed."""

from __future__ import annotations

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from groups.models import Bureau
from personnel.actions import install
from personnel.models import Appointment


class Command(BaseCommand):
    help = "Make the first account: an officer of the bureau's personnel section."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="user name of the officer")
        parser.add_argument("name", help="the officer's own name")

    def handle(self, *_args: Any, **options: Any) -> None:
        if Appointment.objects.exists():
            raise CommandError(
                "Somebody is appointed already: sign in as a personnel officer and appoint there."
            )
        password = self.password()
        install(
            bureau=Bureau.objects.get(),
            username=options["username"],
            name=options["name"],
            password=password,
        )
        self.stdout.write(f"{options['username']} can sign in and appoint everybody else.")

    def password(self) -> str:
        """Asked twice, and held against the rules for passwords."""
        first = getpass.getpass("Password: ")
        if first != getpass.getpass("Password again: "):
            raise CommandError("The two passwords differ.")
        try:
            validate_password(first)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return first
