import { beforeAll, describe, expect, it } from '@jest/globals';
import { picture, zipOf } from '../support/archives.js';
import { readWhole } from '../support/whole-archive.js';

/**
 * A COCO file like the one that AWS's guide converts ("Transforming a COCO dataset into a manifest file format"): two
 * classes, boxes in whole pixels, upright images in one folder, each with its date_captured.
 */
const CATEGORIES = [
  { id: 1, name: 'speaker' },
  { id: 5, name: 'speaker-mini' },
];
const image = (id: number) => ({
  id,
  license: 4,
  file_name: `${id}.jpg`,
  width: 320,
  height: 240,
  date_captured: `2013-11-15 02:41:4${id}`,
});
const annotation = (id: number, imageId: number, categoryId: number, bbox: number[], more: object = {}) => ({
  ...{ id, image_id: imageId, category_id: categoryId, bbox, iscrowd: 0 },
  ...{ area: 1, segmentation: [], ...more },
});
const IMAGES = [1, 2, 3, 4, 5].map(image);
const ANNOTATIONS = [
  annotation(11, 1, 1, [10, 20, 100, 80]),
  annotation(12, 1, 5, [150, 40, 50, 60]),
  annotation(13, 2, 5, [0, 0, 320, 240]),
  annotation(14, 2, 1, [30, 30, 40, 40]),
  annotation(15, 3, 1, [200, 100, 120, 140]),
  annotation(16, 4, 5, [7, 9, 31, 33]),
  annotation(17, 4, 1, [60, 9, 31, 33]),
];

interface Line {
  readonly [name: string]: unknown;
  readonly 'source-ref': string;
  readonly 'bounding-box': {
    readonly image_size: unknown;
    readonly annotations: readonly {
      readonly class_id: number;
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
    }[];
  };
  readonly 'bounding-box-metadata': {
    readonly objects: unknown;
    readonly 'class-map': Readonly<Record<string, string>>;
    readonly type: string;
    readonly 'human-annotated': string;
    readonly 'creation-date': string;
    readonly 'job-name': string;
  };
}

/** The line that the guide's script writes for image 1, by the documented mapping of COCO fields. */
const DOCUMENTED_LINE_OF_IMAGE_1: Line = {
  'source-ref': 's3://bucket/images/1.jpg',
  'bounding-box': {
    annotations: [
      { left: 10, top: 20, width: 100, height: 80, class_id: 1 },
      { left: 150, top: 40, width: 50, height: 60, class_id: 5 },
    ],
    image_size: [{ width: 320, depth: 3, height: 240 }],
  },
  'bounding-box-metadata': {
    'job-name': 'Custom Labels job name',
    'class-map': { '1': 'speaker', '5': 'speaker-mini' },
    'human-annotated': 'yes',
    objects: [{ confidence: 1 }, { confidence: 1 }],
    'creation-date': '2013-11-15T02:41:41',
    type: 'groundtruth/object-detection',
  },
};

/** The line that the guide's script writes for any image. */
function documentedLine(id: number, annotations: readonly (typeof ANNOTATIONS)[number][]): Line {
  const own = annotations.filter(({ image_id }) => image_id === id);
  const used = CATEGORIES.filter((category) => own.some(({ category_id }) => category_id === category.id));
  return {
    'source-ref': `s3://bucket/images/${id}.jpg`,
    'bounding-box': {
      annotations: own.map(({ category_id, bbox: [left = 0, top = 0, width = 0, height = 0] }) => ({
        ...{ left, top, width, height },
        class_id: category_id,
      })),
      image_size: [{ width: 320, depth: 3, height: 240 }],
    },
    'bounding-box-metadata': {
      'job-name': 'Custom Labels job name',
      'class-map': Object.fromEntries(used.map((category) => [String(category.id), category.name])),
      'human-annotated': 'yes',
      objects: own.map(() => ({ confidence: 1 })),
      'creation-date': image(id).date_captured.replace(' ', 'T'),
      type: 'groundtruth/object-detection',
    },
  };
}

