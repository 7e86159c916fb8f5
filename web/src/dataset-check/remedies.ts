import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { SETTING_LABELS } from '../setting-labels.js';

/** The settings that messages advise, by their variables. */
const NAMES = {
  VAL_SPLIT: 'valSplit',
  SPLIT: 'split',
  ENABLE_BALANCE: 'enableBalance',
  PER_CLASS_CAP: 'perClassCap',
  MIN_CLASS_IMAGES: 'minClassImages',
  MIN_BOX_PX: 'minBoxPx',
  IMAGE_MAX_SIDE: 'imageMaxSide',
  TILES: 'tiles',
  STRETCH_CONTRAST: 'stretchContrast',
  EXIF_BOXES: 'exifBoxes',
  KEEP_CROWD: 'keepCrowd',
  MAX_REJECTED_RATIO: 'maxRejectedRatio',
} as const satisfies Partial<Record<keyof typeof SETTING_LABELS, keyof DatasetSettings>>;

type Variable = keyof typeof NAMES;

/** A change of settings that a message advises, with the text of its button. */
export interface Remedy {
  readonly text: string;
  readonly settings: DatasetSettings;
}

/** Up to the end of the sentence; a point within a number does not end it. */
const ADVISED = /\bset ([A-Z_]+=.*?)(?:\.(?=\s|$)|;|$)/gis;
const ASSIGNMENT = '[A-Z][A-Z0-9_]+=(?:[a-z]+|\\d+(?:\\.\\d+)?)';
const CHANGE = new RegExp(`^${ASSIGNMENT}(?: and ${ASSIGNMENT})*`);

/**
 * The changes of settings that a message advises: `Set VAL_SPLIT=0.2 and PER_CLASS_CAP=180, or MIN_CLASS_IMAGES=12` has
 * two. Changes that would leave the settings as they are do not count.
 */
export function remediesOf(message: string, settings: DatasetSettings): Remedy[] {
  const advised = [...message.matchAll(ADVISED)].flatMap(([, changes = '']) => changes.split(/,? or /));
  const remedies = advised.flatMap((text) => remedyOf(CHANGE.exec(text)?.[0], settings) ?? []);
  return remedies.filter(
    (remedy, i) => i === remedies.findIndex(({ text }) => text === remedy.text) && differs(remedy, settings),
  );
}

function remedyOf(change: string | undefined, settings: DatasetSettings): Remedy | undefined {
  const assignments = change?.split(' and ').map((text) => text.split('=') as [string, string]) ?? [];
  if (assignments.length === 0 || !assignments.every(([variable]) => variable in NAMES)) return undefined;
  let changed = settings;
  const texts = assignments.map(([variable, value]) => {
    const name = NAMES[variable as Variable];
    changed = { ...changed, [name]: valueLike(settings[name], value) };
    return `“${SETTING_LABELS[variable as Variable]}” to ${SWITCHES[value] ?? value}`;
  });
  return { text: `Set ${texts.join(' and ')}`, settings: changed };
}

const SWITCHES: Readonly<Record<string, string>> = { true: 'on', false: 'off' };

function valueLike(current: DatasetSettings[keyof DatasetSettings], text: string) {
  if (typeof current === 'number') return Number(text);
  return typeof current === 'boolean' ? text === 'true' : text;
}

const differs = (remedy: Remedy, settings: DatasetSettings) =>
  JSON.stringify(remedy.settings) !== JSON.stringify(settings);
