import type { Rgb } from './canvas.js';

/** The classes, sorted: their ids in the COCO files are 1 to 5 in this order. */
export const SAMPLE_CLASSES = ['comedo', 'macule', 'papule', 'pustule', 'wheal'] as const;
export type SampleClass = (typeof SAMPLE_CLASSES)[number];

/** The box of a lesion in pixels of the upright picture; fractional, up to 0.5 px beyond an edge. */
export interface SampleBox {
  readonly label: SampleClass;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The range of a random value. */
export type Range = readonly [low: number, high: number];

/**
 * The appearance of a class. Radii inside a lesion and softness are shares of its radius; strengths are 0 (invisible)
 * to 1; colours are factors on the colour of the skin, so that they suit every skin tone.
 */
export interface Look {
  /** Mean radius in pixels. */
  readonly radius: Range;
  /** Deviation of the outline from an ellipse. */
  readonly warp: Range;
  /** Width of the fading edge. */
  readonly softness: Range;
  readonly body: { readonly colour: Rgb; readonly strength: Range };
  /** A ring inside the edge. */
  readonly rim: { readonly colour: Rgb; readonly strength: Range };
  /** Strength of the reddened skin around the lesion. */
  readonly halo: Range;
  /** Strength of the shading that makes the lesion look raised. */
  readonly dome: Range;
  /** The core: a plug (its colour is a factor on the skin) or, if `own`, pus (its colour in full light). */
  readonly core: {
    readonly colour: Rgb;
    readonly own: boolean;
    readonly radius: Range;
    readonly strength: Range;
  };
  /** A highlight on the side towards the light. */
  readonly gloss: { readonly radius: Range; readonly strength: Range };
}

const NO_RIM = { colour: [1, 1, 1], strength: [0, 0] } as const;
const NO_CORE = { colour: [1, 1, 1], own: false, radius: [0.3, 0.3], strength: [0, 0] } as const;
const NO_GLOSS = { radius: [0.2, 0.2], strength: [0, 0] } as const;

/**
 * What papules and pustules have in common. The highlight of a papule looks like the pale head of a pustule, so a
 * detector confuses some of them.
 */
const RED_BUMP = {
  radius: [24, 54],
  warp: [0.08, 0.2],
  softness: [0.3, 0.55],
  body: { colour: [0.98, 0.7, 0.69], strength: [0.6, 1] },
  rim: NO_RIM,
  halo: [0.1, 0.35],
  dome: [0.12, 0.28],
} as const;

/** The appearance of each class of the sample. */
export const LOOKS: Readonly<Record<SampleClass, Look>> = {
  comedo: {
    radius: [20, 32],
    warp: [0.06, 0.16],
    softness: [0.3, 0.6],
    body: { colour: [0.93, 0.84, 0.8], strength: [0.6, 1] },
    rim: NO_RIM,
    halo: [0, 0.1],
    dome: [0.1, 0.22],
    core: { colour: [0.3, 0.26, 0.26], own: false, radius: [0.42, 0.62], strength: [0.6, 0.95] },
    gloss: NO_GLOSS,
  },
  macule: {
    radius: [32, 68],
    warp: [0.16, 0.32],
    softness: [0.2, 0.5],
    body: { colour: [0.66, 0.54, 0.47], strength: [0.5, 0.95] },
    rim: NO_RIM,
    halo: [0, 0],
    dome: [0, 0.02],
    core: NO_CORE,
    gloss: NO_GLOSS,
  },
  papule: {
    ...RED_BUMP,
    core: NO_CORE,
    gloss: { radius: [0.25, 0.55], strength: [0.05, 0.6] },
  },
  pustule: {
    ...RED_BUMP,
    core: { colour: [242, 224, 170], own: true, radius: [0.2, 0.48], strength: [0.3, 0.8] },
    gloss: { radius: [0.15, 0.4], strength: [0, 0.4] },
  },
  wheal: {
    radius: [46, 76],
    warp: [0.14, 0.28],
    softness: [0.18, 0.35],
    body: { colour: [1.07, 0.97, 0.96], strength: [0.75, 1] },
    rim: { colour: [0.97, 0.75, 0.74], strength: [0.6, 1] },
    halo: [0.1, 0.35],
    dome: [0.1, 0.2],
    core: NO_CORE,
    gloss: { radius: [0.25, 0.4], strength: [0, 0.2] },
  },
};
