#!/bin/sh
# Runs SeaweedFS with new random keys for the tokens that its servers send to each other. Without them, its filer, master
# and volume servers give and take objects without credentials: only the S3 port checks signatures.
set -eu
for name in SIGNING SIGNING_READ FILER_SIGNING FILER_SIGNING_READ; do
  key=$(head -c 32 /dev/urandom | base64)
  export "WEED_JWT_${name}_KEY=$key"
done
exec "$@"
