import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { boxReadings } from '../../../src/dataset/boxes/exif.js';
import { isMismatched, moveBox } from '../../../src/dataset/boxes/move-box.js';
import type { BoxReading } from '../../../src/dataset/boxes/seen-image.js';
import type { ExifOrientation, Size, SourceBox } from '../../../src/dataset/model/types.js';
import { boxOf, COCO_FILE, type Drawn, drawn } from '../curating/images.js';

const ORIENTATIONS: ExifOrientation[] = [1, 2, 3, 4, 5, 6, 7, 8];
const WIDE: Size = { width: 90, height: 64 };

function moved({ image, result }: Drawn, reading: BoxReading = 'turned', minBoxPx = 1) {
  const [source] = image.boxes;
  if (!source) throw new Error('The image has no box.');
  return moveBox(source, image, result, reading, minBoxPx);
}

/** The bounding box of the white pixels of an image with one channel. */
function boundsOf(data: Uint8Array, width: number) {
  const lit = [...data.keys()].filter((i) => (data[i] ?? 0) > 127);
  const xs = lit.map((i) => i % width);
  const ys = lit.map((i) => Math.floor(i / width));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left + 1, height: Math.max(...ys) - top + 1 };
}

describe.each(ORIENTATIONS)('a box in an image with EXIF orientation %i', (orientation) => {
  const marker = { x: 7, y: 11, width: 30, height: 13 };
  const pixels = new Uint8Array(WIDE.width * WIDE.height).map((_, i) => {
    const [x, y] = [i % WIDE.width, Math.floor(i / WIDE.width)];
    const within = x >= 7 && x < 37 && y >= 11 && y < 24;
    return within ? 255 : 0;
  });

  it('a box in an image that EXIF rotates is moved to the same pixels of the upright image if it refers to the stored image', async () => {
    const png = await sharp(pixels, { raw: { ...WIDE, channels: 1 } })
      .withMetadata({ orientation })
      .png()
      .toBuffer();
    const { data, info } = await sharp(png)
      .autoOrient()
      .extractChannel(0)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const one = drawn('a.jpg', [boxOf('acne', marker)], { stored: WIDE, orientation, coco: WIDE });
    expect(moved(one, 'stored')).toEqual({ box: { label: 'acne', ...boundsOf(data, info.width) } });
  });

  it('a box in an image that EXIF rotates is not moved if it refers to the rotated image', () => {
    const one = drawn('a.jpg', [boxOf('acne', marker)], { stored: WIDE, orientation });
    expect(moved(one)).toEqual({ box: { label: 'acne', left: 7, top: 11, width: 30, height: 13 } });
  });
});

describe('the reading of boxes', () => {
  const stored: Size = { width: 400, height: 300 };
  const turned: Size = { width: 300, height: 400 };
  const votesTurned = (name: string, cocoFile = COCO_FILE) =>
    drawn(name, [], { stored, orientation: 6, coco: turned, cocoFile });
  const votesStored = (name: string, cocoFile = COCO_FILE) =>
    drawn(name, [], { stored, orientation: 8, coco: stored, cocoFile });
  const upsideDown = (cocoFile = COCO_FILE) =>
    drawn('upside-down.jpg', [], { stored, orientation: 3, cocoFile });
  const square = drawn('square.jpg', [], { stored: { width: 300, height: 300 }, orientation: 6 });

  it('follows the majority of the images whose sizes show it', () => {
    const images = [votesStored('a'), votesStored('b'), votesTurned('c'), upsideDown(), square];
    const readingOf = boxReadings(images, 'auto').of;
    expect(images.map(readingOf)).toEqual(['stored', 'stored', 'turned', 'stored', 'stored']);
  });

  it('the reading of boxes is the rotated image without votes and with a tie', () => {
    expect(boxReadings([upsideDown()], 'auto').of(upsideDown())).toBe('turned');
    const tie = [votesStored('a'), votesTurned('b'), upsideDown()];
    expect(boxReadings(tie, 'auto').of(upsideDown())).toBe('turned');
  });

  it('the reading of boxes is decided for each COCO file separately', () => {
    const images = [votesStored('a', 'one.json'), votesTurned('b', 'two.json')];
    const readingOf = boxReadings(images, 'auto').of;
    expect(readingOf(upsideDown('one.json'))).toBe('stored');
    expect(readingOf(upsideDown('two.json'))).toBe('turned');
    expect(readingOf(upsideDown('three.json'))).toBe('turned');
  });

  it('takes no vote from an image without COCO size or with a square one', () => {
    const unsized = drawn('a', [], { stored, orientation: 6, coco: null });
    const squareCoco = drawn('b', [], { stored, orientation: 6, coco: { width: 300, height: 300 } });
    expect(boxReadings([unsized, squareCoco], 'auto').of(upsideDown())).toBe('turned');
  });

  it.each(['turned', 'stored'] as const)(
    'the reading of boxes is %s for all images if EXIF_BOXES says so',
    (setting) => {
      const readingOf = boxReadings([votesStored('a'), votesTurned('b')], setting).of;
      expect([votesStored('a'), votesTurned('b'), square].map(readingOf)).toEqual([
        setting,
        setting,
        setting,
      ]);
    },
  );
});

