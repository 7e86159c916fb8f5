import { MemoryGate } from './memory-gate.js';

/** Limits the memory of the decoders that hold whole pictures. */
export type DecoderMemory = Pick<MemoryGate, 'run'>;

/**
 * Maximum memory of the decoders that hold whole pictures, in bytes: two progressive photos of 50 megapixels. A
 * picture that needs more is decoded alone.
 */
const MAX_TOGETHER_BYTES = 300_000_000;

let memory: DecoderMemory = new MemoryGate(MAX_TOGETHER_BYTES);

/** Runs a decoder that holds `bytes` bytes as soon as it may use them. */
export async function runDecoder<T>(bytes: number, decode: () => Promise<T>): Promise<T> {
  return await memory.run(bytes, decode);
}

/** Replaces the limit of this process, so that several processes share one. */
export function shareDecoderMemory(shared: DecoderMemory): void {
  memory = shared;
}
