import { asRecord, type JsonRecord } from '../../lib/json-records.js';

/** The members of an object that are COCO objects themselves, as a JSON file has them that wraps COCO. */
export const cocoMembers = (value: JsonRecord): string[] =>
  Object.keys(value).filter((key) => Array.isArray(asRecord(value[key]).images));

/** The only member of an object that may be a COCO object, if the value is cut off; undefined if several or none may. */
export function wrapperIn(value: JsonRecord): string | undefined {
  const [first, ...others] = Object.keys(value).filter((key) => {
    const { images, annotations } = asRecord(value[key]);
    return Array.isArray(images) || Array.isArray(annotations);
  });
  return others.length === 0 ? first : undefined;
}