describe('a box that is converted to the preprocessed image', () => {
  const halved = { stored: { width: 2000, height: 1000 }, output: { width: 1000, height: 500 } };
  const of = (box: Partial<SourceBox>, over: Parameters<typeof drawn>[2] = halved) =>
    drawn('a.jpg', [boxOf('acne', box)], over);

  it('a converted box is scaled with the image', () => {
    expect(moved(of({ x: 200, y: 100, width: 300, height: 50 }))).toEqual({
      box: { label: 'acne', left: 100, top: 50, width: 150, height: 25 },
    });
  });

  it('a converted box is scaled on each axis by its own factor', () => {
    const over = { stored: { width: 5999, height: 1001 }, output: { width: 1280, height: 214 } };
    // 498.7 is 106.6 by 214/1001, but 106.4 by 1280/5999.
    expect(moved(of({ x: 0, y: 498.7, width: 5999, height: 502.3 }, over))).toEqual({
      box: { label: 'acne', left: 0, top: 107, width: 1280, height: 107 },
    });
  });

  it('a converted box has rounded edges, not a rounded width', () => {
    const over = { stored: { width: 640, height: 480 } };
    // 10.4 to 20.8 are the pixels 10 to 21; rounding the width 10.4 would end at 20.
    expect(moved(of({ x: 10.4, y: 10.4, width: 10.4, height: 10.4 }, over))).toEqual({
      box: { label: 'acne', left: 10, top: 10, width: 11, height: 11 },
    });
  });

  it('a converted box is clamped to the image', () => {
    const over = { stored: { width: 640, height: 480 } };
    expect(moved(of({ x: -5, y: 470, width: 50, height: 50 }, over))).toEqual({
      box: { label: 'acne', left: 0, top: 470, width: 45, height: 10 },
    });
  });

  it('a converted box is scaled from the size that the COCO file states to the size of the image file', () => {
    const over = { stored: { width: 1280, height: 960 }, coco: { width: 640, height: 480 } };
    expect(moved(of({ x: 10, y: 20, width: 30, height: 40 }, over))).toEqual({
      box: { label: 'acne', left: 20, top: 40, width: 60, height: 80 },
    });
    const { image, result } = of({}, over);
    expect(isMismatched(image, result, 'turned')).toBe(false);
  });

  it('a converted box is reported as mismatched if the COCO file states another aspect ratio', () => {
    const { image, result } = of(
      {},
      { stored: { width: 640, height: 480 }, coco: { width: 480, height: 640 } },
    );
    expect(isMismatched(image, result, 'turned')).toBe(true);
  });

  it('a converted box is dropped if a side is below MIN_BOX_PX after resizing, with its size in the original', () => {
    expect(moved(of({ x: 100, y: 100, width: 200, height: 10 }), 'turned', 6)).toMatchObject({
      dropped: 'too-small',
      visible: { width: 200, height: 10 },
    });
    expect(moved(of({ x: 100, y: 100, width: 200, height: 12 }), 'turned', 6)).toHaveProperty(
      'box.height',
      6,
    );
  });

  it('a converted box is measured by the part inside the image', () => {
    expect(moved(of({ x: -190, y: 100, width: 200, height: 200 }), 'turned', 6)).toMatchObject({
      dropped: 'too-small',
      visible: { width: 10, height: 200 },
    });
  });

  it.each([
    { x: 2000, y: 0 },
    { x: -100, y: 0 },
    { x: 0, y: 1000 },
    { x: 0, y: -100 },
    { x: 5000, y: 5000 },
  ])('a converted box is dropped as outside the image at %j', (position) => {
    expect(moved(of(position))).toMatchObject({ dropped: 'outside' });
  });

  it('a converted box is dropped at one pixel even with MIN_BOX_PX=1, since the service refuses it', () => {
    const over = { stored: { width: 640, height: 480 } };
    expect(moved(of({ width: 1, height: 30 }, over))).toMatchObject({ dropped: 'too-small' });
    expect(moved(of({ width: 2, height: 30 }, over))).toHaveProperty('box.width', 2);
  });

  it('a converted box is dropped at three pixels in an image of 4096 pixels, which the service resizes to 1280', () => {
    const over = { stored: { width: 4096, height: 3000 } };
    expect(moved(of({ width: 3, height: 30 }, over))).toMatchObject({ dropped: 'too-small' });
    expect(moved(of({ width: 4, height: 30 }, over))).toHaveProperty('box.width', 4);
  });

  it('a converted box is dropped if its numbers overflow', () => {
    const over = { stored: { width: 640, height: 480 }, coco: { width: 5e-324, height: 5e-324 } };
    expect(moved(of({ x: -10, y: 0, width: 20, height: 20 }, over))).toMatchObject({ dropped: 'outside' });
  });
});
