import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../support/refusal.js';
import { boxOf, COCO_FILE, curated, drawn, imagesOf, rejected, SMALL } from './images.js';

describe('images that cannot be used', () => {
  it('unusable images are listed with file, record and reason, sorted by path', () => {
    const broken = {
      ...drawn('b.jpg', [], { cocoFile: COCO_FILE }),
      result: rejected('b.jpg', 'It is torn.'),
    };
    const curation = curated([...imagesOf('acne', 10), broken], SMALL, { missing: [rejected('a.jpg')] });
    expect(curation.rejected).toEqual([
      {
        path: 'a.jpg',
        cocoFile: COCO_FILE,
        record: 'image id a.jpg',
        reason: 'undecodable',
        message: 'It is broken.',
      },
      {
        path: 'b.jpg',
        cocoFile: COCO_FILE,
        record: 'image id b.jpg',
        reason: 'undecodable',
        message: 'It is torn.',
      },
    ]);
  });

  it('unusable images are listed up to 1,000 and all counted', () => {
    const missing = Array.from({ length: 1_500 }, (_, i) => rejected(`gone${i}.jpg`));
    const { rejected: listed, images } = curated(
      imagesOf('acne', 20),
      { ...SMALL, maxRejectedRatio: 1 },
      { missing },
    );
    expect([listed.length, images.rejected]).toEqual([1_000, 1_500]);
    const error = refusalOf(() => curated(imagesOf('acne', 20), SMALL, { missing }));
    expect(error.details).toMatchObject({ count: 1_500 });
    expect(error.details.examples).toHaveLength(20);
    expect(error.rejected).toEqual(listed);
  });
});

