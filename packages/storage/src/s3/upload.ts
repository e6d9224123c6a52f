import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, PutObjectCommand, UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { CompletedPart, PutObjectCommandInput } from "@aws-sdk/client-s3";
import { SafebaseError } from "@safebase/contracts";
import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { destroyOnAbort } from "../common.ts";
import { PATIENT, repeat } from "../repeat.ts";
import type { Checksums } from "./checksums.ts";
import { Cutter } from "./parts.ts";
import type { Part } from "./parts.ts";
import { PARTS_MAX, planPart } from "./plan.ts";
import { confirm, OWN_MARK, publish, refuseTaken } from "./publish.ts";
import type { Target } from "./publish.ts";
import { uploadOptions } from "./options.ts";

export type Upload = Target & { checksums: Checksums; spool_dir: string; /** Of this storage, at work now. */ uploads: { count: number } };

/**
 * Stores a stream as one object. One that fits into a part is one request; a longer one is sent in parts, several at
 * a time, while it is being read. A request whose bytes are still held is repeated; the source is read once.
 */
export async function upload(target: Upload, source: Readable, signal: AbortSignal | undefined): Promise<number> {
  const forget = destroyOnAbort(source, signal);
  target.uploads.count++;
  try {
    const cutter = new Cutter(source, target.spool_dir);
    const first = await cutter.next(planPart(1, target.config.part_size_mib));
    if (!first.last) return await new Multipart(target, source, cutter, signal).run(first);
    try {
      await putWhole(target, first, signal);
    } finally {
      await first.release();
    }
    return first.size_bytes;
  } finally {
    target.uploads.count--;
    forget();
  }
}

/** The fields of a request that are ours and the configuration's. */
function objectFields(target: Upload, mark: string): Omit<PutObjectCommandInput, "Body"> {
  return { Bucket: target.config.bucket, Key: target.path, Metadata: { [OWN_MARK]: mark }, ...uploadOptions(target.config) };
}

async function putWhole(target: Upload, part: Part, signal: AbortSignal | undefined): Promise<void> {
  const mark = randomUUID();
  await publish(target, { mark, size_bytes: part.size_bytes }, signal, async (condition) => {
    await withChecksum(target.checksums, async () => {
      const answer = await target.requests.send(target.what, new PutObjectCommand({
        ...objectFields(target, mark), ...await target.checksums.fields(part), ...condition, Body: part.body(), ContentLength: part.size_bytes,
      }), signal);
      await target.checksums.compare(part, answer, target.what);
    });
  });
}

/** Sends it, and once more in the other way when the server does not know the checksum. */
async function withChecksum<T>(checksums: Checksums, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!checksums.fallsBack(error)) throw error;
    return send();
  }
}

class Multipart {
  readonly #target: Upload;
  readonly #source: Readable;
  readonly #cutter: Cutter;
  readonly #signal: AbortSignal | undefined;
  /** Ends the other parts when one fails. */
  readonly #failing = new AbortController();
  readonly #under_way = new Set<Promise<void>>();
  readonly #done: CompletedPart[] = [];
  readonly #mark = randomUUID();
  #size_bytes = 0;
  #upload_id = "";

  constructor(target: Upload, source: Readable, cutter: Cutter, signal: AbortSignal | undefined) {
    this.#target = target;
    this.#source = source;
    this.#cutter = cutter;
    this.#signal = signal;
  }

  async run(first: Part): Promise<number> {
    try {
      await this.#begin();
      await this.#sendAll(first);
      await this.#complete();
      return this.#size_bytes;
    } catch (error) {
      this.#fail(error);
      await Promise.allSettled(this.#under_way);
      await this.#abort();
      throw this.#failing.signal.reason;
    }
  }

  get #both(): AbortSignal {
    const { signal } = this.#failing;
    return this.#signal ? AbortSignal.any([signal, this.#signal]) : signal;
  }

