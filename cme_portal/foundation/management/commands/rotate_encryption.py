"""Write every encrypted value anew with the newest key of CME_ENCRYPTION_KEY, so that older secrets can be dropped.

Slice by slice, each committed by itself: nobody waits long for a row, and a run that was interrupted is resumed by the next.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction
from django.db.models.functions import Cast

from cme_portal.foundation.encryption import EncryptedTextField, current_prefix, decrypt, encrypt
from cme_portal.foundation.second_factor import SECRETS
from cme_portal.foundation.tenancy import TenantModel, entered

SLICE_ROWS = 500

Transaction = Callable[[], AbstractContextManager[None]]


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_: Any) -> None:
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, EncryptedTextField):
                    rewritten = sum(rewrite(model, field.name, begin) for begin in whereabouts(model))
                    self.stdout.write(f"{model._meta.label}.{field.name}: {rewritten}")
        for kind, name in SECRETS.items():
            self.stdout.write(f"{Authenticator._meta.label}.{kind}: {rewrite_second_factors(kind, name)}")


def whereabouts(model: type[models.Model]) -> Iterator[Transaction]:
    """How to begin the transactions in which all rows of a table are seen: in each province, or once for all."""
    if not issubclass(model, TenantModel):
        yield transaction.atomic
        return
    provinces = apps.get_model("institutions", "Province")
    for province_id in provinces._base_manager.values_list("pk", flat=True):
        yield partial(entered, province_id)


def rewrite(model: type[models.Model], name: str, begin: Transaction) -> int:
    """Rewrite the rows whose value was written with an older key; returns how many."""
    stored = Cast(name, models.TextField())
    outdated = model._base_manager.annotate(stored=stored).exclude(stored__startswith=current_prefix())
    remaining = outdated.exclude(**{f"{name}__isnull": True}).only(name).order_by("pk")
    rewritten = 0
    while True:
        with begin():
            # The key of a row stays, so that rows which refer to it can be written meanwhile.
            rows = list(remaining.select_for_update(no_key=True)[:SLICE_ROWS])
            model._base_manager.bulk_update(rows, [name])
        rewritten += len(rows)
        if len(rows) < SLICE_ROWS:
            return rewritten
        # What lies before is done; it need not be looked through for every slice again.
        remaining = remaining.filter(pk__gt=rows[-1].pk)


def rewrite_second_factors(kind: str, name: str) -> int:
    """The same for the secrets that django-allauth keeps inside of its own JSON, as ``name``."""
    outdated = Authenticator.objects.filter(type=kind).exclude(**{f"data__{name}__startswith": current_prefix()})
    rewritten = 0
    while True:
        with transaction.atomic():
            rows = list(outdated.order_by("pk").select_for_update(no_key=True)[:SLICE_ROWS])
            for row in rows:
                row.data[name] = encrypt(decrypt(row.data[name]))
            Authenticator.objects.bulk_update(rows, ["data"])
        rewritten += len(rows)
        if len(rows) < SLICE_ROWS:
            return rewritten
