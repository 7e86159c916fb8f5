"""Compares recorded requests with botocore's models: reads [{"target", "body"}] from stdin, prints operations and problems."""

import json
import sys
from urllib.parse import parse_qs

import botocore.session

from botocore_shapes import differences

session = botocore.session.get_session()
rekognition = session.get_service_model("rekognition")
sts = session.get_service_model("sts")
operations, problems = set(), []

for request in json.load(sys.stdin):
    target, body = request["target"], request["body"]
    if target is None:
        # STS has the query protocol: a form with the operation and the version of the API.
        form = {name: values[0] for name, values in parse_qs(body).items()}
        name, version = form.pop("Action"), form.pop("Version")
        if version != sts.api_version:
            problems.append(f"{name}: version {version} is not {sts.api_version}")
        model, value = sts.operation_model(name), form
    else:
        prefix, name = target.split(".")
        if prefix != rekognition.metadata["targetPrefix"]:
            problems.append(f"{name}: {prefix} is not the service")
        model, value = rekognition.operation_model(name), json.loads(body)
    operations.add(name)
    problems += [f"{name}{problem}" for problem in differences(model.input_shape, value)]

print(json.dumps({"operations": sorted(operations), "problems": problems}))
