import { pipeline, Readable } from "node:stream";
import type { Download } from "../download/open.ts";
import { attachment } from "../download/disposition.ts";
import { HoldBack } from "../download/hold-back.ts";
import { rangeFor, type ByteRange } from "../download/range.ts";
import type { Ctx } from "./context.ts";

/** How a download is sent, by whoever answers it. */
export interface Sending {
  readonly cache_control: string;
  /** A receiver that takes no byte for so long is gone. */
  readonly stall_limit_s: number;
  /** When it is clear that bytes can be sent, and before the first one is: a refusal is answered instead. */
  readonly begin: (range: ByteRange | undefined) => Promise<void>;
  /** Before the file's last byte goes out. */
  readonly beforeLast?: () => Promise<void>;
}

/** Answers with a file, or with the range of it that was asked for. */
export async function sendDownload(c: Ctx, found: Download, sending: Sending): Promise<Response> {
  const range = found.stored === null ? undefined : rangeOf(c, found.stored);
  if (range === "unsatisfiable") {
    return c.json({ error: "the range lies outside of the file", code: "bad_request" as const }, 416, { "content-range": `bytes */${found.stored?.size_bytes}` });
  }
  const status = range === undefined ? 200 : 206;
  const headers = headersOf(found, range, sending.cache_control);
  if (c.req.raw.method === "HEAD") return c.body(null, status, headers);
  const body = await open(c, found, range, sending);
  return c.body(Readable.toWeb(body) as ReadableStream, status, headers);
}

async function open(c: Ctx, found: Download, range: ByteRange | undefined, sending: Sending): Promise<Readable> {
  const made = await found.open(range, c.req.raw.signal);
  const endsFile = range === undefined || range.end + 1 === found.stored?.size_bytes;
  const body = sending.beforeLast === undefined || !endsFile ? made : lastlyAfter(made, sending.beforeLast);
  const { outgoing } = c.env ?? {};
  let begun = false;
  // Here and now: the server's own way would write a text of its own to the file before it closes the connection.
  body.once("error", (error) => { if (begun) outgoing?.destroy(error); });
  await sending.begin(range).catch((refusal: unknown) => { body.destroy(); throw refusal; });
  if (body.errored !== null) throw body.errored;
  begun = true;
  outgoing?.setTimeout(sending.stall_limit_s * 1000, () => outgoing.destroy());
  return body;
}

function lastlyAfter(made: Readable, beforeLast: () => Promise<void>): Readable {
  const held = new HoldBack(beforeLast);
  pipeline(made, held, () => { /* It destroys `held` too, for its reader. */ });
  return held;
}

/** Only for an answer that is the file: an error that came with its length or name would be taken for it. */
function headersOf({ filename, content_type, stored }: Download, range: ByteRange | undefined, cache_control: string): Record<string, string> {
  const common = { "content-type": content_type, "content-disposition": attachment(filename), "cache-control": cache_control };
  if (stored === null) return common;
  const about = { ...common, etag: etagOf(stored), "accept-ranges": "bytes" };
  if (range === undefined) return { ...about, "content-length": String(stored.size_bytes) };
  return { ...about, "content-length": String(range.end - range.start + 1), "content-range": `bytes ${range.start}-${range.end}/${stored.size_bytes}` };
}

function rangeOf(c: Ctx, stored: NonNullable<Download["stored"]>): ReturnType<typeof rangeFor> {
  return rangeFor({ range: c.req.header("range"), if_range: c.req.header("if-range") }, etagOf(stored), stored.size_bytes);
}

function etagOf(stored: NonNullable<Download["stored"]>): string {
  return `"${stored.sha256}"`;
}
