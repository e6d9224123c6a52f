import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { SafebaseError } from "@safebase/contracts";
import { Readable } from "node:stream";
import { abortError } from "../abort.ts";
import { discard, missing } from "../common.ts";
import type { Cancelable, Range } from "../storage.ts";
import { faultOf, s3Error } from "./errors.ts";
import { look, notAnObject } from "./look.ts";
import type { Target } from "./publish.ts";

/** Opens an object, or a range of it, for reading. */
export async function read(target: Target, { offset = 0, length = Infinity, signal }: Range & Cancelable): Promise<Readable> {
  if (length <= 0) {
    if (!await look(target, signal)) throw missing(target.key);
    return Readable.from([]);
  }
  const ranged = offset > 0 || length !== Infinity;
  const answer = await open(target, ranged ? `bytes=${offset}-${length === Infinity ? "" : offset + length - 1}` : undefined, signal);
  if (answer === undefined) return Readable.from([]);
  if (answer.ETag === undefined) {
    discard(answer.Body as Readable);
    throw notAnObject(target);
  }
  return new S3Reader(target, answer, offset, length, signal);
}

/** Undefined when the range lies behind the end. A server that keeps silent before it answers is not waited for. */
async function open(target: Target, range: string | undefined, signal: AbortSignal | undefined): Promise<GetObjectCommandOutput | undefined> {
  const { requests, config, path, what, key } = target;
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(silence(target)), config.timeout_s * 1000);
  try {
    const either = signal ? AbortSignal.any([signal, silent.signal]) : silent.signal;
    return await requests.send(what, new GetObjectCommand({ Bucket: config.bucket, Key: path, ...(range ? { Range: range } : {}) }), either);
  } catch (error) {
    const fault = faultOf(error);
    if (fault?.status === 416) return undefined;
    if (fault?.code === "NoSuchKey") throw missing(key, fault);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function silence({ config, what }: Target): SafebaseError {
  return new SafebaseError("storage_failed", `${what}: the storage has sent nothing for ${config.timeout_s} seconds`);
}

/** The bytes of an answer, which must be as many as it announced. Only the time that we wait counts as the server's silence. */
class S3Reader extends Readable {
  readonly #target: Target;
  readonly #body: Readable;
  readonly #announced_bytes: number;
  readonly #forget: () => void;
  #skip_bytes: number;
  #left_bytes: number;
  #received_bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(target: Target, answer: GetObjectCommandOutput, offset: number, length: number, signal: AbortSignal | undefined) {
    super();
    this.#target = target;
    this.#body = answer.Body as Readable;
    this.#announced_bytes = answer.ContentLength ?? -1;
    this.#skip_bytes = answer.ContentRange === undefined ? offset : 0; // a server that knows no ranges sends all
    this.#left_bytes = length;
    this.#forget = this.#listen(signal);
  }

  #listen(signal: AbortSignal | undefined): () => void {
    const body = this.#body;
    body.on("data", (chunk: Buffer) => this.#take(chunk));
    body.once("end", () => this.#end());
    body.on("error", (error) => this.destroy(s3Error(this.#target.config, this.#target.what, error)));
    body.once("close", () => { if (!body.readableEnded) this.destroy(s3Error(this.#target.config, this.#target.what, CUT)); });
    body.pause();
    const abort = (): void => { this.destroy(abortError(signal as AbortSignal)); };
    signal?.addEventListener("abort", abort, { once: true });
    return () => signal?.removeEventListener("abort", abort);
  }

  #take(chunk: Buffer): void {
    clearTimeout(this.#timer);
    this.#received_bytes += chunk.length;
    const wanted = chunk.subarray(this.#skip_bytes, this.#skip_bytes + this.#left_bytes);
    this.#skip_bytes = Math.max(0, this.#skip_bytes - chunk.length);
    this.#left_bytes -= wanted.length;
    if (wanted.length > 0 && !this.push(wanted)) this.#body.pause();
    else this.#wait();
  }

  #end(): void {
    clearTimeout(this.#timer);
    if (this.#announced_bytes >= 0 && this.#received_bytes !== this.#announced_bytes) {
      this.destroy(new SafebaseError("storage_failed", `${this.#target.what}: the storage sent ${this.#received_bytes} of ${this.#announced_bytes} bytes`));
    } else this.push(null);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.destroy(silence(this.#target)), this.#target.config.timeout_s * 1000);
  }

  override _read(): void {
    this.#wait();
    this.#body.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#forget();
    this.#body.destroy();
    done(error);
  }
}

const CUT = Object.assign(new Error("the connection was cut"), { code: "ECONNRESET" });
