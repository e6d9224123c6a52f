import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { SafebaseError } from "@safebase/contracts";
import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { throwIfAborted } from "../abort.ts";
import { discard } from "../common.ts";
import { assertKey } from "../keys.ts";
import type { Lookup } from "../reach.ts";
import type { Cancelable, ObjectEntry, ObjectStat, Range, Storage } from "../storage.ts";
import { Checksums } from "./checksums.ts";
import { s3Client } from "./client.ts";
import type { S3Config } from "./config.ts";
import { faultOf } from "./errors.ts";
import { listObjects, sweepUploads } from "./list.ts";
import { look } from "./look.ts";
import type { ServerKnowledge, Target } from "./publish.ts";
import { read } from "./read.ts";
import { Requests } from "./requests.ts";
import { upload } from "./upload.ts";

const PATH_MAX_BYTES = 1024;
/** R2 takes no parts of different sizes; these make objects of up to 625 GiB. */
const R2_PART_MIB = 64;

/** Opens a bucket as a storage. Nothing is asked of the server before the first operation. */
export function openS3(config: S3Config, { spool_dir = tmpdir(), lookup }: { spool_dir?: string | undefined; lookup?: Lookup | undefined } = {}): Storage {
  const wants_equal_parts = /\.r2\.cloudflarestorage\.com$/i.test(config.endpoint ?? "");
  return new S3Storage(wants_equal_parts ? { part_size_mib: R2_PART_MIB, ...config } : config, spool_dir, lookup);
}

/** Objects of an S3-compatible server below a prefix of a bucket; what is being written is an upload in parts until it is complete. */
class S3Storage implements Storage {
  readonly id: string;
  readonly #config: S3Config;
  readonly #root: string;
  readonly #spool_dir: string;
  readonly #requests: Requests;
  readonly #reads: Requests;
  readonly #checksums = new Checksums();
  readonly #uploads = { count: 0 };
  readonly #server: ServerKnowledge = { conditional: true, bucket_seen: false };

  constructor(config: S3Config, spool_dir: string, lookup: Lookup | undefined) {
    this.id = config.id;
    this.#config = config;
    this.#root = config.prefix === "" ? "" : `${config.prefix}/`;
    this.#spool_dir = spool_dir;
    this.#requests = new Requests(config, s3Client(config, { lookup }));
    this.#reads = new Requests(config, s3Client(config, { lookup, silence_allowed: true }));
  }

  async put(key: string, source: Readable | AsyncIterable<Uint8Array>, { signal }: Cancelable = {}): Promise<{ size_bytes: number }> {
    const stream = source instanceof Readable ? source : Readable.from(source);
    try {
      const target = this.#target(key, `cannot write ${key}`);
      throwIfAborted(signal);
      return { size_bytes: await upload({ ...target, checksums: this.#checksums, spool_dir: this.#spool_dir, uploads: this.#uploads }, stream, signal) };
    } catch (error) {
      discard(stream);
      throw error;
    }
  }

  async get(key: string, options: Range & Cancelable = {}): Promise<Readable> {
    const target = this.#target(key, `cannot read ${key}`, this.#reads);
    throwIfAborted(options.signal);
    return read(target, options);
  }

  async stat(key: string): Promise<ObjectStat | undefined> {
    const found = await look(this.#target(key, `cannot look at ${key}`));
    return found && { size_bytes: found.ContentLength ?? 0, modified_at: found.LastModified ?? new Date(0) };
  }

  list(prefix: string): AsyncIterable<ObjectEntry> {
    return listObjects(this.#requests, this.#root, prefix);
  }

  async delete(key: string): Promise<void> {
    const { path, what } = this.#target(key, `cannot delete ${key}`);
    try {
      await this.#requests.send(what, new DeleteObjectCommand({ Bucket: this.#config.bucket, Key: path }));
    } catch (error) {
      if (faultOf(error)?.code !== "NoSuchKey") throw error;
    }
  }

  async space(): Promise<undefined> {
    return undefined;
  }

  async sweepTemps(older_than_ms: number): Promise<string[]> {
    return sweepUploads(this.#requests, this.#root, older_than_ms);
  }

  #target(key: string, what: string, requests: Requests = this.#requests): Target {
    assertKey(key);
    const path = this.#root + key;
    if (Buffer.byteLength(path) > PATH_MAX_BYTES) {
      throw new SafebaseError("bad_request", `not a storage key: with the prefix it is longer than ${PATH_MAX_BYTES} bytes`, { hint: "take a shorter `prefix`" });
    }
    return { requests, config: this.#config, key, path, what, server: this.#server };
  }
}
