#!/bin/sh
# Creates both databases and upgrades their schemas to the server's version. Safe to run again.
set -eu
for database in temporal temporal_visibility; do
  schema=temporal
  [ "$database" = temporal ] || schema=visibility
  temporal-sql-tool --db "$database" create || true
  temporal-sql-tool --db "$database" setup-schema -v 0.0 || true
  temporal-sql-tool --db "$database" update-schema -d "/etc/temporal/schema/postgresql/v12/$schema/versioned"
done
