"""Transforms a COCO file into a manifest as the example of the Rekognition Custom Labels developer guide does.

https://docs.aws.amazon.com/rekognition/latest/customlabels-dg/md-coco-transform-example.html

This is our own program. It does what the example does, in the same order: it reads the whole COCO file, makes one object
per image with the date of capture parsed and formatted, compares the category of each annotation with all categories, and
opens the manifest once per image to append its line. The upload to S3 is left out. It applies no rule of the service.

    python3 aws-transform.py coco.json out.manifest
"""
import datetime
import json
import resource
import sys

ATTRIBUTE = "bounding-box"
METADATA = ATTRIBUTE + "-metadata"
PREFIX = "s3://bucket/images/"


class Line:
    """One line of the manifest."""

    def __init__(self, image):
        taken = datetime.datetime.strptime(image["date_captured"], "%Y-%m-%d %H:%M:%S")
        size = {"width": image["width"], "depth": 3, "height": image["height"]}
        self.__dict__["source-ref"] = PREFIX + image["file_name"]
        self.__dict__[ATTRIBUTE] = {"annotations": [], "image_size": [size]}
        self.__dict__[METADATA] = {
            "job-name": "job",
            "class-map": {},
            "human-annotated": "yes",
            "objects": [],
            "creation-date": taken.strftime("%Y-%m-%dT%H:%M:%S"),
            "type": "groundtruth/object-detection",
        }

    def add(self, annotation, categories):
        left, top, width, height = annotation["bbox"]
        box = {"left": left, "top": top, "width": width, "height": height}
        box["class_id"] = annotation["category_id"]
        getattr(self, ATTRIBUTE)["annotations"].append(box)
        metadata = getattr(self, METADATA)
        for category in categories:
            if annotation["category_id"] == category["id"]:
                metadata["class-map"][category["id"]] = category["name"]
        metadata["objects"].append({"confidence": 1})


def transform(coco_file, manifest_file):
    with open(coco_file) as file:
        coco = json.load(file)
    lines = {image["id"]: Line(image) for image in coco["images"]}
    for annotation in coco["annotations"]:
        lines[annotation["image_id"]].add(annotation, coco["categories"])
    open(manifest_file, "w").close()
    for line in lines.values():
        with open(manifest_file, "a+") as file:
            json.dump(line.__dict__, file)
            file.write("\n")


transform(sys.argv[1], sys.argv[2])
used = resource.getrusage(resource.RUSAGE_SELF)
cpu = round(used.ru_utime + used.ru_stime, 1)
print(json.dumps({"cpuSeconds": cpu, "peakMb": round(used.ru_maxrss / 1024)}))
