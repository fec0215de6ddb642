"""`pytestmark = ON_BOTH`: every test of the module runs on SQLite and on PostgreSQL, with real commits."""

import pytest

ON_BOTH = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("database")]
