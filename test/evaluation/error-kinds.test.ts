import { describe, expect, it } from '@jest/globals';
import type { Box } from '../../src/dataset/model/types.js';
import { confusionOf, countedIn } from '../../src/evaluation/confusion.js';
import { judgeImage } from '../../src/evaluation/error-kinds.js';
import { summarizeErrors } from '../../src/evaluation/error-summary.js';
import type { Detection } from '../../src/evaluation/metrics.js';
import { worstImages } from '../../src/evaluation/worst-images.js';

const THRESHOLDS = new Map([
  ['cat', 0.5],
  ['dog', 0.5],
]);

const box = (left: number, label = 'cat'): Box => ({ label, left, top: 0, width: 10, height: 10 });
/** A detection that is moved by `left` pixels: 3 pixels are an IoU of 0.54, 5 of 0.33, 9 of 0.05. */
const seen = (left: number, label = 'cat', confidence = 0.9): Detection => ({
  ...box(left, label),
  confidence,
});
const judge = (truth: Box[], detections: Detection[]) => judgeImage({ truth, detections }, THRESHOLDS);
const kindsOf = (judged: readonly { kind: string }[]) => judged.map(({ kind }) => kind);

describe('the kind of a detection', () => {
  it.each([
    ['correct on an object of its class', seen(3), 'correct', 'found'],
    ['the wrong class on an object of another class', seen(3, 'dog'), 'wrong-class', 'wrong-class'],
    ['badly placed beside an object of its class', seen(5), 'badly-placed', 'badly-placed'],
    [
      'both beside an object of another class',
      seen(5, 'dog'),
      'wrong-class-and-place',
      'wrong-class-and-place',
    ],
    ['on nothing if it hardly overlaps an object', seen(9), 'on-nothing', 'not-detected'],
    ['on nothing far away from all objects', seen(50), 'on-nothing', 'not-detected'],
  ])('is %s', (_, detection, kind, ofObject) => {
    const { detections, objects } = judge([box(0)], [detection]);
    expect(kindsOf(detections)).toEqual([kind]);
    expect(kindsOf(objects)).toEqual([ofObject]);
  });

  it('is duplicate if a detection of higher confidence has matched the object', () => {
    const { detections, objects } = judge([box(0)], [seen(1, 'cat', 0.6), seen(0, 'cat', 0.9)]);
    expect(kindsOf(detections)).toEqual(['correct', 'duplicate']);
    expect(kindsOf(objects)).toEqual(['found']);
  });

  it('is of the object that it overlaps most', () => {
    const { detections } = judge([box(5), box(1)], [seen(0)]);
    expect(detections[0]).toMatchObject({ kind: 'correct', object: 1 });
  });

  it('is not given to a detection below the threshold of its class', () => {
    expect(judge([box(0)], [seen(0, 'cat', 0.49)])).toEqual({
      detections: [],
      objects: [{ ...box(0), kind: 'not-detected' }],
    });
  });

  it('is not given to an object together with the confidence that manifests state for labels', () => {
    expect(judge([{ ...box(0), confidence: 1 } as Box], []).objects).toEqual([
      { ...box(0), kind: 'not-detected' },
    ]);
  });

  it('is not given to a detection of a class that the model does not report', () => {
    expect(judge([], [seen(0, 'horse')]).detections).toEqual([]);
  });
});

describe('the summary of errors', () => {
  const images = [
    judge([box(0), box(50, 'dog')], [seen(0), seen(50, 'cat', 0.8)]),
    judge([box(0, 'dog')], [seen(0, 'dog'), seen(5, 'dog', 0.7), seen(80, 'cat')]),
    judge([box(0)], []),
  ];

  it('counts found and missed objects and false alarms of each class', () => {
    expect(summarizeErrors(images, ['cat', 'dog']).classes).toEqual([
      { label: 'cat', objects: 2, found: 1, missed: 1, falseAlarms: 2 },
      { label: 'dog', objects: 2, found: 1, missed: 1, falseAlarms: 1 },
    ]);
  });

  it('counts each detection and each object in one kind', () => {
    const { detections, objects } = summarizeErrors(images, ['cat', 'dog']);
    expect(detections).toEqual({
      correct: 2,
      'wrong-class': 1,
      'badly-placed': 1,
      'wrong-class-and-place': 0,
      duplicate: 0,
      'on-nothing': 1,
    });
    expect(objects).toEqual({
      found: 2,
      'wrong-class': 1,
      'badly-placed': 0,
      'wrong-class-and-place': 0,
      'not-detected': 1,
    });
  });

  it('shows in the confusion matrix which class was taken for which', () => {
    expect(confusionOf(images, ['cat', 'dog'])).toEqual({
      labels: ['cat', 'dog'],
      cells: [
        [1, 0],
        [1, 1],
      ],
      noDetection: [1, 0],
      noObject: [1, 1],
    });
  });

  it('names the boxes that each number of the confusion matrix counts', () => {
    const counted = (truth: string | null, detected: string | null) =>
      images.map((image) => {
        const { objects, detections } = countedIn({ truth, detected }, image);
        return [...objects, ...detections].map(({ left, label }) => `${label} at ${left}`);
      });
    expect(counted('dog', 'cat')).toEqual([['cat at 50'], [], []]);
    expect(counted('dog', 'dog')).toEqual([[], ['dog at 0'], []]);
    expect(counted(null, 'dog')).toEqual([[], ['dog at 5'], []]);
    expect(counted('cat', null)).toEqual([[], [], ['cat at 0']]);
  });
});

describe('the worst images', () => {
  const quiet = judge([box(0)], [seen(0)]);
  const unsure = judge([], [seen(0, 'cat', 0.6)]);
  const sure = judge([], [seen(0, 'cat', 0.99)]);
  const many = judge([], [seen(0, 'cat', 0.6), seen(30, 'cat', 0.6)]);

  it('are those with the most errors, then those in which the model is surest', () => {
    expect(worstImages([quiet, unsure, sure, many], 'on-nothing')).toEqual([many, sure, unsure]);
  });

  it('are none for a topic without errors', () => {
    expect(worstImages([quiet, unsure], 'wrong-class')).toEqual([]);
  });
});
