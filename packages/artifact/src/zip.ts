import { SafebaseError } from "@safebase/contracts";
import { Transform } from "node:stream";
import type { TransformCallback } from "node:stream";

const GZIP_HEADER_BYTES = 10;
const GZIP_TRAILER_BYTES = 8;
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0]); // deflate, no name, no extra field
const NEEDS_ZIP64 = 45;
const UNIX_MADE = (3 << 8) | NEEDS_ZIP64;
const FLAGS = 0x0808; // sizes follow the data; the name is UTF-8
const DEFLATE = 8;
const UINT32_MAX = 0xffff_ffff;
const MODE_0600 = (0o100600 << 16) >>> 0;

/**
 * Turns the output of `gzip -n` into a zip with one entry: both hold the same deflate stream, so only the frame around
 * the compressed bytes is written here. Always in zip64 form, for the size is not known when the header goes out.
 */
export class ZipFrame extends Transform {
  readonly #name: Buffer;
  readonly #time: number;
  readonly #rawSize: () => Promise<number | undefined>;
  #header_seen: Buffer | undefined = Buffer.alloc(0);
  #held = Buffer.alloc(0);
  #deflated_bytes = 0;

  constructor(entry_name: string, modified_at: Date, rawSize: () => Promise<number | undefined>) {
    super();
    this.#name = Buffer.from(entry_name);
    this.#time = dosTime(modified_at);
    this.#rawSize = rawSize;
    this.push(localHeader(this.#name, this.#time));
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let data = chunk;
    if (this.#header_seen) {
      data = Buffer.concat([this.#header_seen, chunk]);
      this.#header_seen = data;
      if (data.length < GZIP_HEADER_BYTES) { done(); return; }
      if (!data.subarray(0, 4).equals(GZIP_HEADER)) { done(new SafebaseError("internal", "gzip wrote a header that is none")); return; }
      this.#header_seen = undefined;
      data = data.subarray(GZIP_HEADER_BYTES);
    }
    this.#pass(Buffer.concat([this.#held, data]));
    done();
  }

  /** Passes everything on but what may be gzip's trailer. */
  #pass(data: Buffer): void {
    const end = Math.max(0, data.length - GZIP_TRAILER_BYTES);
    this.#held = Buffer.from(data.subarray(end));
    this.#deflated_bytes += end;
    if (end > 0) this.push(data.subarray(0, end));
  }

  override _flush(done: TransformCallback): void {
    this.#rawSize().then((raw_bytes) => {
      if (raw_bytes === undefined || this.#held.length < GZIP_TRAILER_BYTES || this.#held.readUInt32LE(4) !== raw_bytes % 2 ** 32) {
        throw new SafebaseError("internal", "gzip ended before its trailer, or its size is not that of the dump");
      }
      const sizes = { crc: this.#held.readUInt32LE(0), deflated_bytes: this.#deflated_bytes, raw_bytes };
      this.push(trailer(this.#name, this.#time, sizes));
    }).then(() => done(), (error: unknown) => done(error as Error));
  }
}

type Sizes = { crc: number; deflated_bytes: number; raw_bytes: number };

function localHeader(name: Buffer, time: number): Buffer {
  return Buffer.concat([
    u32(0x04034b50), u16(NEEDS_ZIP64), u16(FLAGS), u16(DEFLATE), u32(time), u32(0), u32(UINT32_MAX), u32(UINT32_MAX),
    u16(name.length), u16(20), name, u16(1), u16(16), u64(0), u64(0),
  ]);
}

/** The data descriptor, the central directory of the one entry, and its ends in both forms. */
function trailer(name: Buffer, time: number, { crc, deflated_bytes, raw_bytes }: Sizes): Buffer {
  const descriptor = Buffer.concat([u32(0x08074b50), u32(crc), u64(deflated_bytes), u64(raw_bytes)]);
  const directory = Buffer.concat([
    u32(0x02014b50), u16(UNIX_MADE), u16(NEEDS_ZIP64), u16(FLAGS), u16(DEFLATE), u32(time), u32(crc), u32(UINT32_MAX), u32(UINT32_MAX),
    u16(name.length), u16(20), u16(0), u16(0), u16(0), u32(MODE_0600), u32(0), name, u16(1), u16(16), u64(raw_bytes), u64(deflated_bytes),
  ]);
  const directory_at = localHeader(name, time).length + deflated_bytes + descriptor.length;
  const end64 = Buffer.concat([
    u32(0x06064b50), u64(44), u16(UNIX_MADE), u16(NEEDS_ZIP64), u32(0), u32(0), u64(1), u64(1), u64(directory.length), u64(directory_at),
  ]);
  const locator = Buffer.concat([u32(0x07064b50), u32(0), u64(directory_at + directory.length), u32(1)]);
  const end = Buffer.concat([
    u32(0x06054b50), u16(0), u16(0), u16(1), u16(1), u32(directory.length), u32(Math.min(directory_at, UINT32_MAX)), u16(0),
  ]);
  return Buffer.concat([descriptor, directory, end64, locator, end]);
}

/** Date and time as DOS wrote them, in UTC: two seconds fine, from 1980 on. */
function dosTime(at: Date): number {
  const day = (Math.max(0, at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

function u16(value: number): Buffer { const field = Buffer.alloc(2); field.writeUInt16LE(value); return field; }
function u32(value: number): Buffer { const field = Buffer.alloc(4); field.writeUInt32LE(value); return field; }
function u64(value: number): Buffer { const field = Buffer.alloc(8); field.writeBigUInt64LE(BigInt(value)); return field; }
