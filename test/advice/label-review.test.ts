import { describe, expect, it } from '@jest/globals';
import { labelReviewCsv } from '../../src/advice/label-review-csv.js';
import { boxAt, doubtsOf, found, seenAt } from './tested.js';

const summary = (doubts: ReturnType<typeof doubtsOf>) =>
  doubts.map(({ path, reason, labelled, detected }) => [path, reason, labelled, detected]);

describe('the labels to check', () => {
  it('have a confident detection where nothing is labelled', () => {
    const doubts = doubtsOf([...found('cat', 4), { truth: [], detections: [seenAt('cat', 0.9)] }]);
    expect(summary(doubts)).toEqual([['4.jpg', 'box-missing', null, 'cat']]);
    expect(doubts[0]).toMatchObject({ confidence: 0.9, box: { left: 60, top: 90, width: 20, height: 20 } });
  });

  it('have the other labelled boxes of the image with them', () => {
    const truth = [boxAt('dog'), boxAt('cat', 60)];
    const detections = [seenAt('cat', 0.9), seenAt('cat', 0.8, 60)];
    const [doubt] = doubtsOf([...found('cat', 4), { truth, detections }]);
    expect(doubt).toMatchObject({ labelled: 'dog', others: [boxAt('cat', 60)] });
  });

  it('have a class that a confident detection contradicts', () => {
    const doubts = doubtsOf([
      ...found('cat', 4),
      { truth: [boxAt('dog')], detections: [seenAt('cat', 0.9)] },
    ]);
    expect(summary(doubts)).toEqual([['4.jpg', 'class-contradicted', 'dog', 'cat']]);
  });

  it('have a box without a detection, though most objects of its class, size and position are found', () => {
    const doubts = doubtsOf([...found('cat', 9), { truth: [boxAt('cat')], detections: [] }]);
    expect(summary(doubts)).toEqual([['9.jpg', 'box-doubtful', 'cat', null]]);
  });

  it.each([
    [
      'below the confidence from which detections are mostly right',
      [...found('cat', 4), ...Array.from({ length: 5 }, () => missing(0.7)).flat()],
    ],
    ['of a class with fewer than three right ones', [...found('cat', 2), ...missing(0.9)]],
    [
      'of a class whose confident detections are mostly wrong',
      [...found('cat', 4), ...Array.from({ length: 5 }, () => missing(0.9)).flat()],
    ],
  ])('do not follow from a detection that is %s', (_, images) => {
    expect(doubtsOf(images)).toEqual([]);
  });

  it('follow from the least confident detection too if detections are mostly right', () => {
    const doubts = doubtsOf([...found('cat', 9, 0.99), ...missing(0.99), ...missing(0.6)]);
    expect(doubts.map(({ path, confidence }) => [path, confidence])).toEqual([
      ['9.jpg', 0.99],
      ['10.jpg', 0.6],
    ]);
  });

  it('follow from confident detections of a class whose other detections are mostly wrong', () => {
    const others = Array.from({ length: 30 }, () => missing(0.6)).flat();
    const doubts = doubtsOf([...found('cat', 9, 0.9), ...missing(0.95), ...others]);
    expect(doubts.map(({ path }) => path)).toEqual(['9.jpg']);
  });

  it('do not have a class that another detection confirms', () => {
    const both = { truth: [boxAt('dog')], detections: [seenAt('cat', 0.9), seenAt('dog', 0.6)] };
    expect(doubtsOf([...found('cat', 4), both])).toEqual([]);
  });

  it('do not have a box at the border if few boxes there are found', () => {
    const atBorder = { truth: [boxAt('cat', -60)], detections: [] };
    const images = [...found('cat', 90), ...Array.from({ length: 10 }, () => atBorder)];
    expect(doubtsOf(images)).toEqual([]);
  });

  it('do not have a box of a class that is seldom found', () => {
    const images = [
      ...found('cat', 6),
      ...Array.from({ length: 4 }, () => ({ truth: [boxAt('cat')], detections: [] })),
    ];
    expect(doubtsOf(images)).toEqual([]);
  });

  it('come in the order of confidence within their class, and of paths', () => {
    const confidences = [0.6, 0.7, 0.8, 0.9].flatMap((confidence) => found('cat', 2, confidence));
    const doubts = doubtsOf([...confidences, ...missing(0.75), ...missing(0.95), ...missing(0.85)]);
    expect(doubts.map(({ path, confidence }) => [path, confidence])).toEqual([
      ['9.jpg', 0.95],
      ['10.jpg', 0.85],
      ['8.jpg', 0.75],
    ]);
  });

  it('come first if a detection contradicts them, and then if nothing is detected on them', () => {
    const unseen = { truth: [boxAt('cat')], detections: [] };
    const contradicted = { truth: [boxAt('dog')], detections: [seenAt('cat', 0.7)] };
    const doubts = doubtsOf([...found('cat', 18), unseen, ...missing(0.6), contradicted, ...missing(0.6)]);
    expect(summary(doubts)).toEqual([
      ['20.jpg', 'class-contradicted', 'dog', 'cat'],
      ['19.jpg', 'box-missing', null, 'cat'],
      ['21.jpg', 'box-missing', null, 'cat'],
      ['18.jpg', 'box-doubtful', 'cat', null],
    ]);
  });

  it('come first if nothing is detected on them and detections of the other class are more often wrong', () => {
    const unseen = { truth: [boxAt('cat')], detections: [] };
    const dogs = [...found('dog', 4), { truth: [], detections: [seenAt('dog', 0.9)] }];
    expect(summary(doubtsOf([...found('cat', 19), ...dogs, unseen]))).toEqual([
      ['24.jpg', 'box-doubtful', 'cat', null],
      ['23.jpg', 'box-missing', null, 'dog'],
    ]);
  });
});