describe('refusals of curate', () => {
  it('refuses more unusable images than MAX_REJECTED_RATIO, with reasons and examples', () => {
    const images = imagesOf('acne', 7);
    const missing = ['a.jpg', 'b.jpg', 'c.jpg'].map((path) => rejected(path));
    const error = refusalOf(() => curated(images, SMALL, { missing }));
    expect(error).toMatchObject({ type: 'TooManyRejectedImages', details: { count: 3 } });
    expect(error.message).toContain('3 of 10 images');
    expect(error.message).toContain('3 damaged and cannot be decoded');
    expect(error.message).toContain('a.jpg: It is broken.');
  });

  it('accepts a share of unusable images equal to MAX_REJECTED_RATIO', () => {
    const missing = Array.from({ length: 29 }, (_, i) => rejected(`gone${i}.jpg`));
    const curation = curated(imagesOf('acne', 71), { ...SMALL, maxRejectedRatio: 0.29 }, { missing });
    expect(curation.images.rejected).toBe(29);
  });

  it('refuses a dataset with missing images and says to add them', () => {
    const missing = Array.from({ length: 30 }, (_, i) => ({
      ...rejected(`gone${i}.jpg`, 'It is gone.'),
      reason: 'missing-in-archive' as const,
    }));
    const { message } = refusalOf(() => curated(imagesOf('acne', 70), SMALL, { missing }));
    expect(message).toContain(
      'It is gone. Add the missing images to the archive, or correct each file_name. To train without them, set',
    );
  });

  it('refuses a dataset of many rare classes with five of them, whose long names are cut', () => {
    const images = Array.from({ length: 30 }, (_, i) => imagesOf(`${'long'.repeat(40)}${i}`, 1)).flat();
    const { message } = refusalOf(() => curated(images, { minClassImages: 5 }));
    expect(message.match(/longlonglo…\w+ 1/g)).toHaveLength(5);
    expect(message).toContain(' 1, and 25 other classes.');
  });

  it('refuses a dataset without a usable image even with MAX_REJECTED_RATIO=1', () => {
    const error = refusalOf(() =>
      curated([], { ...SMALL, maxRejectedRatio: 1 }, { missing: [rejected('a.jpg')] }),
    );
    expect(error).toMatchObject({
      type: 'NoUsableImages',
      message: 'No image can be used. Fix or replace the image. First case: a.jpg: It is broken.',
    });
  });

  it('refuses a dataset that was never annotated', () => {
    const error = refusalOf(() => curated([drawn('a.jpg', []), drawn('b.jpg', [])], SMALL));
    expect(error).toMatchObject({ type: 'NoUsableImages' });
    expect(error.message).toContain('No image has an annotation');
  });

  it('refuses a dataset whose annotations are all unusable, with the reasons', () => {
    const { image, result } = drawn('a.jpg', []);
    const error = refusalOf(() =>
      curated([{ image: { ...image, annotations: 3 }, result }], SMALL, {
        annotationsFound: 3,
        droppedWhileReading: { crowd: 1, 'unknown-category': 2 },
      }),
    );
    expect(error.message).toMatch(
      /has a usable box: all annotations were dropped: 1 around groups of objects \(iscrowd with KEEP_CROWD=false\), 2 of an undefined category\. .*export the categories/,
    );
    expect(error.message).not.toMatch('MIN_BOX_PX');
  });

  it('does not say that nothing was annotated if annotations have unknown image ids', () => {
    const error = refusalOf(() =>
      curated([drawn('a.jpg', []), drawn('b.jpg', [])], SMALL, {
        annotationsFound: 90,
        droppedWhileReading: { 'unknown-image': 90 },
      }),
    );
    expect(error.message).toBe(
      'No image has a usable box: 2 of 2 images have no annotation, and all annotations were dropped: 90 of an unknown image id. Export images and annotations together, so that each image_id is the id of an image.',
    );
  });

  it('refuses a dataset whose boxes are all too small and names the setting', () => {
    const images = [drawn('a.jpg', [boxOf('acne', { width: 2 })]), drawn('b.jpg', [])];
    const error = refusalOf(() => curated(images, SMALL));
    expect(error).toMatchObject({ type: 'NoUsableImages' });
    expect(error.message).toMatch(
      /1 of 2 images has no annotation.*1 smaller than MIN_BOX_PX.*No change of MIN_BOX_PX or IMAGE_MAX_SIDE helps: /,
    );
  });

  it('refuses a dataset of rare classes and suggests a MIN_CLASS_IMAGES that works', () => {
    const images = [...imagesOf('acne', 16), ...imagesOf('mole', 12)];
    const error = refusalOf(() => curated(images));
    expect(error).toMatchObject({ type: 'NoClassLeft' });
    expect(error.message).toMatch(
      /acne 16, mole 12.*MIN_CLASS_IMAGES=16, which keeps 1 of 2 classes and gives 15 training and 1 validation image,/,
    );
    expect(curated(images, { minClassImages: 16 }).images.used).toBe(16);
  });

  it('suggests a MIN_CLASS_IMAGES that leads to a split, not only one that keeps a class', () => {
    // Nine images of a class are too few for one in val; the class of eight adds enough.
    const images = [...imagesOf('acne', 9), ...imagesOf('mole', 8)];
    const { message } = refusalOf(() => curated(images));
    expect(message).toMatch(
      /acne 9, mole 8.*MIN_CLASS_IMAGES=8, which gives 16 training and 1 validation image,/,
    );
    expect(curated(images, { minClassImages: 8 }).images).toMatchObject({ train: 16, val: 1 });
  });

  it('says why no MIN_CLASS_IMAGES works', () => {
    const { message } = refusalOf(() => curated(imagesOf('acne', 1)));
    expect(message).toMatch(
      /No change of MIN_CLASS_IMAGES and VAL_SPLIT helps: .*VAL_SPLIT=0.1 of 1 image is .*\. Label more images\.$/,
    );
  });

  it('refuses a dataset that is too small to split', () => {
    expect(refusalOf(() => curated(imagesOf('acne', 9), { minClassImages: 2 })).type).toBe('SplitImpossible');
  });
});
