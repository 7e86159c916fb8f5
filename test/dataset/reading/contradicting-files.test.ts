import { describe, expect, it } from '@jest/globals';
import { annotation, type Coco, codesOf, image, merge, pathsOf, refusal } from './coco-export.js';

describe('several COCO files that describe the same images', () => {
  const images = [image(1, 'x.jpg'), image(2, 'y.jpg')];
  const paths = ['images/x.jpg', 'images/y.jpg'];
  const main = { images, annotations: [annotation(1), annotation(2)] };
  const moved = { images, annotations: [1, 2].map((id) => annotation(id, { bbox: [31, 2, 30, 40] })) };
  const few = (coco: Coco) => ({ ...coco, annotations: coco.annotations.slice(0, 1) });
  const dated = (created: string) => ({ info: { date_created: `${created}-05T10:44:38+00:00` } });
  const boxLeftsOf = (merged: ReturnType<typeof merge>) =>
    merged.images.map(({ boxes }) => boxes.map(({ x }) => x));

  it('COCO files are merged if each labels some of the images', () => {
    const merged = merge(
      {
        'annotations/job_1.json': { images, annotations: [annotation(1)] },
        'annotations/job_2.json': { images, annotations: [annotation(2, { bbox: [31, 2, 30, 40] })] },
      },
      paths,
    );
    expect(boxLeftsOf(merged)).toEqual([[1], [31]]);
    expect(merged.findings).toEqual([]);
  });

  it('COCO files are said to give different boxes or classes if they give the same boxes in other classes', () => {
    const renamed = { images, annotations: [1, 2].map((id) => annotation(id, { category_id: 2 })) };
    const { message } = refusal({ 'annotations/a.json': main, 'annotations/b.json': renamed }, paths);
    expect(message).toContain('give different boxes or classes for 2 of the 2 images');
  });

  it('COCO files are merged if each labels a different class', () => {
    const other = { images, annotations: [annotation(1, { category_id: 2, bbox: [50, 50, 9, 9] })] };
    const merged = merge({ 'annotations/a.json': main, 'annotations/b.json': other }, paths);
    expect(merged.images.map(({ boxes }) => boxes.map(({ label }) => label))).toEqual([
      ['nodule', 'pustule'],
      ['nodule'],
    ]);
  });

  it('COCO files are not merged if they give the same boxes different classes', () => {
    const renamed = { images, annotations: [1, 2].map((id) => annotation(id, { category_id: 2 })) };
    const merged = merge({ 'annotations/a.json': main, 'annotations/a_old.json': renamed }, paths);
    expect(merged.labels).toEqual(['nodule']);
    expect(codesOf(merged)).toEqual(['COCO_FILES_DISAGREE']);
  });

  it('COCO files are reported with counts if they contradict each other, and the file named like a copy is not used', () => {
    for (const copy of [
      'instances_default - Copy.json',
      'instances_default copy 2.json',
      'instances_default_old.json',
    ]) {
      const merged = merge(
        { [`annotations/${copy}`]: moved, 'annotations/instances_default.json': main },
        paths,
      );
      expect(boxLeftsOf(merged)).toEqual([[1], [1]]);
      expect(merged.findings).toMatchObject([{ code: 'COCO_FILES_DISAGREE', count: 2 }]);
      expect(merged.findings[0]?.headline).toContain(
        `annotations/instances_default.json and annotations/${copy} in 2 of the 2 images that both label (the first was used, since the other has the name of a copy)`,
      );
    }
  });

  it.each<[string, Record<string, Coco>]>([
    ['equal names but for a number', { 'r.json': main, 'r (1).json': moved }],
    ['other names', { 'b.json': moved, 'a.json': main }],
    [
      'equal times of creation',
      { 'b.json': { ...moved, ...dated('2024') }, 'a.json': { ...main, ...dated('2024') } },
    ],
  ])(
    'COCO files are refused by name if they contradict each other in most images and have %s',
    (_what, files) => {
      const error = refusal(files, paths);
      expect(error.type).toBe('CocoInvalid');
      for (const name of Object.keys(files)) expect(error.message).toContain(name);
      expect(error.message).toContain('different boxes or classes for 2 of the 2 images that both label');
    },
  );

  it.each<[string, string, Record<string, Coco>]>([
    [
      'was created later',
      'created later',
      { 'a.json': { ...moved, ...dated('2024-01') }, 'b.json': { ...main, ...dated('2024/02') } },
    ],
    [
      'has the name of a later download',
      'later download',
      { 'r.json': few(moved), 'r (1).json': main, 'r (2).json': main },
    ],
    [
      'has the name of an export of Roboflow',
      'Roboflow',
      { 'a.json': moved, '_annotations.coco.json': main },
    ],
  ])('COCO files that contradict each other: the one is used that %s', (_what, why, files) => {
    const merged = merge(files, paths);
    expect(boxLeftsOf(merged)).toEqual([[1], [1]]);
    expect(merged.findings).toMatchObject([{ code: 'COCO_FILES_DISAGREE' }]);
    expect(merged.findings[0]?.headline).toContain(why);
  });

  it.each<[string, object]>([
    ['rounded coordinates', { bbox: [1.4, 2.3, 29.8, 40] }],
    ['numbers as text', { bbox: ['1', '2', '30', '40'] }],
  ])('COCO files do not contradict each other by %s', (_what, more) => {
    const copy = { images, annotations: [1, 2].map((id) => annotation(id, more)) };
    expect(merge({ 'a.json': main, 'b.json': copy }, paths).findings).toEqual([]);
  });

  it('COCO files do not contradict each other if one has fewer classes, such as keypoints of persons', () => {
    const others = [1, 2].map((id) => annotation(id, { category_id: 2, bbox: [60, 50, 9, 9] }));
    const all = { images, annotations: [...main.annotations, ...others] };
    expect(merge({ 'instances.json': all, 'person_keypoints.json': main }, paths).findings).toEqual([]);
  });

  it.each([
    'annotations/.ipynb_checkpoints/instances_default-checkpoint.json',
    '.git/instances_default.json',
    'annotations/old/v1/instances_default.json',
    '2023 backup/instances_default.json',
  ])('a COCO file in a hidden or backup folder is skipped: %s', (path) => {
    const merged = merge({ [path]: moved, 'annotations/instances_default.json': main }, paths);
    expect(boxLeftsOf(merged)).toEqual([[1], [1]]);
    expect(merged.rejected).toEqual([]);
    expect(merged.findings).toMatchObject([{ code: 'COCO_FILES_SKIPPED', count: 1 }]);
  });

  it('a COCO file in a hidden folder is read if there is no other one', () => {
    expect(boxLeftsOf(merge({ '.data/c.json': main }, ['.data/x.jpg', '.data/y.jpg']))).toEqual([[1], [1]]);
  });

  it('a COCO file in a folder named old is read if that folder has its images', () => {
    const merged = merge({ 'old/c.json': main, 'new/c.json': moved }, [
      'old/x.jpg',
      'new/x.jpg',
      'new/y.jpg',
      'old/y.jpg',
    ]);
    expect(pathsOf(merged)).toHaveLength(4);
    expect(merged.findings).toEqual([]);
  });

  it('a COCO file is skipped if the archive has none of its images', () => {
    const foreign = { images: [image(1, 'q.jpg')], annotations: [annotation(1)] };
    const merged = merge({ 'annotations/a.json': main, 'annotations/b.json': foreign }, paths);
    expect(merged).toMatchObject({ rejected: [], annotations: { found: 2, dropped: {} } });
    expect(merged.findings).toMatchObject([
      { code: 'COCO_IMAGES_ABSENT', count: 1, examples: ['annotations/b.json: 1 annotation on 1 image'] },
      {
        code: 'COCO_FILES_SKIPPED',
        examples: ['annotations/b.json: none of its images (1) is in the archive'],
      },
    ]);
    expect(merged.findings[0]?.message).toMatch(/^1 of 3 annotations/);
  });
});
