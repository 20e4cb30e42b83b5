"""Who acts: a user in one of the user's seats, or the portal itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from institutions.enums import Tier
from institutions.models import Institution, Post, Practitioner, Province, Seat, User
from institutions.queries import below


@dataclass(frozen=True, slots=True)
class Actor:
    """A user sitting as a practitioner or in a post of one province. Without a user it is the portal itself."""

    province: Province
    user: User | None = None
    practitioner: Practitioner | None = None
    post: Post | None = None

    @property
    def province_id(self) -> int:
        return self.province.pk

    @property
    def institution(self) -> Institution:
        """The body the officer speaks for. Raises LookupError for anybody else."""
        if self.post is None:
            raise LookupError("only an officer speaks for a body")
        return self.post.institution

    @property
    def declarant(self) -> Practitioner:
        """The practitioner who declares. Raises LookupError for anybody else."""
        if self.practitioner is None:
            raise LookupError("only a practitioner declares")
        return self.practitioner

    @property
    def seat_label(self) -> str:
        if self.post is not None:
            return f"{self.post.institution.name}·{self.post.get_role_display()}"
        return "卫生专业技术人员" if self.practitioner is not None else "系统"

    @property
    def name(self) -> str:
        if self.practitioner is not None:
            return self.practitioner.name
        return self.user.name if self.user is not None else "系统核验"

    def territory(self, unit: str, department: str) -> Q:
        """Condition on rows that name a ``unit`` and a ``department``: those the post's body is responsible for.

        The province's CME office works for the whole province; a department sees its own people only.
        """
        institution = self.institution
        if institution.tier == Tier.DEPARTMENT:
            return Q(**{department: institution})
        path = institution.path
        if institution.tier == Tier.PROVINCE_OFFICE and institution.kind == "cme_office":
            path = institution.path.split(".", 1)[0] + "."
        return below(f"{unit}__path", path)


def as_practitioner(practitioner: Practitioner) -> Actor:
    return Actor(province=practitioner.province, user=practitioner.user, practitioner=practitioner)


def as_officer(post: Post) -> Actor:
    return Actor(province=post.province, user=post.user, post=post)


def the_portal(province: Province) -> Actor:
    """The portal itself, which checks, posts and reminds."""
    return Actor(province=province)


def sit(seat: Seat, *, on: date) -> Actor | None:
    """The actor of a seat, or None when its post no longer holds. The seat's province must be entered."""
    if seat.practitioner_id is not None:
        practitioner = Practitioner.objects.select_related("province", "user", "institution", "department").get(
            pk=seat.practitioner_id
        )
        return as_practitioner(practitioner)
    if seat.post_id is not None:
        post = Post.objects.select_related("province", "user", "institution").get(pk=seat.post_id)
        if post.holds_on(on):
            return as_officer(post)
    return None