/** The lines that Curator writes, by image id. */
async function ourLines(annotations: readonly object[]): Promise<Map<number, Line>> {
  const files: Record<string, string | Buffer> = {
    'annotations/instances.json': JSON.stringify({
      ...{ info: {}, licenses: [], images: IMAGES, annotations, categories: CATEGORIES },
    }),
  };
  for (const { id, file_name } of IMAGES) files[`images/${file_name}`] = await picture(id, 320, 240);
  const { trainManifest, valManifest } = await readWhole(await zipOf(files));
  return new Map(
    `${trainManifest}${valManifest}`
      .trim()
      .split('\n')
      .map((text) => {
        const line: Line = JSON.parse(text);
        return [Number(/images\/(\d+)\./.exec(line['source-ref'])?.[1]), line];
      }),
  );
}

/** Sorted boxes with class names: ids and order of boxes may differ between writers. */
function boxesOf(line: Line | undefined) {
  const names = line?.['bounding-box-metadata']['class-map'] ?? {};
  return (line?.['bounding-box'].annotations ?? [])
    .map(({ class_id, left, top, width, height }) => ({ label: names[class_id], left, top, width, height }))
    .sort((a, b) => a.left - b.left || a.top - b.top);
}

describe('manifests for the input that AWS documents', () => {
  let ours: Map<number, Line>;
  beforeAll(async () => {
    ours = await ourLines(ANNOTATIONS);
  });

  it('manifests are compared with the documented mapping', () => {
    expect(documentedLine(1, ANNOTATIONS)).toEqual(DOCUMENTED_LINE_OF_IMAGE_1);
  });

  it.each([1, 2, 3, 4])('manifests agree with the documented line of image %d in every field', (id) => {
    const documented = documentedLine(id, ANNOTATIONS);
    const line = ours.get(id);
    const [metadata, theirs] = [line?.['bounding-box-metadata'], documented['bounding-box-metadata']];
    expect(new Set(Object.keys(line ?? {}))).toEqual(new Set(Object.keys(documented)));
    expect(line?.['bounding-box'].image_size).toEqual(documented['bounding-box'].image_size);
    expect(boxesOf(line)).toEqual(boxesOf(documented));
    expect(new Set(Object.keys(metadata ?? {}))).toEqual(new Set(Object.keys(theirs)));
    expect(new Set(Object.values(metadata?.['class-map'] ?? {}))).toEqual(
      new Set(Object.values(theirs['class-map'])),
    );
    expect(metadata?.objects).toEqual(theirs.objects);
    expect(metadata?.type).toBe(theirs.type);
    expect(metadata?.['human-annotated']).toBe(theirs['human-annotated']);
  });

  it('manifests differ in source-ref, class ids, creation-date and job-name, in the documented format', () => {
    const line = ours.get(1);
    expect(line?.['source-ref']).toMatch(
      /^s3:\/\/bucket\/datasets\/d\/preprocessed\/images\/1\.[0-9a-f]{12}\.jpg$/,
    );
    expect(line?.['bounding-box-metadata']).toMatchObject({
      'class-map': { '0': 'speaker', '1': 'speaker-mini' },
      'creation-date': '2025-09-14T08:30:12',
      'job-name': 'd',
    });
  });

  it('manifests leave out images without annotations, which the service ignores', () => {
    expect(documentedLine(5, ANNOTATIONS)['bounding-box'].annotations).toEqual([]);
    expect(new Set(ours.keys())).toEqual(new Set([1, 2, 3, 4]));
  });
});

it('manifests have whole pixels inside the image, while the documented mapping copies COCO’s floats', async () => {
  const fractional = [
    annotation(1, 1, 1, [10.4, 20.5, 100.2, 80.4]),
    annotation(2, 2, 1, [-3.5, 100.25, 50, 200]),
    annotation(3, 3, 5, [1, 2, 30, 40], { iscrowd: 1 }),
    annotation(4, 3, 1, [1, 2, 30, 40]),
    annotation(5, 4, 1, [1, 2, 30, 40]),
  ];
  const ours = await ourLines(fractional);
  expect(boxesOf(ours.get(1))).toEqual([{ label: 'speaker', left: 10, top: 21, width: 101, height: 80 }]);
  expect(boxesOf(ours.get(2))).toEqual([{ label: 'speaker', left: 0, top: 100, width: 47, height: 140 }]);
  expect(boxesOf(documentedLine(2, fractional))).toEqual([
    { label: 'speaker', left: -3.5, top: 100.25, width: 50, height: 200 },
  ]);
  expect(boxesOf(ours.get(3))).toHaveLength(1);
  expect(boxesOf(documentedLine(3, fractional))).toHaveLength(2);
});
