"""Compares raw responses and requests with botocore's model of a service, strictly: botocore's own parser ignores unknown members,
does not check patterns or ranges, and reads values of a wrong type as they are."""

import json
import re

TYPES = {"string": str, "integer": int, "long": int, "float": (int, float), "double": (int, float), "boolean": bool, "blob": str}
# Exceptions of every AWS service, which models do not list.
COMMON_ERRORS = {
    "ValidationException",
    "InvalidSignatureException",
    "UnrecognizedClientException",
    "MissingAuthenticationTokenException",
    "UnknownOperationException",
    "SerializationException",
}


class ResponseCheck:
    """Checks every response that a client receives before botocore parses it."""

    def __init__(self, client):
        self.operations = set()
        self.problems = []
        client.meta.events.register("before-parse.*", self._check)

    def _check(self, operation_model, response_dict, **_):
        name = operation_model.name
        body = json.loads(response_dict["body"])
        if response_dict["status_code"] < 300:
            self.operations.add(name)
            self.problems += [f"{name}{problem}" for problem in differences(operation_model.output_shape, body)]
            return
        code = body.get("__type")
        modelled = {shape.name for shape in operation_model.error_shapes}
        if code not in modelled | COMMON_ERRORS:
            self.problems.append(f"{name}: {code} is not an exception of this operation")


def differences(shape, value, path=""):
    """The differences of a JSON value from a shape, each as a path and a reason."""
    if shape is None:
        return [] if value == {} else [f"{path}: expected an empty object"]
    if shape.type_name == "structure":
        return _structure(shape, value, path)
    if shape.type_name == "list":
        if not isinstance(value, list):
            return [f"{path}: {value!r} is not a list"]
        return [d for n, one in enumerate(value) for d in differences(shape.member, one, f"{path}[{n}]")]
    if shape.type_name == "map":
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is not a map"]
        keys = [d for key in value for d in differences(shape.key, key, f"{path}.{key}")]
        return keys + [d for key, one in value.items() for d in differences(shape.value, one, f"{path}.{key}")]
    return _scalar(shape, value, path)


def _structure(shape, value, path):
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is not an object"]
    found = [f"{path}.{name}: missing" for name in shape.required_members if name not in value]
    for name, one in value.items():
        member = shape.members.get(name)
        found += [f"{path}.{name}: unknown member"] if member is None else differences(member, one, f"{path}.{name}")
    return found


def _scalar(shape, value, path):
    if shape.type_name == "timestamp":
        # AWS JSON 1.1 writes seconds since 1970. Milliseconds would be in another millennium.
        is_seconds = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e11
        return [] if is_seconds else [f"{path}: {value!r} is not a time in seconds"]
    expected = TYPES[shape.type_name]
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        return [f"{path}: {value!r} is not of type {shape.type_name}"]
    found = []
    enum = shape.metadata.get("enum")
    if enum and value not in enum:
        found.append(f"{path}: {value!r} is not one of {enum}")
    size = len(value) if isinstance(value, str) else value
    if size < shape.metadata.get("min", size) or size > shape.metadata.get("max", size):
        found.append(f"{path}: {value!r} is not within {shape.metadata}")
    pattern = shape.metadata.get("pattern")
    if pattern and isinstance(value, str) and not re.fullmatch(_python(pattern), value, re.DOTALL):
        found.append(f"{path}: {value!r} does not match {pattern}")
    return found


def _python(pattern):
    """The pattern with Unicode categories, which Python's `re` does not know, as its nearest classes."""
    return pattern.replace(r"\p{L}", r"\w").replace(r"\p{Z}", r"\s").replace(r"\p{N}", r"\d")
