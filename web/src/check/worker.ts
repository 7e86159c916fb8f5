import { errorMessage } from '../../../src/lib/error-message.js';
import './node/buffer.js';
import type { ByteSource } from '../../../src/archive/source.js';
import { archiveFacts } from '../../../src/check/archive-facts.js';
import {
  assessArchive,
  type CheckProgress,
  needsReading,
  type ReadArchive,
  readArchive,
  unfit,
} from '../../../src/check/examine.js';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { MemoryThumbnails } from '../../../src/pipeline/thumbnails.js';
import type { FindingCase } from '../../../src/report/facts.js';
import { cutSamples } from './class-samples.js';
import type { Answer, Request, ShownCheck, ShownRejection } from './messages.js';
import { type Album, albumOf, choosePictures } from './pictures.js';
import { isUnseen } from './preprocess-image.js';

/** The global scope of a dedicated worker; the types of the project describe a window. */
const page = globalThis as unknown as {
  postMessage(answer: Answer): void;
  onmessage: (event: MessageEvent<Request>) => void;
};

const MAX_REJECTIONS = 200;
/** Minimum time between two progress messages. */
const PROGRESS_EVERY_MS = 50;

interface Opened {
  readonly source: ByteSource;
  readonly dataset: string;
}

interface Reading {
  readonly archive: ReadArchive;
  /** Number of images that the browser cannot decode. */
  readonly unseen: number;
  readonly settings: DatasetSettings;
}

interface Checked {
  readonly shown: ShownCheck;
  /** Undefined if the archive could not be read. */
  readonly album: Album | undefined;
  readonly cases: readonly FindingCase[];
}

let opened: Opened | undefined;
let reading: Reading | undefined;
let newest: Request | undefined;
let answered: Promise<void> = Promise.resolve();

// One after another; a request that a newer one replaces is skipped, and so is its result.
page.onmessage = ({ data }) => {
  newest = data;
  answered = answered
    .then(() => answer(data))
    .catch((error: unknown) => page.postMessage({ type: 'failure', message: errorMessage(error) }));
};

async function answer(request: Request): Promise<void> {
  if (request !== newest) return;
  if (request.type === 'read') opened = { source: fileSource(request.file), dataset: request.dataset };
  if (!opened) return;
  const { shown, album, cases } = await check(opened, request.settings);
  if (request === newest) page.postMessage({ type: 'result', shown });
  if (!album) return;
  // The result stands without them.
  const samples = await cutSamples(album, () => request === newest).catch(() => []);
  if (request === newest) page.postMessage({ type: 'samples', samples });
  const files = await readFiles(album, cases, () => request === newest).catch(() => new Map<string, Blob>());
  if (request === newest) page.postMessage({ type: 'cases', cases: { cases, files } });
}

/** The files of the images that cases name, by path. `isWanted` stops the work once it returns false. */
async function readFiles(
  album: Album,
  cases: readonly FindingCase[],
  isWanted: () => boolean,
): Promise<Map<string, Blob>> {
  const files = new Map<string, Blob>();
  for (const path of new Set(cases.flatMap(({ images }) => images.map((image) => image.path)))) {
    if (!isWanted()) break;
    const blob = await album.read({ path });
    if (blob) files.set(path, blob);
  }
  return files;
}

/** Reads the archive if that has not been done with these settings, then checks it. */
async function check({ source, dataset }: Opened, settings: DatasetSettings): Promise<Checked> {
  const options = { dataset, settings, onProgress: throttled() };
  try {
    if (!reading || needsReading(reading.settings, settings)) {
      const thumbnails = new MemoryThumbnails();
      const archive = await readArchive(source, { ...options, thumbnails });
      const unseen = archive.records.filter((record) => isUnseen(record, thumbnails)).length;
      reading = { archive, unseen, settings };
    }
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    const nothing = { pictures: [], rejected: [], unseen: 0 };
    return { shown: { result: unfit(dataset, error), settings, ...nothing }, album: undefined, cases: [] };
  }
  const { archive, unseen } = reading;
  const assessment = assessArchive(archive, options);
  const album = albumOf(source, archive, assessment, settings);
  const shown = {
    result: assessment.result,
    settings,
    pictures: await choosePictures(album),
    rejected: rejectionsOf(archive),
    unseen,
  };
  const cases = assessment.boxed ? archiveFacts(archive, assessment, settings).cases : [];
  return { shown, album, cases };
}

function rejectionsOf({ plan, records }: ReadArchive): ShownRejection[] {
  const rejected = records.flatMap(({ result }) => (result.status === 'rejected' ? [result] : []));
  return [...plan.missing, ...rejected]
    .slice(0, MAX_REJECTIONS)
    .map(({ path, reason, message }) => ({ path, reason, message }));
}

function fileSource(file: File): ByteSource {
  return {
    bytes: file.size,
    read: async (start, end) => Buffer.from(await file.slice(start, end).arrayBuffer()),
  };
}

function throttled(): (progress: CheckProgress) => void {
  let [stage, sentAt] = ['', 0];
  return (progress) => {
    const now = performance.now();
    if (progress.stage === stage && now - sentAt < PROGRESS_EVERY_MS) return;
    [stage, sentAt] = [progress.stage, now];
    page.postMessage({ type: 'progress', progress });
  };
}
