import { describe, expect, it } from '@jest/globals';
import { detectPhoto } from '../../src/models/detect-photo.js';
import type { FoundLabel } from '../../src/models/model-runner.js';

const MODEL = { projectVersionArn: 'arn', dataset: 'skin', modelVersion: 'v1' };
const found = (label: string, confidence: number, left: number, top: number, side: number): FoundLabel => ({
  label,
  confidence,
  box: { left, top, width: side, height: side },
});

/** Detects on a photo with a left and a right half as tiles, with what the model finds on each picture. */
async function detect(photo: FoundLabel[], ...tiles: FoundLabel[][]) {
  const answers = [photo, ...tiles];
  const runner = { detect: async (_: unknown, picture: Buffer) => answers[picture[0] ?? 0] ?? [] };
  const areas = [0, 0.5].map((left) => ({ left, top: 0, width: 0.5, height: 1 }));
  return await detectPhoto(runner, MODEL, {
    picture: Buffer.from([0]),
    tiles: tiles.map((_, i) => ({
      area: areas[i] ?? { left: 0, top: 0, width: 1, height: 1 },
      picture: Buffer.from([i + 1]),
    })),
  });
}

describe('detecting on a photo and its tiles', () => {
  it('returns boxes of tiles in shares of the photo', async () => {
    expect(await detect([], [], [found('acne', 80, 0.5, 0.25, 0.5)])).toEqual([
      { label: 'acne', confidence: 80, box: { left: 0.75, top: 0.25, width: 0.25, height: 0.5 } },
    ]);
  });

  it('reports an object once that several pictures show whole or in part, with the highest confidence', async () => {
    const onPhoto = found('acne', 60, 0.3, 0.4, 0.2);
    const partInTile = found('acne', 90, 0.6, 0.4, 0.4);
    expect((await detect([onPhoto], [partInTile])).map(({ confidence }) => confidence)).toEqual([90]);
  });

  it('keeps objects of other classes and objects that lie apart', async () => {
    const labels = await detect(
      [found('acne', 60, 0.1, 0.1, 0.1), found('mole', 70, 0.7, 0.7, 0.1)],
      [found('mole', 80, 0.2, 0.1, 0.2)],
    );
    expect(labels.map(({ label, confidence }) => [label, confidence])).toEqual([
      ['mole', 80],
      ['mole', 70],
      ['acne', 60],
    ]);
  });

  it('keeps two objects that one picture shows one inside the other', async () => {
    const nested = [found('acne', 60, 0.1, 0.1, 0.5), found('acne', 70, 0.2, 0.2, 0.1)];
    expect(await detect(nested, [])).toHaveLength(2);
  });

  it('returns the detections of a photo without tiles unchanged', async () => {
    const labels = [found('acne', 60, 0.1, 0.1, 0.5), found('acne', 70, 0.2, 0.2, 0.1)];
    expect(await detect(labels)).toEqual(labels);
  });
});
