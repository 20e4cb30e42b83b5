"""Row-level security, composite keys, and rows that are never changed."""

from django.db import migrations

from cme_portal.foundation.tenancy import AppendOnly, ProtectTenantTables


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_initial"), ("institutions", "0002_walls")]

    operations = [
        ProtectTenantTables("StoredFile", "JournalEntry"),
        AppendOnly("JournalEntry"),
    ]
