import { describe, expect, it } from '@jest/globals';
import {
  classMergesProblem,
  classMergeText,
  parseClassMerges,
} from '../../../src/dataset/model/class-merges.js';
import { datasetVersion } from '../../../src/dataset/model/identity.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import { boxOf, curated, drawn, imagesOf } from './images.js';

const SMALL = { minClassImages: 15, perClassCap: 1000, valSplit: 0.2 };
const LESIONS = [...imagesOf('nodule', 10), ...imagesOf('papule', 10), ...imagesOf('scar', 20)];
const merged = (mergeClasses: string, images = LESIONS) => curated(images, { ...SMALL, mergeClasses });

describe('MERGE_CLASSES', () => {
  it('gives the boxes of several classes one name before rare classes are dropped', () => {
    expect(curated(LESIONS, SMALL).labels.map(({ label }) => label)).toEqual(['scar']);
    const { labels, labelsFound, droppedClasses } = merged('nodule,papule=lesion');
    expect(labels).toEqual([
      { label: 'lesion', train: { images: 16, boxes: 16 }, val: { images: 4, boxes: 4 } },
      { label: 'scar', train: { images: 16, boxes: 16 }, val: { images: 4, boxes: 4 } },
    ]);
    expect(labelsFound[0]).toEqual({ label: 'lesion', images: 20, boxes: 20 });
    expect(droppedClasses).toEqual([]);
  });

  it('renames several groups of classes, and one of them to a name that it has already', () => {
    const { labels } = merged('nodule,papule=nodule; scar=mark');
    expect(labels.map(({ label }) => label)).toEqual(['mark', 'nodule']);
  });

  it('merges a name with an invisible difference', () => {
    const images = [...imagesOf('scar', 10), ...imagesOf('scar ', 10, 'b')];
    expect(merged('scar=scar', images).labels.map(({ label }) => label)).toEqual(['scar']);
  });

  it.each([
    [
      'nodul,papule=lesion',
      'No box has the class nodul of MERGE_CLASSES. Similar names: nodule. Correct or remove the name.',
    ],
    [
      'Nodule,PAPULE=lesion',
      'No box has the classes Nodule, PAPULE of MERGE_CLASSES. Similar names: nodule, papule. Correct or remove the names.',
    ],
    [
      'foo,bar=x',
      'No box has the classes foo, bar of MERGE_CLASSES. The dataset has nodule, papule, scar. Correct or remove the names.',
    ],
  ])('refuses %s, which names classes that no box has, with the names that were meant', (merges, message) => {
    expect(() => merged(merges)).toThrow(expect.objectContaining({ type: 'DatasetInvalid', message }));
  });

  it('names the reason why no box is usable before a name that no box has', () => {
    const unlabelled = imagesOf('scar', 20).map((one) => ({ ...one, image: { ...one.image, boxes: [] } }));
    expect(() => merged('foo,bar=x', unlabelled)).toThrow(/^No image has an annotation/);
  });

  it('reports boxes that two merged classes have on one object', () => {
    const images = Array.from({ length: 40 }, (_, i) =>
      drawn(`${i}.jpg`, [boxOf('nodule', { x: i }), boxOf('papule', { x: i })]),
    );
    const { findings } = merged('nodule,papule=lesion', images);
    expect(findings.map(({ code }) => code)).toContain('BOXES_DOUBLED');
  });

  it('changes the dataset version only if it is set', () => {
    const { mergeClasses: _mergeClasses, ...older } = DEFAULT_DATASET_SETTINGS;
    const version = datasetVersion('archive', DEFAULT_DATASET_SETTINGS);
    expect(datasetVersion('archive', older as DatasetSettings)).toBe(version);
    expect(datasetVersion('archive', { ...DEFAULT_DATASET_SETTINGS, mergeClasses: 'a=b' })).not.toBe(version);
  });

  it('is ignored in settings of earlier versions, which do not have it', () => {
    const older = { ...SMALL, mergeClasses: undefined } as unknown as Partial<DatasetSettings>;
    expect(curated(LESIONS, older)).toEqual(curated(LESIONS, SMALL));
  });
});

describe('the value of MERGE_CLASSES', () => {
  it.each([
    ['nodule,papule=lesion', undefined],
    ['', undefined],
    ['a=b;c=b', undefined],
    ['nodule', 'write classes=new name'],
    ['nodule=', 'write classes=new name'],
    ['a=b;', 'write classes=new name'],
    ['a,=b', 'write classes=new name'],
    ['a=b=c', 'write classes=new name'],
    ['a,b=c;a=d', '"a" is named twice'],
    ['a=b;b=c', '"b" is a new name and is itself renamed'],
    [`a=${'x'.repeat(300)}`, 'the maximum is 255'],
  ])('%j is valid or has the problem %j', (text, problem) => {
    const found = classMergesProblem(text);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });

  it('names classes with separators in their names', () => {
    const text = classMergeText(['chair, old', 'a=b;c', 'back\\slash\\'], 'x');
    expect(classMergesProblem(text)).toBeUndefined();
    expect([...parseClassMerges(text)]).toEqual([
      ['chair, old', 'x'],
      ['a=b;c', 'x'],
      ['back\\slash\\', 'x'],
    ]);
  });
});
