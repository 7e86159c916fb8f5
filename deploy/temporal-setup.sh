#!/bin/sh
# Creates the namespace and the search attributes that ingestDataset upserts. Safe to run again.
set -eu
temporal operator namespace describe -n default >/dev/null 2>&1 ||
  temporal operator namespace create -n default --retention 720h
for attribute in CuratorDataset CuratorStage; do
  temporal operator search-attribute list -n default | grep -q "$attribute" ||
    temporal operator search-attribute create -n default --name "$attribute" --type Keyword
done
