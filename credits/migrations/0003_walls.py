"""Row-level security, composite keys, and rows that are never changed."""

from django.db import migrations

from cme_portal.foundation.tenancy import AppendOnly, ProtectTenantTables


class Migration(migrations.Migration):
    dependencies = [("credits", "0002_initial"), ("institutions", "0002_walls"), ("foundation", "0003_walls")]

    operations = [
        ProtectTenantTables("Claim", "Evidence", "EvidencePage", "EvidenceFingerprint", "LedgerEntry", "Statement"),
        AppendOnly("LedgerEntry"),
    ]
