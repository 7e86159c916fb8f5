import { archiveTarget, cocoTarget, imageTarget } from './archive-targets.js';
import { httpTarget } from './http-target.js';
import type { FuzzTarget } from './target.js';
import { evaluationTarget, eventTarget, manifestTarget, statusTarget } from './text-targets.js';
import { watcherTarget } from './watcher-target.js';

/** The targets by name, each started only where it is used. */
export const TARGETS: ReadonlyMap<string, () => FuzzTarget> = new Map([
  ['archive', archiveTarget],
  ['coco', cocoTarget],
  ['image', imageTarget],
  ['manifest', manifestTarget],
  ['evaluation', evaluationTarget],
  ['events', eventTarget],
  ['status', statusTarget],
  ['http', httpTarget],
  ['watchers', watcherTarget],
]);
