"""Fixtures and guards for every test."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.cast import Cast, make_cast

# Every clone tries the same examples, and a slow machine is no failure.
hypothesis_settings.register_profile(
    "portal", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("portal")


@pytest.fixture(scope="session", autouse=True)
def media_folder_disappears() -> Iterator[None]:
    yield
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """The bodies and people of Liaoning."""
    return make_cast("liaoning")


@pytest.fixture
def strangers(db: None) -> Cast:
    """The bodies and people of another province, whose rows nobody of the cast may see."""
    return make_cast("zhejiang")
