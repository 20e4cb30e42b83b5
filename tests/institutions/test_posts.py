"""Posts: appointing, ending, expiring, and the grants and seats that go with them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from cme_portal.foundation.models import JournalEntry
from cme_portal.foundation.tenancy import entered
from institutions import access, posts
from institutions.access import Denied
from institutions.actors import Actor, the_portal
from institutions.enums import Role
from institutions.models import Post, Seat, User
from tests.cast import NOW, Cast, user_named

pytestmark = pytest.mark.django_db

REVIEW = "institutions.review_claims"


def appointed(cast: Cast, user: User, **values: object) -> Post:
    defaults = {"institution": cast.bodies["hospital"], "role": Role.REVIEWER, "since": date(2026, 1, 1), "at": NOW}
    return posts.appoint(actor=cast.officer("hospital", Role.ADMINISTRATOR), user=user, **(defaults | values))


def fresh(user: User) -> User:
    """Without the permissions that the instance remembers."""
    return User.objects.get(pk=user.pk)


def test_a_post_is_a_grant_on_the_institution_and_a_seat(cast: Cast) -> None:
    user = user_named("li", "李红")
    with entered(cast.province.pk):
        post = appointed(cast, user)
        assert fresh(user).has_perm(REVIEW, cast.bodies["hospital"])
        assert not fresh(user).has_perm(REVIEW, cast.bodies["county"])
        assert Seat.objects.filter(user=user, post=post).exists()
        posts.end(actor=cast.officer("hospital", Role.ADMINISTRATOR), post_id=post.pk, until=date(2026, 11, 20), at=NOW)
        assert not fresh(user).has_perm(REVIEW, cast.bodies["hospital"])
        assert not Seat.objects.filter(user=user).exists()


def test_the_day_is_that_of_china(cast: Cast) -> None:
    """At 23:30 UTC it is tomorrow in Shanghai: a post that ends tomorrow has ended."""
    user = user_named("li", "李红")
    with entered(cast.province.pk):
        post = appointed(cast, user)
        at = NOW.replace(hour=7, minute=30)  # still 19 November in Greenwich
        posts.end(actor=cast.officer("hospital", Role.ADMINISTRATOR), post_id=post.pk, until=date(2026, 11, 20), at=at)
        assert not Seat.objects.filter(user=user).exists()


def test_a_post_is_ended_earlier_and_never_prolonged(cast: Cast) -> None:
    """A longer post is a new appointment, which nobody makes for oneself."""
    administrator = cast.officer("hospital", Role.ADMINISTRATOR)
    with entered(cast.province.pk):
        post = appointed(cast, user_named("li", "李红"), until=date(2026, 12, 31))
        with pytest.raises(ValidationError, match="到 2026-12-31 终止，不能延长"):
            posts.end(actor=administrator, post_id=post.pk, until=date(2099, 1, 1), at=NOW)
        posts.end(actor=administrator, post_id=post.pk, until=date(2026, 12, 1), at=NOW)
        entry = JournalEntry.objects.get(act="post.end")
        assert entry.detail == {"until_before": "2026-12-31", "until": "2026-12-01"}


def test_the_same_post_twice_at_a_time_is_refused(cast: Cast) -> None:
    user = user_named("li", "李红")
    with entered(cast.province.pk):
        appointed(cast, user, until=date(2026, 6, 1))
        with pytest.raises(ValidationError, match="已有同一岗位"):
            appointed(cast, user, since=date(2026, 5, 1))
        appointed(cast, user, since=date(2026, 6, 1))


@pytest.mark.parametrize(
    ("since", "until"), [(date(2026, 1, 1), date(2026, 1, 1)), (date(2026, 2, 1), date(2026, 1, 1))]
)
def test_a_post_ends_after_it_begins(cast: Cast, since: date, until: date) -> None:
    with entered(cast.province.pk), pytest.raises(ValidationError, match="终止日期应晚于起始日期"):
        appointed(cast, user_named("li", "李红"), since=since, until=until)


def test_nobody_appoints_oneself_or_outside_of_the_territory(cast: Cast) -> None:
    administrator = cast.officer("hospital", Role.ADMINISTRATOR)
    with entered(cast.province.pk):
        with pytest.raises(Denied, match="不能为本人任命岗位"):
            appointed(cast, administrator.user)
        with pytest.raises(Denied, match="不在您的管理范围内"):
            appointed(cast, user_named("li", "李红"), institution=cast.bodies["county"])


def test_posts_that_ended_expire_and_twice_is_harmless(cast: Cast) -> None:
    user = user_named("li", "李红")
    with entered(cast.province.pk):
        appointed(cast, user, until=date(2026, 12, 1))
        assert posts.expire(on=date(2026, 11, 30)) == 0
        assert posts.expire(on=date(2026, 12, 1)) == 1
        assert posts.expire(on=date(2026, 12, 2)) == 0
        assert not fresh(user).has_perm(REVIEW, cast.bodies["hospital"])


def test_an_ended_post_leaves_a_second_one_its_grant(cast: Cast) -> None:
    """A cover follows upon another: the grant stays while one of them holds."""
    user = user_named("li", "李红")
    with entered(cast.province.pk):
        appointed(cast, user, until=date(2026, 11, 20))
        appointed(cast, user, since=date(2026, 11, 20))
        posts.expire(on=date(2026, 11, 20))
        assert fresh(user).has_perm(REVIEW, cast.bodies["hospital"])


def test_ending_a_post_early_leaves_its_successor_the_grant_and_the_seat(cast: Cast) -> None:
    """The successor has been appointed from next month on when the cover goes earlier than planned."""
    user = user_named("li", "李红")
    administrator = cast.officer("hospital", Role.ADMINISTRATOR)
    with entered(cast.province.pk):
        cover = appointed(cast, user, until=date(2026, 12, 1))
        successor = appointed(cast, user, since=date(2026, 12, 1))
        posts.end(actor=administrator, post_id=cover.pk, until=date(2026, 11, 20), at=NOW)
        assert fresh(user).has_perm(REVIEW, cast.bodies["hospital"])
        posts.end(actor=administrator, post_id=successor.pk, until=date(2027, 3, 1), at=NOW)
        assert Seat.objects.get(user=user).post == successor


def test_a_post_that_has_ended_is_not_prolonged(cast: Cast) -> None:
    """Its seat and grant are gone; a new appointment gives new ones."""
    with entered(cast.province.pk):
        post = appointed(cast, user_named("li", "李红"), until=date(2026, 11, 1))
        with pytest.raises(ValidationError, match="已于 2026-11-01 终止"):
            posts.end(
                actor=cast.officer("hospital", Role.ADMINISTRATOR), post_id=post.pk, until=date(2027, 1, 1), at=NOW
            )


def test_an_actor_whose_grant_is_gone_can_do_nothing(cast: Cast) -> None:
    officer = cast.officer("hospital")
    with entered(cast.province.pk):
        posts.end(
            actor=the_portal(cast.province),
            post_id=officer.post.pk,
            until=date(2026, 11, 20),
            at=NOW + timedelta(hours=1),
        )
        now = Actor(province=cast.province, user=fresh(officer.user), post=officer.post)
        assert "岗位已终止" in access.refusal(now, "inbox.view")
