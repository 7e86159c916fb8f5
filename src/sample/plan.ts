import type { ExifOrientation } from '../dataset/model/types.js';
import { byCodePoint } from '../lib/order.js';
import { createRandom, type Random, shuffle } from '../lib/random.js';
import { SAMPLE_CLASSES, type SampleClass } from './looks.js';
import type { PhotoPlan } from './photo.js';

export const SPLITS = ['test', 'train', 'valid'] as const;
export type Split = (typeof SPLITS)[number];

/** An image file of the export: a photo, or a modified copy of a photo. */
export interface PlannedFile {
  readonly photo: PhotoPlan;
  readonly split: Split;
  readonly fileName: string;
  /** EXIF orientation of the file, whose pixels are stored accordingly; 1 writes no EXIF. */
  readonly orientation: ExifOrientation;
  /** Rotation or mirroring of a copy as an EXIF orientation; 1 if it has none. */
  readonly turn: ExifOrientation;
  /** Factor on brightness. */
  readonly gain: number;
  /** JPEG quality, 1 to 100. */
  readonly quality: number;
}

const SIZES: readonly [readonly [number, number], ...(readonly [number, number])[]] = [
  [640, 640],
  [640, 640],
  [640, 640],
  [800, 600],
  [800, 600],
  [480, 640],
  [480, 640],
  [1024, 768],
];
const LARGE_SIZE = [1600, 1200] as const;

/** Unequal on purpose: frequent classes exceed PER_CLASS_CAP, rare classes stay above MIN_CLASS_IMAGES. */
const CLASS_WEIGHTS: Readonly<Record<SampleClass, number>> = {
  papule: 8,
  comedo: 5,
  pustule: 5,
  macule: 4,
  wheal: 3,
};
const TOTAL_WEIGHT = SAMPLE_CLASSES.reduce((sum, name) => sum + CLASS_WEIGHTS[name], 0);
const LESIONS_PER_PHOTO = [1, 2, 2, 3, 3, 4, 4, 5, 6] as const;
/** Probability that a further lesion has the main class of the photo. */
const SAME_CLASS = 0.65;

const ORIENTATIONS = [6, 8, 3, 5, 6, 7, 2, 8, 4] as const;
const COPY_TURNS = [2, 3, 6, 8, 1, 4] as const;
const COPY_SHARE = 0.14;

function randomClass(random: Random): SampleClass {
  let rest = random.next() * TOTAL_WEIGHT;
  for (const name of SAMPLE_CLASSES) {
    rest -= CLASS_WEIGHTS[name];
    if (rest < 0) return name;
  }
  return 'papule';
}

/** The main class of each photo, in proportion to the weights in every range of photos, so that small samples contain all classes. */
function mainClasses(count: number): SampleClass[] {
  const credit = new Map<SampleClass, number>(SAMPLE_CLASSES.map((name) => [name, 0]));
  return Array.from({ length: count }, () => {
    let chosen: SampleClass = 'papule';
    for (const name of SAMPLE_CLASSES) {
      credit.set(name, (credit.get(name) ?? 0) + CLASS_WEIGHTS[name]);
      if ((credit.get(name) ?? 0) > (credit.get(chosen) ?? 0)) chosen = name;
    }
    credit.set(chosen, (credit.get(chosen) ?? 0) - TOTAL_WEIGHT);
    return chosen;
  });
}

function planPhoto(index: number, main: SampleClass, seed: number): PhotoPlan {
  const random = createRandom(seed, 3, index);
  const [width, height] = index % 128 === 21 ? LARGE_SIZE : random.pick(SIZES);
  const count = index % 45 === 7 ? 0 : random.pick(LESIONS_PER_PHOTO);
  const lesions = Array.from({ length: count }, (_, lesion) =>
    lesion === 0 || random.chance(SAME_CLASS) ? main : randomClass(random),
  );
  return { index, width, height, tone: random.next(), lesions, speck: index % 30 === 5 };
}

function sourceOf(index: number): string {
  const number = index + 1;
  if (index % 3 === 0) return `IMG_${String(4000 + number)}`;
  return index % 3 === 1 ? `skin-${number}` : `DSC${String(number).padStart(5, '0')}`;
}

/** A file name as in Roboflow exports: name and extension of the source, and a hash that differs in every export. */
function exportedName(index: number, random: Random): string {
  const hash = Array.from({ length: 32 }, () => random.integer(0, 15).toString(16)).join('');
  return `${sourceOf(index)}_jpg.rf.${hash}.jpg`;
}

/** Assigns photos at random: 70 % train, 20 % valid, 10 % test. */
function assignSplits(count: number, random: Random): Split[] {
  const test = Math.round(count * 0.1);
  const valid = Math.round(count * 0.2);
  const splits = Array.from({ length: count }, (_, i): Split => {
    if (i < test) return 'test';
    return i < test + valid ? 'valid' : 'train';
  });
  return shuffle(splits, random);
}

function quality(random: Random): number {
  return random.chance(0.15) ? random.integer(48, 65) : random.integer(76, 92);
}

/**
 * Plans the image files of a sample without drawing them; sorted by split and name.
 * @param images number of files, including copies
 */
export function planSample(images: number, seed: number): PlannedFile[] {
  const random = createRandom(seed, 4);
  const copies = Math.floor(images * COPY_SHARE);
  const photos = images - copies;
  const splits = assignSplits(photos, random);
  const plans = mainClasses(photos).map((main, index) => planPhoto(index, main, seed));
  const originals = plans.map((photo, index): PlannedFile => {
    const turned = index % 7 === 2 ? ORIENTATIONS[Math.floor(index / 7) % ORIENTATIONS.length] : undefined;
    return {
      photo,
      split: splits[index] ?? 'train',
      fileName: exportedName(index, random),
      orientation: turned ?? 1,
      turn: 1,
      gain: 1,
      quality: quality(random),
    };
  });
  const copied = Array.from({ length: copies }, (_, copy) => {
    const original = originals[Math.floor((copy * photos) / copies)];
    if (original === undefined) return [];
    const elsewhere = original.split === 'train' ? 'valid' : 'train';
    return {
      photo: original.photo,
      split: copy % 3 === 2 ? original.split : elsewhere,
      fileName: exportedName(original.photo.index, random),
      orientation: 1 as const,
      turn: COPY_TURNS[copy % COPY_TURNS.length] ?? 2,
      gain: random.between(0.85, 1.12),
      quality: quality(random),
    };
  }).flat();
  return [...originals, ...copied].sort(
    (a, b) => byCodePoint(a.split, b.split) || byCodePoint(a.fileName, b.fileName),
  );
}
