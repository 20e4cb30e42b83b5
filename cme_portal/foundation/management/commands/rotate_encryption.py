"""Write every encrypted value anew with the newest key of CME_ENCRYPTION_KEY, so that older secrets can be dropped."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction
from django.db.models.functions import Cast

from cme_portal.foundation.encryption import EncryptedTextField, current_prefix
from cme_portal.foundation.tenancy import TenantModel, entered

BATCH = 500


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_: Any) -> None:
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, EncryptedTextField):
                    rewritten = sum(rewrite(model, field.name, where) for where in whereabouts(model))
                    self.stdout.write(f"{model._meta.label}.{field.name}: {rewritten}")


def whereabouts(model: type[models.Model]) -> Iterator[AbstractContextManager[None]]:
    """The transactions in which all rows of a table are seen: one per province, or one for all."""
    if not issubclass(model, TenantModel):
        yield transaction.atomic()
        return
    provinces = apps.get_model("institutions", "Province")
    for province_id in provinces._base_manager.values_list("pk", flat=True):
        yield entered(province_id)


def rewrite(model: type[models.Model], name: str, where: AbstractContextManager[None]) -> int:
    """Rewrite the rows whose value was written with an older key; returns how many."""
    with where:
        stored = Cast(name, models.TextField())
        outdated = model._base_manager.annotate(stored=stored).exclude(stored__startswith=current_prefix())
        rows = list(outdated.exclude(**{f"{name}__isnull": True}).only(name).select_for_update())
        return model._base_manager.bulk_update(rows, [name], batch_size=BATCH)
