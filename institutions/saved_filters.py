"""Ways to look at the inbox that an officer keeps under a name: keep one, discard it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from institutions import access
from institutions.actors import Actor
from institutions.models import Post, SavedFilter

MOST_KEPT = 12


def keep(*, actor: Actor, name: str, query: str) -> SavedFilter:
    """Keep ``query`` (``inbox.Filters.query``) under a name.

    Raises ``ValidationError`` for a filter of nothing, a name taken already, and for one more than the page has room for.
    """
    access.require(actor, "inbox.keep_filter")
    if not query:
        raise ValidationError("当前没有筛选条件。请先筛选，再保存。")
    with transaction.atomic():
        # Two presses at once are counted one after the other.
        Post.objects.select_for_update(no_key=True).get(pk=actor.post.pk)
        if SavedFilter.objects.visible_to(actor).count() >= MOST_KEPT:
            raise ValidationError(f"常用筛选最多保存 {MOST_KEPT} 个，请先删除不再使用的。")
        kept = SavedFilter(province_id=actor.province_id, post=actor.post, name=name.strip(), query=query)
        kept.full_clean()
        kept.save()
    return kept


def discard(*, actor: Actor, filter_id: int) -> None:
    """Forget a filter of one's own post; one that is gone already, or is somebody else's, is not there."""
    access.require(actor, "inbox.keep_filter")
    SavedFilter.objects.visible_to(actor).filter(pk=filter_id).delete()
