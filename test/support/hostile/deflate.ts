import { deflateRawSync, constants as zlib } from 'node:zlib';

/** Deflated data of about `bytes` bytes that unpacks to nothing: empty stored blocks, without a last one. */
export function emptyBlocks(bytes: number): Buffer {
  const block = Buffer.from([0, 0, 0, 0xff, 0xff]);
  return Buffer.alloc(Math.floor(bytes / block.length) * block.length, block);
}

/** Deflates data as a program does that flushes after every `step` bytes. */
export function deflatedInSteps(data: Buffer, step: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < data.length; at += step) {
    const isLast = at + step >= data.length;
    const finishFlush = isLast ? zlib.Z_FINISH : zlib.Z_SYNC_FLUSH;
    parts.push(deflateRawSync(data.subarray(at, at + step), { finishFlush }));
  }
  return Buffer.concat(parts);
}
