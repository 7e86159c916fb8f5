/** The part of `node:zlib` that checking uses, on the browser's own decompression. */

type Done = (error: Error | null, bytes: Buffer) => void;

function inflateRaw(data: Uint8Array<ArrayBuffer>, options: { maxOutputLength: number }, done: Done): void {
  inflate(data, options.maxOutputLength).then(
    (bytes) => done(null, bytes),
    (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), Buffer.alloc(0)),
  );
}

/** Stops at the limit, as Node does, so that a ZIP bomb is never unpacked. */
async function inflate(data: Uint8Array<ArrayBuffer>, limit: number): Promise<Buffer> {
  const out = Buffer.alloc(limit);
  let filled = 0;
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return out.subarray(0, filled);
    if (filled + value.length > limit) {
      await reader.cancel();
      throw new RangeError(`It unpacks to more than ${limit} bytes.`);
    }
    out.set(value, filled);
    filled += value.length;
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

/** @param before the checksum of the bytes before these */
function crc32(bytes: Uint8Array, before = 0): number {
  let crc = (before ^ 0xffffffff) >>> 0;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

export default { inflateRaw, crc32 };
