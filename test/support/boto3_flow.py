"""Projects, datasets, training, a running model and refusals, by boto3 alone. Prints what was answered as JSON."""

import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

bucket, train_manifest, test_manifest, picture = sys.argv[1:]
client = boto3.client("rekognition", config=Config(retries={"max_attempts": 1}))
seen = {}


def manifest(name):
    return {"GroundTruthManifest": {"S3Object": {"Bucket": bucket, "Name": name}}}


def settled(arn):
    while True:
        described = client.describe_dataset(DatasetArn=arn)["DatasetDescription"]
        if not described["Status"].endswith("_IN_PROGRESS"):
            return described
        time.sleep(0.1)


def dataset(kind, name):
    arn = client.create_dataset(ProjectArn=project, DatasetType=kind, DatasetSource=manifest(name))["DatasetArn"]
    return arn, settled(arn)


def refused(call):
    try:
        call()
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
    return None


project = client.create_project(ProjectName="boto")["ProjectArn"]
seen["again"] = refused(lambda: client.create_project(ProjectName="boto"))

train, seen["dataset"] = dataset("TRAIN", train_manifest)
dataset("TEST", test_manifest)
pages = client.get_paginator("list_dataset_entries").paginate(DatasetArn=train, PaginationConfig={"PageSize": 2})
seen["entries"] = [json.loads(line)["source-ref"] for page in pages for line in page["DatasetEntries"]]
seen["labels"] = client.list_dataset_labels(DatasetArn=train)["DatasetLabelDescriptions"]
changes = "".join(line + "\n" for line in client.list_dataset_entries(DatasetArn=train)["DatasetEntries"])
client.update_dataset_entries(DatasetArn=train, Changes={"GroundTruth": changes.encode()})
seen["updated"] = settled(train)["Status"]

version = client.create_project_version(
    ProjectArn=project,
    VersionName="v1",
    OutputConfig={"S3Bucket": bucket, "S3KeyPrefix": "boto"},
    VersionDescription="trained by boto3",
    Tags={"team": "skin"},
)["ProjectVersionArn"]
waiting = {"Delay": 1, "MaxAttempts": 60}
client.get_waiter("project_version_training_completed").wait(ProjectArn=project, WaiterConfig=waiting)
seen["version"] = client.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"][0]

with open(picture, "rb") as file:
    image = {"Bytes": file.read()}
seen["early"] = refused(lambda: client.detect_custom_labels(ProjectVersionArn=version, Image=image))
client.start_project_version(ProjectVersionArn=version, MinInferenceUnits=1)
client.get_waiter("project_version_running").wait(ProjectArn=project, WaiterConfig=waiting)
seen["found"] = client.detect_custom_labels(ProjectVersionArn=version, Image=image)["CustomLabels"]
seen["stopped"] = client.stop_project_version(ProjectVersionArn=version)["Status"]
seen["busy"] = refused(lambda: client.delete_project(ProjectArn=project))
seen["tags"] = refused(lambda: client.list_tags_for_resource(ResourceArn=version))
wrong = boto3.client("rekognition", aws_access_key_id="TESTKEY", aws_secret_access_key="guessed")
seen["wrong"] = refused(wrong.describe_projects)

print(json.dumps(seen, default=str))
