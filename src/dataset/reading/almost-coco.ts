import { asRecord, type JsonRecord } from '../../lib/json-records.js';
import { plural } from '../../lib/plural.js';
import { cocoMembers } from './coco-members.js';
import type { ListName } from './coco-scan.js';

/** What a JSON file has in place of the lists of COCO, and what to do about it. */
export interface Lack {
  /** Continues the path of the file, as in `c.json has images, but no list named annotations`. */
  readonly what: string;
  readonly advice: string;
}

const MOVE_OUT =
  'Write them into a list of their own, annotations, each with the image_id of its image, and the classes into categories.';

/**
 * Says why an object is not COCO although it has something of it; undefined if it has nothing of COCO.
 * @param value the beginning of the object
 * @param lists the lists of COCO in the whole object
 */
export function lackOf(value: JsonRecord, lists: ReadonlySet<ListName>): Lack | undefined {
  return nested(value) ?? embedded(value) ?? renamed(value, lists) ?? missing(lists);
}

/** COCO objects inside the object. A single one, directly inside, has been read. */
function nested(value: JsonRecord): Lack | undefined {
  const inside = cocoMembers(value);
  if (inside.length > 0) {
    const shown = inside.slice(0, 3).join(', ');
    return {
      what:
        inside.length === 1
          ? `has COCO lists beside the COCO object in ${shown}`
          : `has ${plural(inside.length, 'COCO object')} (${shown})`,
      advice: 'Write each into a JSON file of its own.',
    };
  }
  for (const [key, member] of Object.entries(value)) {
    const [deeper] = cocoMembers(asRecord(member));
    if (deeper === undefined) continue;
    return {
      what: `has the lists of COCO inside ${key}.${deeper}`,
      advice: 'Write that object into a JSON file of its own.',
    };
  }
  return undefined;
}

/** Members of image records in which exporters put annotations. */
const EMBEDDED = ['annotations', 'objects', 'labels', 'boxes', 'bboxes', 'bbox', 'detections', 'regions'];

function embedded({ images }: JsonRecord): Lack | undefined {
  const first = asRecord(Object.values(asRecord(images))[0]);
  const member = EMBEDDED.find((name) => typeof first[name] === 'object' && first[name] !== null);
  if (member === undefined) return undefined;
  return { what: `has the annotations inside its image records (images[0].${member})`, advice: MOVE_OUT };
}

const OTHER_NAMES: readonly (readonly [list: ListName, names: RegExp])[] = [
  ['images', /^(?:images?|imgs?|pictures?|photos?|files?|frames)$/i],
  [
    'annotations',
    /^(?:annotations?|annos?|anns|objects?|labels?|boxe?s?|bboxe?s?|instances|detections|regions)$/i,
  ],
  ['categories', /^(?:categor(?:y|ies)|class(?:es)?|labels|names|label_map)$/i],
];

function renamed(value: JsonRecord, lists: ReadonlySet<ListName>): Lack | undefined {
  const others = OTHER_NAMES.filter(([list]) => !lists.has(list)).flatMap(([list, names]) => {
    const found = Object.keys(value).find((key) => names.test(key) && isFilled(value[key]));
    return found === undefined ? [] : [[found, list] as const];
  });
  const hasNeeded = (list: ListName) => lists.has(list) || others.some(([, own]) => own === list);
  if (others.length === 0 || !hasNeeded('images') || !hasNeeded('annotations')) return undefined;
  if (others.every(([found, list]) => found === list)) return undefined;
  return {
    what: `has ${listed(others.map(([found]) => found))} instead of ${listed(others.map(([, list]) => list))}`,
    advice: `Rename ${others.length === 1 ? 'it' : 'them'}.`,
  };
}

const listed = (names: readonly string[]) => names.join(', ');
const isFilled = (value: unknown) => Object.keys(asRecord(value)).length > 0;

function missing(lists: ReadonlySet<ListName>): Lack | undefined {
  if (lists.has('images')) {
    return {
      what: 'has images, but no list named annotations',
      advice: 'Label the images, or export the annotations with them.',
    };
  }
  if (!lists.has('annotations')) return undefined;
  return {
    what: 'has annotations, but no list named images',
    advice: 'Export the images list with the annotations: it has the file_name of each image_id.',
  };
}
