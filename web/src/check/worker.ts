import { errorMessage } from '../../../src/lib/error-message.js';
import './node/buffer.js';
import type { ByteSource } from '../../../src/archive/source.js';
import {
  assessArchive,
  type CheckProgress,
  type ReadArchive,
  readArchive,
  unfit,
} from '../../../src/check/examine.js';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import type { Answer, Request, ShownCheck, ShownRejection } from './messages.js';
import { choosePictures } from './pictures.js';

/** The global scope of a dedicated worker; the types of the project describe a window. */
const page = globalThis as unknown as {
  postMessage(answer: Answer): void;
  onmessage: (event: MessageEvent<Request>) => void;
};

const MAX_REJECTIONS = 200;
/** Minimum time between two progress messages. */
const PROGRESS_EVERY_MS = 50;

interface Reading {
  readonly source: ByteSource;
  readonly archive: ReadArchive;
  readonly dataset: string;
}

let reading: Reading | undefined;

page.onmessage = ({ data }) => {
  answer(data).catch((error: unknown) => {
    page.postMessage({ type: 'failure', message: errorMessage(error) });
  });
};

async function answer(request: Request): Promise<void> {
  const { settings } = request;
  const onProgress = throttled();
  if (request.type === 'read') {
    const { file, dataset } = request;
    const source = fileSource(file);
    try {
      const archive = await readArchive(source, { dataset, settings, onProgress });
      reading = { source, archive, dataset };
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      const result = unfit(dataset, error);
      const shown = { result, settings, pictures: [], rejected: [], unseen: 0 };
      page.postMessage({ type: 'result', shown });
      return;
    }
  }
  if (reading) page.postMessage({ type: 'result', shown: await show(reading, settings, onProgress) });
}

async function show(
  { source, archive, dataset }: Reading,
  settings: DatasetSettings,
  onProgress: (progress: CheckProgress) => void,
): Promise<ShownCheck> {
  const assessment = await assessArchive(archive, { dataset, settings, onProgress });
  return {
    result: assessment.result,
    settings,
    pictures: await choosePictures(source, archive, assessment),
    rejected: rejectionsOf(archive),
    unseen: archive.records.filter(({ image: { path } }) => /\.tiff?$/i.test(path)).length,
  };
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
