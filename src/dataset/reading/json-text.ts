import { createHash } from 'node:crypto';
import type { Steps } from '../../lib/steps.js';
import { utf16Of } from '../../lib/utf16.js';
import { DatasetError } from '../model/errors.js';
import { Utf8Check } from './encoding.js';
import { type ByteChunks, type JsonFile, nextChunk } from './json-file.js';

type Decoder = InstanceType<typeof TextDecoder>;

/** A JSON file as UTF-8, in pieces. UTF-16, which PowerShell writes, is converted. */
export class JsonText {
  readonly #chunks: ByteChunks;
  readonly #hash = createHash('sha256');
  readonly #check = new Utf8Check();
  #decoder: Decoder | undefined;
  #isStarted = false;
  #hasEnded = false;
  #bytes = 0;

  /** @param isChecked whether to check the encoding and to compute the hash, which is needed once per file */
  constructor(
    readonly file: JsonFile,
    private readonly isChecked: boolean,
  ) {
    this.#chunks = file.open();
  }

  /** UTF-8 bytes that were read so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** SHA-256 of the file, hex. To be read once, after the end. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  /** Returns the next piece; undefined at the end. */
  *next(): Steps<Uint8Array | undefined> {
    if (this.#hasEnded) return undefined;
    const chunk = this.#isStarted ? yield* nextChunk(this.#chunks) : yield* this.#first();
    this.#hasEnded = chunk === undefined;
    if (chunk && this.isChecked) this.#hash.update(chunk);
    const text = this.#decoder ? decode(this.#decoder, chunk) : chunk;
    if (text) this.#bytes += text.length;
    if (this.isChecked) {
      if (text) this.#check.write(text);
      if (this.#hasEnded) this.#check.end();
    }
    return text;
  }

  /** Reads to the end, which checks the rest. */
  *drain(): Steps<void> {
    while ((yield* this.next()) !== undefined) yield;
  }

  /** Releases what reading needs. */
  close(): void {
    this.#chunks.close();
  }

  /** The refusal of a file that is not UTF-8; undefined if all bytes so far are. */
  encodingProblem(): DatasetError | undefined {
    const { invalid } = this.#check;
    if (!invalid) return undefined;
    const { at, page } = invalid;
    const byte = invalid.byte.toString(16).toUpperCase().padStart(2, '0');
    return new DatasetError(
      'CocoInvalid',
      `${this.file.path} is not UTF-8: byte ${at} of ${this.#bytes} is 0x${byte}.${page === undefined ? '' : ` The text looks like ${page}.`} Save the file as UTF-8 and export again.`,
      { file: this.file.path, record: `byte ${at}` },
    );
  }

  /** Returns the first piece, with the two bytes that tell the encoding. */
  *#first(): Steps<Uint8Array | undefined> {
    this.#isStarted = true;
    let first = yield* nextChunk(this.#chunks);
    while (first !== undefined && first.length < 2) {
      const more = yield* nextChunk(this.#chunks);
      if (more === undefined) break;
      first = Buffer.concat([first, more]);
    }
    const encoding = first && utf16Of(first);
    if (encoding !== undefined) this.#decoder = new TextDecoder(encoding);
    return first;
  }
}

/** Decodes the next piece; at the end it returns what an incomplete character becomes. */
function decode(decoder: Decoder, chunk: Uint8Array | undefined): Uint8Array | undefined {
  const text = decoder.decode(chunk, { stream: chunk !== undefined });
  return chunk === undefined && text === '' ? undefined : Buffer.from(text, 'utf8');
}
