import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { type Fingerprint, fingerprint, groupCopies, splitWithoutLeaks } from '../../src/api/splitting.js';
import { picture } from '../support/archives.js';

async function printOf(path: string, bytes: Uint8Array): Promise<Fingerprint & { path: string }> {
  const print = await fingerprint(bytes);
  if (!print) throw new Error(`${path} cannot be decoded.`);
  return { path, ...print };
}

describe('curator/splitting', () => {
  it('groups a photo with its mirrored copy and no other photo', async () => {
    const mirrored = await sharp(await picture(1))
      .flop()
      .jpeg({ quality: 95 })
      .toBuffer();
    const groups = await groupCopies([
      await printOf('a.jpg', await picture(1)),
      await printOf('b.jpg', await picture(2)),
      await printOf('copy-of-a.jpg', mirrored),
    ]);
    expect(groups.get('copy-of-a.jpg')).toBe(groups.get('a.jpg'));
    expect(groups.get('b.jpg')).not.toBe(groups.get('a.jpg'));
  });

  it('returns no fingerprint for a file that is not an image', async () => {
    expect(await fingerprint(Buffer.from('no image'))).toBeUndefined();
  });

  it('keeps the images of a group on one side', () => {
    const images = Array.from({ length: 40 }, (_, i) => ({
      path: `${i}.jpg`,
      labels: [i % 2 === 0 ? 'papule' : 'nodule'],
      group: `patient-${Math.floor(i / 4)}`,
    }));
    const { train, val } = splitWithoutLeaks(images, { valSplit: 0.2 });
    expect([train.length, val.length]).toEqual([32, 8]);
    const groupsOf = (paths: readonly string[]) =>
      new Set(images.filter(({ path }) => paths.includes(path)).map(({ group }) => group));
    const inTrain = groupsOf(train);
    expect([...groupsOf(val)].filter((group) => inTrain.has(group))).toEqual([]);
  });

  it('splits the same images in any order the same way', () => {
    const images = Array.from({ length: 30 }, (_, i) => ({ path: `${i}.jpg`, labels: ['papule'] }));
    expect(splitWithoutLeaks(images.toReversed())).toEqual(splitWithoutLeaks(images));
  });

  it('splits differently with another seed', () => {
    const images = Array.from({ length: 60 }, (_, i) => ({ path: `${i}.jpg`, labels: ['papule'] }));
    expect(splitWithoutLeaks(images, { seed: 1 }).val).not.toEqual(splitWithoutLeaks(images).val);
  });

  it('refuses to split images that are all in one group', () => {
    const images = Array.from({ length: 20 }, (_, i) => ({ path: `${i}.jpg`, labels: ['a'], group: 'one' }));
    expect(() => splitWithoutLeaks(images)).toThrow(expect.objectContaining({ type: 'SplitImpossible' }));
  });
});
