"""COCO's evaluation at IoU 0.5 by pycocotools alone, from ground truth and detections on stdin. Prints each class's AP and curve as JSON."""

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
answer = [
    {
        "precisions": evaluation.eval["precision"][0, :, k, 0, 0].tolist(),
        "recall": float(evaluation.eval["recall"][0, k, 0, 0]),
    }
    for k in range(len(given["truth"]["categories"]))
]
print(json.dumps(answer))
