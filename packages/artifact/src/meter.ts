import { SafebaseError } from "@safebase/contracts";
import { createHash } from "node:crypto";
import { Transform } from "node:stream";
import type { TransformCallback } from "node:stream";
import type { ManifestPart } from "./manifest.ts";

/** Passes bytes on, counting and hashing them; with an expectation, its end fails when they are not what they were. */
export class Meter extends Transform {
  readonly #hash = createHash("sha256");
  readonly #expected: ManifestPart | undefined;
  #sha256: string | undefined;
  size_bytes = 0;

  constructor(expected?: ManifestPart) {
    super();
    this.#expected = expected;
  }

  /** The SHA-256 of what went through, in hex; asked for once the end is reached. */
  get sha256(): string {
    return (this.#sha256 ??= this.#hash.digest("hex"));
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    this.size_bytes += chunk.length;
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    done(this.#expected && difference(this.#expected, this.size_bytes, this.sha256));
  }
}

/** What sets stored bytes apart from what the manifest says of them, as an error, or null when nothing does. */
export function difference(expected: ManifestPart, size_bytes: number, sha256?: string): SafebaseError | null {
  const { key } = expected;
  if (size_bytes !== expected.size_bytes) {
    return new SafebaseError("artifact_damaged", `${key} has ${size_bytes} bytes, and its manifest says ${expected.size_bytes}`);
  }
  if (sha256 === undefined || sha256 === expected.sha256) return null;
  return new SafebaseError("artifact_damaged",
    `${key} was altered: its SHA-256 is ${sha256.slice(0, 12)}…, and its manifest says ${expected.sha256.slice(0, 12)}…`);
}
