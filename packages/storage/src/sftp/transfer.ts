import { SafebaseError } from "@safebase/contracts";
import { Readable } from "node:stream";
import type { SFTPWrapper } from "ssh2";
import { unlessAborted } from "../abort.ts";
import { call } from "./calls.ts";

/** What every server takes in one request; so many are under way at once, for each waits for its answer. */
const REQUEST_BYTES = 32 * 1024;
const REQUESTS_MAX = 64;

/** Writes all of a stream into an open file; answers how many bytes it was. */
export async function writeAll(sftp: SFTPWrapper, handle: Buffer, stream: Readable, signal: AbortSignal | undefined): Promise<number> {
  const under_way: Promise<void>[] = [];
  let at = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length; from += REQUEST_BYTES) {
      const piece = chunk.subarray(from, from + REQUEST_BYTES);
      const position = at;
      at += piece.length;
      under_way.push(quiet(call(sftp, (done) => sftp.write(handle, piece, 0, piece.length, position, done))));
      if (under_way.length >= REQUESTS_MAX) await unlessAborted(under_way.shift() as Promise<void>, signal);
    }
  }
  for (const written of under_way) await unlessAborted(written, signal);
  return at;
}

/** The bytes of an open file from one place to another; `done` is called however it ends, perhaps twice, and never rejects. */
export function readRange(sftp: SFTPWrapper, handle: Buffer, from: number, to: number, signal: AbortSignal | undefined, done: () => Promise<void>): Readable {
  const stream = Readable.from(pieces(sftp, handle, from, to, signal, done), { objectMode: false, highWaterMark: REQUEST_BYTES * 8 });
  return stream.once("close", () => { void done(); }); // when nobody has begun to read it
}

async function* pieces(
  sftp: SFTPWrapper, handle: Buffer, from: number, to: number, signal: AbortSignal | undefined, done: () => Promise<void>,
): AsyncGenerator<Buffer> {
  const under_way: Promise<Buffer>[] = [];
  try {
    for (let at = from; at < to || under_way.length > 0;) {
      for (; under_way.length < REQUESTS_MAX && at < to; at += REQUEST_BYTES) under_way.push(quiet(readPiece(sftp, handle, at, Math.min(REQUEST_BYTES, to - at))));
      yield await unlessAborted(under_way.shift() as Promise<Buffer>, signal);
    }
  } finally {
    await done();
  }
}

/** A server may answer with less than it was asked for. */
async function readPiece(sftp: SFTPWrapper, handle: Buffer, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  for (let have = 0; have < length;) {
    const got = await call<number>(sftp, (done) => sftp.read(handle, buffer, have, length - have, position + have, (error, count) => done(error, count)));
    if (got === 0) throw new SafebaseError("storage_failed", "the file ended before the size that the storage had told");
    have += got;
  }
  return buffer;
}

/** A failure is told to whoever waits for it, who may be waiting for another first. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
