"""Row-level security, composite keys, and rows that are never changed."""

from django.db import migrations

from cme_portal.foundation.tenancy import AppendOnly, ProtectTenantTables


class Migration(migrations.Migration):
    dependencies = [("institutions", "0001_initial")]

    operations = [
        ProtectTenantTables(
            "Institution",
            "InstitutionUserPermission",
            "Practitioner",
            "TitleAppointment",
            "Employment",
            "Post",
            "Approval",
            "ApprovalStep",
            "Decision",
            "Notification",
            "SavedFilter",
        ),
        AppendOnly("Decision"),
    ]
