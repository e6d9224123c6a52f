import { Transform, type TransformCallback } from "node:stream";

/**
 * Passes everything on but the last chunk, which waits for the source's end, and then for `beforeLast`. A source that
 * fails at its end, as one does whose bytes are not those that were written, so never gives a reader all the bytes that
 * it was promised.
 */
export class HoldBack extends Transform {
  readonly #beforeLast: () => Promise<void>;
  #held: Buffer | undefined;

  constructor(beforeLast: () => Promise<void> = async () => {}) {
    super();
    this.#beforeLast = beforeLast;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#held !== undefined) this.push(this.#held);
    this.#held = chunk;
    done();
  }

  override _flush(done: TransformCallback): void {
    this.#beforeLast().then(() => done(null, this.#held), done);
  }
}
