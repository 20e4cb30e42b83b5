"""Fixtures and guards for every test."""

import shutil
from collections.abc import Iterator

import pytest
import pytest_django
import redis
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.cast import Cast, make_cast
from tests.database import end_other_sessions

# Every clone tries the same examples, and a slow machine is no failure.
hypothesis_settings.register_profile(
    "portal", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("portal")


@pytest.fixture(scope="session", autouse=True)
def media_folder_disappears() -> Iterator[None]:
    yield
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """A database that can be dropped at the end, whatever a server's thread or a browser's event loop keeps open."""
    yield
    with django_db_blocker.unblock():
        end_other_sessions()


@pytest.fixture(scope="session")
def cache_server() -> Iterator[redis.Redis]:
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        yield server
        _empty(server)


@pytest.fixture(autouse=True)
def empty_cache(cache_server: redis.Redis) -> None:
    _empty(cache_server)


def _empty(server: redis.Redis) -> None:
    """Forget the keys of this run alone: the cache's own clear() would flush everybody's."""
    if keys := list(server.scan_iter(match=f"{settings.CACHES['default']['KEY_PREFIX']}:*", count=1000)):
        server.delete(*keys)


@pytest.fixture
def cast(db: None) -> Cast:
    """The bodies and people of Liaoning."""
    return make_cast("liaoning")


@pytest.fixture
def strangers(db: None) -> Cast:
    """The bodies and people of another province, whose rows nobody of the cast may see."""
    return make_cast("zhejiang")
