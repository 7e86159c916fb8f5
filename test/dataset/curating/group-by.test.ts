import { describe, expect, it } from '@jest/globals';
import type { Curation } from '../../../src/dataset/curating/curate.js';
import { datasetVersion } from '../../../src/dataset/model/identity.js';
import { DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import { boxOf, curated, drawn } from './images.js';

const SMALL = { minClassImages: 2, perClassCap: 1000, valSplit: 0.2 };
const GROUP_BY = '^(?:train|valid)/(patient\\d+)_';

/** Ten visits each of twelve patients, in both folders of an export. */
const visits = Array.from({ length: 120 }, (_, i) =>
  drawn(`${i % 3 === 0 ? 'valid' : 'train'}/patient${Math.floor(i / 10)}_${i % 10}.jpg`, [boxOf('acne')], {
    cocoFile: `${i % 3 === 0 ? 'valid' : 'train'}/_annotations.coco.json`,
  }),
);
const patientsOf = (images: Curation['train']) =>
  new Set(images.map(({ path }) => /patient\d+/.exec(path)?.[0]));
const shared = ({ train, val }: Curation) => {
  const inTrain = patientsOf(train);
  return [...patientsOf(val)].filter((patient) => inTrain.has(patient));
};

describe('GROUP_BY', () => {
  it('keeps the images of a patient on one side of the split', () => {
    expect(shared(curated(visits, SMALL)).length).toBeGreaterThan(0);
    const curation = curated(visits, { ...SMALL, groupBy: GROUP_BY });
    expect(shared(curation)).toEqual([]);
    expect(curation.images.val).toBe(20);
    expect(curation.groups).toEqual({ groups: 0, images: 0, groupBy: { groups: 12, images: 120 } });
  });

  it('does not make images of one patient copies of a photo', () => {
    const curation = curated(visits, { ...SMALL, groupBy: GROUP_BY });
    expect(new Set([...curation.train, ...curation.val].map(({ group }) => group)).size).toBe(120);
    expect(curation.findings.map(({ code }) => code)).not.toContain('COPIES_DISAGREE');
  });

  it('reports patients on both sides of the split of an export', () => {
    const { findings, images } = curated(visits, { ...SMALL, groupBy: GROUP_BY, split: 'export' });
    expect(findings.find(({ code }) => code === 'SPLIT_LEAKS')?.count).toBe(images.val);
  });

  it('reports paths that it does not match', () => {
    const images = [...visits, drawn('train/other.jpg', [boxOf('acne')])];
    const { findings } = curated(images, { ...SMALL, groupBy: GROUP_BY });
    expect(findings.find(({ code }) => code === 'GROUP_BY_UNMATCHED')).toMatchObject({
      count: 1,
      examples: ['train/other.jpg'],
      message: expect.stringContaining('the paths of 1 of 121 images'),
    });
  });

  it('changes the dataset version only if it is set', () => {
    const { groupBy: _groupBy, ...older } = DEFAULT_DATASET_SETTINGS;
    const version = datasetVersion('archive', DEFAULT_DATASET_SETTINGS);
    expect(datasetVersion('archive', older as typeof DEFAULT_DATASET_SETTINGS)).toBe(version);
    expect(datasetVersion('archive', { ...DEFAULT_DATASET_SETTINGS, groupBy: GROUP_BY })).not.toBe(version);
  });

  it('GROUP_BY is ignored in settings of earlier versions, which do not have it', () => {
    const { groupBy: _groupBy, ...older } = { ...DEFAULT_DATASET_SETTINGS, ...SMALL };
    expect(curated(visits, { ...older, groupBy: undefined as unknown as string }).images.used).toBe(120);
  });
});

describe('source names', () => {
  it('source names keep crops of one photo on one side of the split', () => {
    const crops = Array.from({ length: 60 }, (_, i) =>
      drawn(`train/anna-visit-${Math.floor(i / 3)}_jpg.rf.c${i}.jpg`, [boxOf('acne')]),
    );
    const curation = curated(crops, SMALL);
    const sources = (images: Curation['train']) => new Set(images.map(({ path }) => path.split('.rf.')[0]));
    const inTrain = sources(curation.train);
    expect([...sources(curation.val)].filter((source) => inTrain.has(source))).toEqual([]);
    expect(curation.groups.sameSource).toEqual({ groups: 20, images: 60 });
  });
});
