import { asRecord, type JsonRecord } from '../../lib/json-records.js';

/** Whether a JSON file has the format. `first` is its object, or the first object of its list or of its lines. */
export type Holds = (first: JsonRecord, isList: boolean) => boolean;

/** A format of JSON files: its name with an article, how to get COCO from it, and its sign. */
export type JsonFormat = readonly [name: string, toCoco: string, holds: Holds];

/** Whether a value is an object with all of these members. */
export const has = (value: unknown, ...members: readonly string[]): boolean =>
  members.every((member) => Object.hasOwn(asRecord(value), member));

/** The first element of a list; undefined for other values. */
export const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);

/** The first member of an object. */
export const anyOf = (value: unknown): unknown => Object.values(asRecord(value))[0];
