import { byCodePoint } from '../../lib/order.js';
import type { DatasetError } from '../model/errors.js';
import { exportsOf } from '../model/one-export.js';
import type { AnnotationPass } from './annotation-pass.js';
import { Evidence, type Verdict } from './evidence.js';
import { inconsistencyOf } from './inconsistency.js';

/** COCO files with fewer annotations show too little on their own. */
const MIN_ANNOTATIONS = 10;

/** The small COCO files of one export, such as one per image, whose boxes and shapes are written in the same way. */
export class SharedEvidence {
  readonly evidence = new Evidence();
  #verdict: Verdict | undefined;
  #compared = 0;
  #tied = 0;
  #first: string | undefined;
  #files = 0;

  addFile(path: string): void {
    if (this.#first === undefined || byCodePoint(path, this.#first) < 0) this.#first = path;
    this.#files += 1;
  }

  /** How the annotations of all files are read. The evidence must be complete. */
  get verdict(): Verdict {
    this.#verdict ??= this.evidence.verdict();
    return this.#verdict;
  }

  /** Adds the last pass over a file. */
  addPass({ compared, tied }: AnnotationPass): void {
    this.#compared += compared;
    this.#tied += tied;
  }

  /** Why the boxes of the files cannot be used, after all of them were read. */
  get inconsistency(): DatasetError | undefined {
    const more = this.#files > 1 ? ` and ${this.#files - 1} more` : '';
    const counts = { compared: this.#compared, tied: this.#tied };
    return inconsistencyOf(`${this.#first ?? ''}${more}`, this.verdict, counts);
  }
}

/** The evidence of all small COCO files of an archive, by export. */
export class SmallFiles {
  readonly #exportOf: ReadonlyMap<string, string>;
  readonly #shared = new Map<string, SharedEvidence>();

  /** @param paths the JSON files of the archive */
  constructor(paths: readonly string[]) {
    this.#exportOf = exportsOf(paths);
  }

  /** What the file shares with others; undefined if it has enough annotations of its own. */
  sharedOf(path: string, annotations: number): SharedEvidence | undefined {
    if (annotations >= MIN_ANNOTATIONS) return undefined;
    const key = this.#exportOf.get(path) ?? path;
    const shared = this.#shared.get(key) ?? new SharedEvidence();
    this.#shared.set(key, shared);
    shared.addFile(path);
    return shared;
  }
}
