import { describe, expect, it } from '@jest/globals';
import {
  MULTIPART_FROM_BYTES,
  type OpenedUpload,
  type UploadTransport,
  uploadFile,
} from '../../src/endpoint-client/resumable-upload.js';

const OPENED: OpenedUpload = {
  key: 'landing/a.zip',
  uploadId: 'u',
  partBytes: MULTIPART_FROM_BYTES,
  parts: 6,
};
const SIZE = 5 * MULTIPART_FROM_BYTES + 10;

class HttpError extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

/** Records what is requested; `put` decides what becomes of each part. */
function fakeTransport(
  put: (part: number) => Promise<void>,
  {
    earlier,
    present = [],
    size = SIZE,
  }: { earlier?: boolean; present?: [number, number][]; size?: number } = {},
) {
  const log = { signed: [] as number[], opened: 0, presigned: 0, completed: 0, pauses: [] as number[] };
  const remembered: OpenedUpload[] = earlier ? [OPENED] : [];
  let progress = 0;
  const transport: UploadTransport = {
    size,
    statusOf: (error) => (error instanceof HttpError ? error.status : undefined),
    pause: async (milliseconds) => void log.pauses.push(milliseconds),
    onProgress: (bytes) => {
      progress = bytes;
    },
    presign: async () => {
      log.presigned += 1;
      return { key: 'landing/small.zip', url: '0', headers: {} };
    },
    open: async () => {
      log.opened += 1;
      return OPENED;
    },
    listParts: async () => present.map(([part, bytes]) => ({ part, bytes })),
    signPart: async (_, part) => {
      log.signed.push(part);
      return { url: String(part), headers: {} };
    },
    put: async ({ url }) => await put(Number(url)),
    complete: async () => {
      log.completed += 1;
    },
    recall: async () => remembered[0],
    remember: async (upload) => void remembered.push(upload),
    forget: async () => void remembered.pop(),
  };
  return { transport, log, remembered, progress: () => progress };
}

const fails = (times: number, status: number) => {
  let failures = 0;
  return async () => {
    failures += 1;
    if (failures <= times) throw new HttpError(status);
  };
};

describe('resumable upload', () => {
  it('sends a small file in one request and a large one in parts', async () => {
    const small = fakeTransport(async () => {}, { size: MULTIPART_FROM_BYTES - 1 });
    expect(await uploadFile(small.transport)).toBe('landing/small.zip');
    expect(small.log).toMatchObject({ presigned: 1, opened: 0 });
    const large = fakeTransport(async () => {});
    expect(await uploadFile(large.transport)).toBe(OPENED.key);
    expect(large.log).toMatchObject({ presigned: 0, opened: 1, completed: 1, signed: [1, 2, 3, 4, 5, 6] });
    expect(large.progress()).toBe(SIZE);
    expect(large.remembered).toEqual([]);
  });

  it('sends four parts at once', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let [now, most] = [0, 0];
    const { transport } = fakeTransport(async () => {
      now += 1;
      most = Math.max(most, now);
      if (now === 4) release();
      await released;
      now -= 1;
    });
    await uploadFile(transport);
    expect(most).toBe(4);
  });

  it('resumes with the parts that are missing or have the wrong size', async () => {
    const present: [number, number][] = [
      [1, MULTIPART_FROM_BYTES],
      [2, MULTIPART_FROM_BYTES - 1],
      [6, 10],
    ];
    const { transport, log } = fakeTransport(async () => {}, { earlier: true, present });
    await uploadFile(transport);
    expect(log).toMatchObject({ opened: 0, signed: [2, 3, 4, 5] });
  });

  it('opens a new upload if the earlier one does not exist any more', async () => {
    const { transport, log } = fakeTransport(async () => {}, { earlier: true });
    const listParts = async () => {
      throw new HttpError(404);
    };
    await uploadFile({ ...transport, listParts });
    expect(log).toMatchObject({ opened: 1, completed: 1 });
  });

  it.each([0, 429, 500, 503])(
    'repeats a request that failed with status %i, with longer pauses',
    async (status) => {
      const size = MULTIPART_FROM_BYTES - 1;
      const { transport, log } = fakeTransport(fails(7, status), { size });
      await uploadFile(transport);
      expect(log.presigned).toBe(8);
      expect(log.pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000]);
    },
  );

  it.each([
    [503, 8],
    [403, 3],
    [400, 1],
    [409, 1],
  ])('gives up at status %i after %i attempts', async (status, attempts) => {
    const size = MULTIPART_FROM_BYTES - 1;
    const { transport, log } = fakeTransport(fails(Number.POSITIVE_INFINITY, status), { size });
    await expect(uploadFile(transport)).rejects.toMatchObject({ status });
    expect(log.presigned).toBe(attempts);
  });

  it('starts no other part after one has failed, and keeps the upload for the next attempt', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const puts: Promise<void>[] = [];
    const { transport, log, remembered } = fakeTransport(async (part) => {
      if (part === 1) throw new HttpError(400);
      puts.push(released);
      await released;
    });
    await expect(uploadFile(transport)).rejects.toMatchObject({ status: 400 });
    release();
    await Promise.all(puts);
    await new Promise((resolve) => setImmediate(resolve));
    expect(log.signed).toEqual([1, 2, 3, 4]);
    expect(log.completed).toBe(0);
    expect(remembered).toEqual([OPENED]);
  });
});
