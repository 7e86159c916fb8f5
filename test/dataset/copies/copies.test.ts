import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { findCopies, searchCopies } from '../../../src/dataset/copies/find-copies.js';
import { SimilarityIndex } from '../../../src/dataset/copies/index.js';
import { correlation, inverseTurn, spreadOf, TURNS } from '../../../src/dataset/copies/similarity.js';
import { DisjointSets } from '../../../src/lib/disjoint-sets.js';
import { byCodePoint } from '../../../src/lib/order.js';
import { blobs, random, relit, rotated, turned } from './pictures.js';

interface File {
  readonly path: string;
  readonly picture: Uint8Array;
  /** Hash of the file; by default each path has its own, since most copies differ in their bytes. */
  readonly sha?: string;
}

function groupsOf(files: readonly File[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const [path, group] of find(files)) groups.set(group, [...(groups.get(group) ?? []), path]);
  return [...groups.values()].map((paths) => paths.sort(byCodePoint)).filter((paths) => paths.length > 1);
}

function find(files: readonly File[]): Map<string, string> {
  return findCopies(
    files.map(({ path, sha }) => ({ path, sourceSha256: sha ?? shaOf(path) })),
    (index) => files[index]?.picture ?? new Uint8Array(),
  );
}

const shaOf = (text: string) => createHash('sha256').update(text).digest('hex');
/** Unrelated photos. They show a rule that groups too much. */
const others = Array.from({ length: 12 }, (_, i) => ({ path: `other/${i}.jpg`, picture: blobs(500 + i) }));

describe('findCopies', () => {
  it('groups files with equal bytes, also of one colour', () => {
    const black = new Uint8Array(4096);
    const files = [
      { path: 'a.jpg', picture: black, sha: shaOf('x') },
      { path: 'b.jpg', picture: black, sha: shaOf('x') },
      { path: 'c.jpg', picture: black },
    ];
    expect(groupsOf([...files, ...others])).toEqual([['a.jpg', 'b.jpg']]);
  });

  it.each(TURNS.map((_, turn) => turn))('groups re-encoded images with other names in turn %d', (turn) => {
    const files = [
      { path: 'valid/n50.jpg', picture: relit(turned(blobs(1), turn), 3) },
      { path: 'train/0.jpg', picture: blobs(1) },
    ];
    expect(groupsOf([...others, ...files])).toEqual([['train/0.jpg', 'valid/n50.jpg']]);
  });

  it('groups copies of copies', () => {
    const files = [1, 2, 3].map((copy) => ({
      path: `${copy}.jpg`,
      picture: relit(turned(blobs(1), copy), copy),
    }));
    expect(groupsOf([...files, ...others])).toEqual([['1.jpg', '2.jpg', '3.jpg']]);
  });

  it('groups augmented files of one Roboflow source: rotated, zoomed, mirrored, with other brightness', () => {
    const files = [
      { path: 'train/face_jpg.rf.aa01.jpg', picture: blobs(1) },
      { path: 'train/face_jpg.rf.aa02.jpg', picture: relit(rotated(turned(blobs(1), 1), 12, 1.15), 5) },
      { path: 'train/face_jpg.rf.aa03.jpg', picture: relit(rotated(turned(blobs(1), 4), -8, 1), 6) },
      { path: 'valid/face_jpg.rf.aa04.jpg', picture: rotated(blobs(1), -14, 1.1) },
    ];
    expect(groupsOf([...files, ...others])).toEqual([files.map(({ path }) => path)]);
  });
});

