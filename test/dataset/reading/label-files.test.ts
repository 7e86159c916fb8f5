import { describe, expect, it } from '@jest/globals';
import { bufferSource } from '../../../src/archive/source.js';
import { DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import { inspect } from '../../../src/pipeline/inspect.js';
import { zipBytes } from '../../support/zip-bytes.js';
import { annotation, image } from './coco-export.js';

const NAMES = ['a', 'b', 'c', 'd'];
const CATEGORIES = [
  { id: 1, name: 'nut' },
  { id: 2, name: 'bolt' },
];
/** Four images of 100x80 with one box of 30x40 at 1, 2 each. */
const COCO = {
  images: NAMES.map((name, i) => image(i + 1, `${name}.jpg`)),
  annotations: NAMES.map((_, i) => annotation(i + 1)),
  categories: CATEGORIES,
};

/** A label file of one image whose box begins at `x`, in three formats. */
const voc = (x: number, label = 'nut') =>
  `<annotation><size><width>100</width><height>80</height></size>${vocObject(x, label)}</annotation>`;
const vocObject = (x: number, label: string) =>
  `<object><name>${label}</name><bndbox><xmin>${x}</xmin><ymin>2</ymin><xmax>${x + 30}</xmax><ymax>42</ymax></bndbox></object>`;
const yolo = (x: number) => `0 ${(x + 15) / 100} 0.275 0.3 0.5\n`;
const shape = (x: number) => ({
  label: 'nut',
  points: [
    [x, 2],
    [x + 30, 42],
  ],
  shape_type: 'rectangle',
});
const labelme = (...xs: readonly number[]) =>
  JSON.stringify({
    shapes: xs.map(shape),
    imagePath: 'a.jpg',
    imageWidth: 100,
    imageHeight: 80,
  });

/** The findings on an archive of four images, the COCO file and further files. */
async function findingsOf(files: Readonly<Record<string, string>>) {
  const entries = {
    ...Object.fromEntries(NAMES.map((name) => [`${name}.jpg`, ''])),
    'coco.json': JSON.stringify(COCO),
    ...files,
  };
  const zip = zipBytes(Object.entries(entries).map(([name, text]) => ({ name, data: Buffer.from(text) })));
  const { plan } = await inspect(bufferSource(zip), DEFAULT_DATASET_SETTINGS);
  return plan.findings.filter(({ code }) => code.startsWith('LABEL_FILES'));
}

const filesOf = (ending: string, textOf: (name: string) => string) =>
  Object.fromEntries(NAMES.map((name) => [`labels/${name}.${ending}`, textOf(name)]));

describe('label files in another format beside a COCO file', () => {
  it.each([
    ['a labelme export', 'json', labelme(1), labelme(21), labelme(1, 50)],
    [
      'a Pascal VOC export (XML)',
      'xml',
      voc(1),
      voc(21),
      voc(1).replace('</annotation>', `${vocObject(50, 'nut')}</annotation>`),
    ],
    ['a YOLO export', 'txt', yolo(1), yolo(21), yolo(1) + yolo(50)],
  ])(
    'label files beside a COCO file are reported as unused, and as different if they are: %s',
    async (format, ending, same, moved, more) => {
      expect(await findingsOf(filesOf(ending, () => same))).toMatchObject([
        { code: 'LABEL_FILES_UNUSED', count: 4, message: expect.stringContaining(`: ${format}. Only`) },
      ]);
      expect(await findingsOf(filesOf(ending, () => moved))).toMatchObject([
        { code: 'LABEL_FILES_DISAGREE', count: 4, headline: expect.stringContaining('4 of 4 images') },
      ]);
      const findings = await findingsOf(filesOf(ending, () => more));
      expect(findings).toMatchObject([{ code: 'LABEL_FILES_DISAGREE', count: 4 }]);
      expect(findings[0]?.examples[0]).toBe(`labels/a.${ending}: 2 objects, in COCO 1`);
    },
  );

  it('label files beside a COCO file are reported as unused with the few objects that differ', async () => {
    const files = filesOf('txt', (name) => yolo(name === 'a' ? 21 : 1));
    const [finding] = await findingsOf(files);
    expect(finding).toMatchObject({
      code: 'LABEL_FILES_UNUSED',
      examples: ['labels/a.txt: objects in other places than in COCO'],
    });
    expect(finding?.message).toContain('Of 4 images that were compared, 1 has other objects.');
  });

  it('label files beside a COCO file may have other classes than it defines', async () => {
    const more = voc(1).replace('</annotation>', `${vocObject(50, 'screw')}</annotation>`);
    expect(await findingsOf(filesOf('xml', () => more))).toMatchObject([{ code: 'LABEL_FILES_UNUSED' }]);
  });

  it('label files beside a COCO file may have other numbers of classes than it has', async () => {
    const more = `${yolo(1)}3 0.7 0.7 0.1 0.1\n`;
    expect(await findingsOf(filesOf('txt', () => more))).toMatchObject([{ code: 'LABEL_FILES_UNUSED' }]);
  });

  it('label files beside a COCO file may name its classes differently', async () => {
    expect(await findingsOf(filesOf('xml', () => voc(1, 'n')))).toMatchObject([
      { code: 'LABEL_FILES_UNUSED' },
    ]);
  });

  it('label files beside a COCO file differ if they are empty in a format of lines', async () => {
    const some = filesOf('txt', (name) => (name === 'a' ? yolo(1) : ''));
    expect(await findingsOf(some)).toMatchObject([{ code: 'LABEL_FILES_DISAGREE', count: 3 }]);
  });

  it('label files beside a COCO file are not assumed if they have no labels', async () => {
    const texts = {
      'README.txt': 'x',
      'data.yaml': 'names: [nut]',
      'requirements.txt': 'x',
      'classes.txt': 'nut',
    };
    expect(await findingsOf(texts)).toEqual([]);
    expect(await findingsOf(filesOf('txt', (name) => `A photo of ${name}.`))).toEqual([]);
    expect(await findingsOf(filesOf('xml', () => '<x:xmpmeta></x:xmpmeta>'))).toEqual([]);
    expect(await findingsOf(filesOf('json', () => '{"iso": 100}'))).toEqual([]);
    expect(await findingsOf({ 'labels/other.txt': yolo(1) })).toEqual([]);
  });

  it('label files beside a COCO file that cannot be read refuse nothing', async () => {
    const damaged = '<annotation><object><bndbox>';
    expect(await findingsOf(filesOf('xml', () => damaged))).toMatchObject([{ code: 'LABEL_FILES_UNUSED' }]);
    expect(await findingsOf(filesOf('txt', () => '\u0000\u0001'))).toEqual([]);
    const hostile =
      '{"shapes":[{"label":{"toString":1},"points":[]}],"imageWidth":{"valueOf":1},"imagePath":1}';
    expect(await findingsOf(filesOf('json', () => hostile))).toMatchObject([{ code: 'LABEL_FILES_UNUSED' }]);
  });
});
