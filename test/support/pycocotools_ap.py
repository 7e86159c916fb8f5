"""COCO's evaluation at IoU 0.5 by pycocotools alone, from ground truth and detections on stdin. 
Prints each class's curve, and its counts at the given threshold, as JSON."""

import contextlib
import json
import sys

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

given = json.load(sys.stdin)
with contextlib.redirect_stdout(sys.stderr):
    truth = COCO()
    truth.dataset = given["truth"]
    truth.createIndex()
    evaluation = COCOeval(truth, truth.loadRes(given["detections"]), "bbox")
    evaluation.params.iouThrs = np.array([0.5])
    evaluation.params.recThrs = np.array(given["recalls"])
    evaluation.params.maxDets = [1000]
    evaluation.params.areaRng = [[0, 1e10]]
    evaluation.params.areaRngLbl = ["all"]
    evaluation.evaluate()
    evaluation.accumulate()


def counts(category, threshold):
    """Objects found and missed, and false alarms, as COCO matches the detections from a confidence on."""
    kept = [one for one in given["detections"] if one["category_id"] == category and one["score"] >= threshold]
    objects = [one for one in given["truth"]["annotations"] if one["category_id"] == category]
    if not kept:
        return {"found": 0, "missed": len(objects), "falseAlarms": 0}
    with contextlib.redirect_stdout(sys.stderr):
        matching = COCOeval(truth, truth.loadRes(kept), "bbox")
        matching.params = evaluation.params
        matching.params.catIds = [category]
        matching.evaluate()
    matched = sum(int((image["dtMatches"][0] > 0).sum()) for image in matching.evalImgs if image)
    return {"found": matched, "missed": len(objects) - matched, "falseAlarms": len(kept) - matched}


answer = [
    {
        "precisions": evaluation.eval["precision"][0, :, k, 0, 0].tolist(),
        "recall": float(evaluation.eval["recall"][0, k, 0, 0]),
        "counts": counts(category["id"], given["thresholds"][k]),
    }
    for k, category in enumerate(given["truth"]["categories"])
]
print(json.dumps(answer))
