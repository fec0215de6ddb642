"""What the models say is what the migrations make."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_no_room_has_two_last_migrations() -> None:
    call_command("migrate", check_unapplied=True, plan=True, verbosity=0)
