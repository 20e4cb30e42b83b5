"""What every app stands on: tenancy, outbox, journal, stored files, encrypted fields, working days."""
