#!/bin/sh
# Runs once, when the database's data folder is made. The portal's role owns its tables but is no superuser and cannot
# bypass row-level security, so that the tenants' policies bind it.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\getenv password CME_DATABASE_PASSWORD
CREATE ROLE cme LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE cme OWNER cme;
SQL
