"""Projects, datasets, training, a running model and refusals, by boto3 alone. Prints what was answered as JSON.

Every response is compared with botocore's model of the service (see botocore_shapes.py); `problems` lists the differences.
"""

import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore_shapes import ResponseCheck

bucket, train_manifest, test_manifest, picture = sys.argv[1:]
client = boto3.client("rekognition", config=Config(retries={"max_attempts": 1}))
seen = {}
responses = ResponseCheck(client)


def manifest(name):
    return {"GroundTruthManifest": {"S3Object": {"Bucket": bucket, "Name": name}}}


def settled(arn):
    while True:
        described = client.describe_dataset(DatasetArn=arn)["DatasetDescription"]
        if not described["Status"].endswith("_IN_PROGRESS"):
            return described
        time.sleep(0.1)


def dataset(kind, name, owner=None):
    arn = client.create_dataset(ProjectArn=owner or project, DatasetType=kind, DatasetSource=manifest(name))["DatasetArn"]
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

client.tag_resource(ResourceArn=version, Tags={"stage": "test"})
client.untag_resource(ResourceArn=version, TagKeys=["team"])
seen["tags"] = client.list_tags_for_resource(ResourceArn=version)["Tags"]
document = json.dumps({"Version": "2012-10-17", "Statement": []})
policy = {"ProjectArn": project, "PolicyName": "copy"}
revision = client.put_project_policy(**policy, PolicyDocument=document)["PolicyRevisionId"]
seen["policies"] = [one["PolicyName"] for one in client.list_project_policies(ProjectArn=project)["ProjectPolicies"]]
client.delete_project_policy(**policy, PolicyRevisionId=revision)

target = client.create_project(ProjectName="boto-copy")["ProjectArn"]
copy = client.copy_project_version(
    SourceProjectArn=project,
    SourceProjectVersionArn=version,
    DestinationProjectArn=target,
    VersionName="v1",
    OutputConfig={"S3Bucket": bucket, "S3KeyPrefix": "boto-copy"},
)["ProjectVersionArn"]


def of_copy():
    return client.describe_project_versions(ProjectArn=target)["ProjectVersionDescriptions"][0]["Status"]


while of_copy() == "COPYING_IN_PROGRESS":
    time.sleep(0.1)
seen["copied"] = of_copy()
client.delete_project_version(ProjectVersionArn=copy)

other = client.create_project(ProjectName="boto-sets")["ProjectArn"]
whole, _ = dataset("TRAIN", train_manifest, other)
empty = client.create_dataset(ProjectArn=other, DatasetType="TEST")["DatasetArn"]
settled(empty)
client.distribute_dataset_entries(Datasets=[{"Arn": whole}, {"Arn": empty}])
settled(whole)
seen["distributed"] = settled(empty)["DatasetStats"]["TotalEntries"]
client.delete_dataset(DatasetArn=empty)
client.delete_project(ProjectArn=other)
client.describe_projects()
seen["pattern"] = refused(lambda: client.create_project(ProjectName="a b"))
wrong = boto3.client("rekognition", aws_access_key_id="TESTKEY", aws_secret_access_key="guessed")
seen["wrong"] = refused(wrong.describe_projects)

seen["operations"] = sorted(responses.operations)
seen["problems"] = responses.problems
print(json.dumps(seen, default=str))