describe('findCopies keeps apart', () => {
  it('keeps unrelated photos with one generic Roboflow name apart', () => {
    const files = Array.from({ length: 5 }, (_, i) => ({
      path: `train/12_jpg.rf.b${i}.jpg`,
      picture: blobs(i + 1),
    }));
    expect(groupsOf(files)).toEqual([]);
  });

  it('keeps unrelated photos with similar light and shade apart', () => {
    const files = Array.from({ length: 12 }, (_, i) => {
      const detail = blobs(i + 1, 0.5);
      const light = (pixel: number) => 20 + 200 * ((pixel % 64) / 64) ** 2;
      return {
        path: `${i}.jpg`,
        picture: detail.map((luma, pixel) => Math.round(light(pixel) + (luma - 128) / 12)),
      };
    });
    const [a, b] = files.map(({ picture }) => [picture, spreadOf(picture)] as const);
    if (!a || !b) throw new Error('No pictures.');
    expect(correlation(a, b, 0)).toBeGreaterThan(0.985);
    expect(groupsOf(files)).toEqual([]);
  });

  it('keeps different scenes of a fixed camera apart', () => {
    const table = blobs(1);
    const files = Array.from({ length: 12 }, (_, i) => {
      const next = random(i + 40);
      const picture = table.slice();
      for (let card = 0; card < 6; card++) {
        const [left, top, luma] = [8 + card * 9, 20 + Math.floor(next() * 3) * 12, next() < 0.5 ? 15 : 240];
        for (let y = top; y < top + 8; y++) picture.fill(luma, y * 64 + left, y * 64 + left + 6);
      }
      return { path: `frame${i}_jpg.rf.c${i}.jpg`, picture };
    });
    expect(groupsOf(files).flat().length).toBeLessThan(4);
  });

  it('keeps images of one colour apart', () => {
    const files = [10, 10, 200].map((luma, i) => ({
      path: `${i}.jpg`,
      picture: new Uint8Array(4096).fill(luma),
    }));
    expect(groupsOf(files)).toEqual([]);
  });
});

describe('the group of a file', () => {
  const files = [
    ...others,
    ...[0, 3, 6].map((turn) => ({ path: `train/${turn}.jpg`, picture: relit(turned(blobs(1), turn), turn) })),
    ...[4, -9].map((degrees) => ({
      path: `valid/skin_jpg.rf.d${degrees + 9}.jpg`,
      picture: rotated(blobs(2), degrees, 1.1),
    })),
  ];

  it('does not depend on the order of the files', () => {
    const expected = find(files);
    for (let shift = 1; shift < files.length; shift += 3) {
      const shuffled = [...files.slice(shift), ...files.slice(0, shift)].reverse();
      expect(find(shuffled)).toEqual(expected);
    }
  });

  it('does not depend on file names, except for Roboflow sources', () => {
    const renamed = files.map((file) => ({
      ...file,
      path: file.path.replace('train/', 'test/'),
      sha: shaOf(file.path),
    }));
    expect([...find(renamed).values()]).toEqual([...find(files).values()]);
  });

  it('returns a group for each file, shared by copies only', () => {
    const found = find(files);
    expect(found.size).toBe(files.length);
    expect(new Set(found.values()).size).toBe(others.length + 2);
  });
});

it('searchCopies works in steps, so that the caller can do other work', () => {
  const files = [1, 2, 3, 4].map((i) => ({ path: `x_jpg.rf.e${i}.jpg`, picture: blobs(i) }));
  const search = searchCopies(
    files.map(({ path }) => ({ path, sourceSha256: shaOf(path) })),
    (index) => files[index]?.picture ?? new Uint8Array(),
  );
  let steps = 0;
  while (!search.next().done) steps += 1;
  expect(steps).toBeGreaterThanOrEqual(3);
});

it('the index finds every pair and turn that an exhaustive search finds', () => {
  const base = Array.from({ length: 10 }, (_, i) => blobs(i + 1));
  const pictures = base.flatMap((picture, i) => [
    picture,
    relit(turned(picture, i % 8), i),
    blobs(i + 1, 0.3),
  ]);
  const index = new SimilarityIndex(pictures.length, (i) => pictures[i] ?? new Uint8Array(), 0.9);
  const candidates = new Map<string, number[]>();
  for (const pair of index.pairs(new DisjointSets(pictures.length))) {
    if (!pair) continue;
    const { a, b, turn } = pair;
    const key = `${Math.min(a, b)},${Math.max(a, b)}`;
    candidates.set(key, [...(candidates.get(key) ?? []), a < b ? turn : inverseTurn(turn)]);
  }
  let found = 0;
  pictures.forEach((a, i) => {
    pictures.slice(i + 1).forEach((b, offset) => {
      TURNS.forEach((_, turn) => {
        if (correlation([a, spreadOf(a)], [b, spreadOf(b)], turn) < 0.9) return;
        const j = i + 1 + offset;
        expect(candidates.get(`${i},${j}`)).toContain(turn);
        found += 1;
      });
    });
  });
  expect(found).toBeGreaterThanOrEqual(10);
  expect(candidates.size).toBeLessThan((pictures.length * (pictures.length - 1)) / 4);
});
