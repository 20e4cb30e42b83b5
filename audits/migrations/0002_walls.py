"""Row-level security, composite keys, and certificates that stay as they were printed."""

from django.db import migrations

from cme_portal.foundation.tenancy import ProtectTenantTables

# What may still happen to a row: being made once, then superseded or revoked once. Everything else is frozen for good.
FROZEN = """
CREATE FUNCTION audits_certificate_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    living CONSTANT text[] := ARRAY['status', 'file_id', 'sha256', 'key_id', 'signed_at',
                                    'revoked_at', 'revoked_by_id', 'reason'];
    made CONSTANT text[] := ARRAY['status', 'revoked_at', 'revoked_by_id', 'reason'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'certificates are never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.status, NEW.status) NOT IN (('rendering', 'valid'), ('valid', 'superseded'), ('valid', 'revoked')) THEN
        RAISE EXCEPTION 'a certificate does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - living IS DISTINCT FROM to_jsonb(OLD) - living
        OR (OLD.status <> 'rendering' AND to_jsonb(NEW) - made IS DISTINCT FROM to_jsonb(OLD) - made) THEN
        RAISE EXCEPTION 'a certificate stays as it was printed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON audits_certificate
    FOR EACH ROW EXECUTE FUNCTION audits_certificate_frozen();
"""
THAWED = "DROP TRIGGER frozen ON audits_certificate; DROP FUNCTION audits_certificate_frozen();"


class Migration(migrations.Migration):
    dependencies = [("audits", "0001_initial"), ("credits", "0003_walls")]

    operations = [
        ProtectTenantTables("NumberSeries", "IssuingRun", "IssuingProblem", "Certificate"),
        migrations.RunSQL(FROZEN, THAWED),
    ]