function missing(confidence: number) {
  return [{ truth: [], detections: [seenAt('cat', confidence)] }];
}

describe('the CSV of the labels to check', () => {
  it('has a row per label with its file, classes, box and question', () => {
    const doubts = doubtsOf([
      ...found('cat', 4),
      { truth: [boxAt('dog')], detections: [seenAt('cat', 0.9)] },
    ]);
    expect(labelReviewCsv({ doubts, examined: 'test-images' }).split('\r\n')).toEqual([
      'file,reason,labelled,detected,confidence,left,top,width,height,image_width,image_height,question',
      '4.jpg,class-contradicted,dog,cat,0.900,60,90,20,20,200,200,Labelled dog. Is it cat? The model detects cat with 90 % confidence.',
      '',
    ]);
  });

  it('quotes names with separators, and disarms names that a spreadsheet would run', () => {
    const name = '=HYPERLINK("x"), cat';
    const doubts = doubtsOf([...found('dog', 4), { truth: [boxAt(name)], detections: [seenAt('dog', 0.9)] }]);
    const [, row = ''] = labelReviewCsv({ doubts, examined: 'test-images' }).split('\r\n');
    expect(row).toContain('4.jpg,class-contradicted,"\'=HYPERLINK(""x""), cat",dog,');
  });

  it.each([
    ['=1+1', "'=1+1"],
    [' =1+1', "' =1+1"],
    ['＝1+1', "'＝1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1+1', '"\'\t=1+1"'],
    ['cat;=1+1', '"cat;=1+1"'],
    ['-1', '-1'],
  ])('write the class name %j so that no spreadsheet runs it', (name, written) => {
    const doubts = doubtsOf([...found('dog', 4), { truth: [boxAt(name)], detections: [seenAt('dog', 0.9)] }]);
    expect(labelReviewCsv({ doubts, examined: 'test-images' }).split('\r\n')[1]).toContain(
      `4.jpg,class-contradicted,${written},dog,`,
    );
  });
});
