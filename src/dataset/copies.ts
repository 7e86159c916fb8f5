import { byCodePoint } from './order.js';
import { correlation, turnsOf } from './similarity.js';
import { isRoboflowName, sourceName } from './source-name.js';

export interface Picture {
  readonly path: string;
  readonly sourceSha256: string;
}

const SIDE = 64;
/** Copies that an exporter augmented (light, blur, noise) correlate above, unrelated photos under one name below. */
const SAME_PICTURE = 0.8;

/**
 * Groups copies: files of the same bytes, and files of one Roboflow source whose pictures agree in one of the
 * 8 turns and mirrorings (generic names such as `12_jpg` are shared by unrelated photos).
 * Answers the group of each path; its name doesn't depend on the order of the pictures.
 */
export function findCopies(
  pictures: readonly Picture[],
  thumbnail64: (index: number) => Uint8Array,
): Map<string, string> {
  const sets = new DisjointSets(pictures.length);
  for (const same of groupBy(pictures, ({ sourceSha256 }) => sourceSha256)) joinAll(sets, same);
  for (const same of groupBy(pictures, ({ path }) => (isRoboflowName(path) ? sourceName(path) : undefined))) {
    joinAgreeing(sets, same, thumbnail64);
  }
  const names = new Map<number, string>();
  pictures.forEach(({ sourceSha256 }, index) => {
    const root = sets.find(index);
    const name = names.get(root);
    if (name === undefined || byCodePoint(sourceSha256, name) < 0) names.set(root, sourceSha256);
  });
  return new Map(pictures.map(({ path }, index) => [path, names.get(sets.find(index)) ?? path]));
}

function joinAll(sets: DisjointSets, [first, ...others]: readonly number[]): void {
  for (const other of others) if (first !== undefined) sets.join(first, other);
}

function joinAgreeing(
  sets: DisjointSets,
  same: readonly number[],
  thumbnail64: (index: number) => Uint8Array,
): void {
  same.forEach((a, i) => {
    const turns = turnsOf(thumbnail64(a), SIDE);
    for (const b of same.slice(i + 1)) {
      if (sets.find(a) === sets.find(b)) continue;
      const other = thumbnail64(b);
      if (turns.some((turned) => correlation(turned, other) >= SAME_PICTURE)) sets.join(a, b);
    }
  });
}

/** Indexes that share a key; groups of one and keys that are undefined are left out. */
function groupBy(pictures: readonly Picture[], keyOf: (picture: Picture) => string | undefined): number[][] {
  const groups = new Map<string, number[]>();
  pictures.forEach((picture, index) => {
    const key = keyOf(picture);
    if (key === undefined) return;
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Union-find. */
class DisjointSets {
  private readonly parents: number[];

  constructor(size: number) {
    this.parents = Array.from({ length: size }, (_, index) => index);
  }

  find(index: number): number {
    let root = index;
    while (this.parents[root] !== root) root = this.parents[root] ?? root;
    this.parents[index] = root;
    return root;
  }

  join(a: number, b: number): void {
    this.parents[this.find(b)] = this.find(a);
  }
}