  async #begin(): Promise<void> {
    const { requests, checksums, what } = this.#target;
    const begin = () => withChecksum(checksums, () => requests.send(what, new CreateMultipartUploadCommand({
      ...objectFields(this.#target, this.#mark), ...(checksums.kind === "sha256" ? { ChecksumAlgorithm: "SHA256" } : {}),
    }), this.#signal));
    const { UploadId } = await repeat(PATIENT, async () => { await refuseTaken(this.#target, this.#signal); return begin(); }, { signal: this.#signal });
    if (UploadId === undefined) throw new SafebaseError("storage_refused", `${what}: the storage began no upload in parts; is it an S3 server?`);
    this.#upload_id = UploadId;
  }

  async #sendAll(first: Part): Promise<void> {
    for (let part = first; ; part = await this.#cutter.next(planPart(part.number + 1, this.#target.config.part_size_mib))) {
      if (part.size_bytes > 0) await this.#launch(part);
      else await part.release();
      if (part.last) break;
      if (part.number >= PARTS_MAX) throw this.#tooLarge();
    }
    await Promise.all(this.#under_way);
  }

  /** Returns when there is room for the next part. A failure of any part ends the source, and so the loop that reads it. */
  async #launch(part: Part): Promise<void> {
    this.#size_bytes += part.size_bytes;
    const sending = this.#sendAndRelease(part).finally(() => this.#under_way.delete(sending));
    sending.catch(() => {}); // told through #failing
    this.#under_way.add(sending);
    const parallel = (): number => planPart(part.number + 1, this.#target.config.part_size_mib, this.#target.uploads.count).parallel;
    while (this.#under_way.size > parallel()) await Promise.race(this.#under_way);
  }

  async #sendAndRelease(part: Part): Promise<void> {
    try {
      await this.#send(part);
    } catch (error) {
      this.#fail(error);
      throw error;
    } finally {
      await part.release();
    }
  }

  async #send(part: Part): Promise<void> {
    const { requests, checksums, what, config, path } = this.#target;
    const signal = this.#both;
    const send = async (): Promise<CompletedPart> => {
      const answer = await requests.send(what, new UploadPartCommand({
        Bucket: config.bucket, Key: path, UploadId: this.#upload_id, PartNumber: part.number, ContentLength: part.size_bytes, Body: part.body(),
        ...await checksums.fields(part),
      }), signal);
      await checksums.compare(part, answer, what);
      const checksum = answer.ChecksumSHA256;
      return { PartNumber: part.number, ETag: answer.ETag, ...(checksum === undefined ? {} : { ChecksumSHA256: checksum }) };
    };
    this.#done.push(await repeat(PATIENT, () => withChecksum(checksums, send), { signal }));
  }

  async #complete(): Promise<void> {
    const { requests, what, config, path } = this.#target;
    const Parts = this.#done.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
    const whole = { mark: this.#mark, size_bytes: this.#size_bytes };
    await publish(this.#target, whole, this.#signal, async (condition) => {
      await requests.send(what, new CompleteMultipartUploadCommand({
        Bucket: config.bucket, Key: path, UploadId: this.#upload_id, MultipartUpload: { Parts }, ...condition,
      }), this.#signal);
      await confirm(this.#target, whole, this.#signal);
    });
  }

  #fail(error: unknown): void {
    if (this.#failing.signal.aborted) return;
    this.#failing.abort(error);
    this.#source.destroy(error as Error);
  }

  /** Frees what the server holds. When that fails too, the sweep finds it. */
  async #abort(): Promise<void> {
    const { requests, what, config, path } = this.#target;
    if (this.#upload_id === "") return;
    const abort = () => requests.send(what, new AbortMultipartUploadCommand({ Bucket: config.bucket, Key: path, UploadId: this.#upload_id }));
    await repeat({ ...PATIENT, attempts: 2 }, abort).catch(() => {}); // the first failure is the one to report
  }

  #tooLarge(): SafebaseError {
    return new SafebaseError("storage_refused", `${this.#target.what}: it is larger than ${PARTS_MAX} parts`, { hint: "raise `part_size_mib`, or leave it out so that parts grow" });
  }
}
