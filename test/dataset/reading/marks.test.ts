import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge } from './coco-export.js';

const other = annotation(1, { bbox: [9, 9, 9, 9] });

const withMarks = (annotations: readonly object[], record: object = {}) =>
  merge({ 'c.json': { images: [image(1, 'a.jpg'), { ...image(2, 'b.jpg'), ...record }], annotations } }, [
    'a.jpg',
    'b.jpg',
  ]);

describe('marks of annotations', () => {
  it.each([
    { deleted: true },
    { deleted: 1 },
    { is_deleted: 'True' },
    { isDeleted: '1' },
    { attributes: { deleted: true } },
  ])('leaves out an annotation that is marked as deleted, with a warning: %j', (mark) => {
    const merged = withMarks([other, annotation(1, mark)]);
    expect(merged.images[0]?.boxes).toMatchObject([{ x: 9, y: 9 }]);
    expect(merged.annotations).toEqual({ found: 2, dropped: { deleted: 1 } });
    expect(merged.findings).toMatchObject([{ code: 'BOXES_DELETED', count: 1, examples: ['a.jpg: 1'] }]);
  });

  it('leaves out the annotations of an image that is marked as deleted, with a warning', () => {
    const merged = withMarks([other, annotation(2)], { deleted: true });
    expect(merged.images.map(({ boxes }) => boxes.length)).toEqual([1, 0]);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_DELETED', count: 1, examples: ['b.jpg: 1'] }]);
  });

  it.each([
    [{ ignore: 1 }, 'ignore (1)'],
    [{ ignore: true }, 'ignore (1)'],
    [{ difficult: '1' }, 'difficult (1)'],
    [{ attributes: { difficult: true } }, 'difficult (1)'],
  ])('uses an annotation that is marked for evaluations only, with a warning: %j', (mark, listed) => {
    const merged = withMarks([other, annotation(1, mark)]);
    expect(merged.images[0]?.boxes).toHaveLength(2);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_MARKED', count: 1, examples: ['a.jpg'] }]);
    expect(merged.findings[0]?.message).toContain(listed);
  });

  it.each([
    [{ valid: false }, 'valid false (1)'],
    [{ is_valid: 'False' }, 'is_valid false (1)'],
    [{ attributes: { valid: 0 } }, 'valid false (1)'],
    [{ status: 'Rejected' }, 'status rejected (1)'],
    [{ attributes: { review_status: 'declined' } }, 'review_status declined (1)'],
    [{ attributes: { outside: true } }, 'outside (1)'],
  ])(
    'uses an annotation whose mark may be of a review or of the users’ own, with a warning: %j',
    (mark, listed) => {
      const merged = withMarks([other, annotation(1, mark)]);
      expect(merged.images[0]?.boxes).toHaveLength(2);
      expect(merged.findings).toMatchObject([{ code: 'BOXES_MARKED', count: 1, examples: ['a.jpg'] }]);
      expect(merged.findings[0]?.message).toContain(listed);
    },
  );

  it.each([
    { attributes: { outside: true, keyframe: true } },
    { attributes: { outside: 'true', track_id: 7 } },
  ])('leaves out a box of a CVAT track whose object has left the picture, with a warning: %j', (mark) => {
    const merged = withMarks([other, annotation(1, mark)]);
    expect(merged.annotations).toEqual({ found: 2, dropped: { deleted: 1 } });
    expect(merged.findings).toMatchObject([{ code: 'BOXES_DELETED', count: 1, examples: ['a.jpg: 1'] }]);
  });

  it.each([{ is_crowd: 1 }, { isCrowd: true }, { IsGroupOf: true }, { attributes: { is_crowd: true } }])(
    'leaves out a crowd under the other names that tools give it: %j',
    (mark) => {
      const merged = withMarks([other, annotation(1, mark)]);
      expect(merged.annotations.dropped).toEqual({ crowd: 1 });
    },
  );

  it.each([
    { deleted: false, ignore: 0, difficult: false, is_crowd: '0' },
    { deleted: null, ignore: '', difficult: 'no', attributes: null },
    { valid: true, status: 'accepted', attributes: { outside: false, keyframe: true, valid: null } },
  ])('mean nothing if they are not set: %j', (marks) => {
    const merged = withMarks([other, annotation(1, marks)]);
    expect(merged.findings).toEqual([]);
    expect(merged.images[0]?.boxes).toHaveLength(2);
  });
});
