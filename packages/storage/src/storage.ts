import type { Readable } from "node:stream";

/**
 * A place where objects lie under keys: the whole contract that a backend keeps and a caller may rely on.
 *
 * Keys are relative paths with `/` between segments (see keys.ts); every method refuses another key with
 * `bad_request` before it touches anything.
 *
 * Objects are written once. `put` is exclusive: the first of two wins, the second fails with `exists` and leaves
 * the object as it was. Nothing is ever overwritten, so whoever read an object may keep what it learnt. Some servers
 * offer nothing to that end (S3 without If-None-Match, SFTP without hard links whose rename overwrites): there `put`
 * looks first, and of two that end in the same moment the later one may win.
 *
 * What returned is durable: a `put` that resolved survives a power failure, as far as the server keeps its word. What
 * did not resolve left nothing that `get`, `stat` or `list` would show, unless the server was lost in the moment of
 * publication: then the whole object may be there. A killed process may leave a temporary, which `sweepTemps` removes.
 *
 * What may be repeated: everything. `delete` of a missing key succeeds. `put` is repeated with a fresh source, for a
 * source is read once; after an unclear failure (`storage_failed`), `exists` may mean that the first try arrived:
 * compare with `stat`.
 *
 * Errors are SafebaseErrors. Permanent: `bad_request`, `exists`, `artifact_missing`, `storage_refused` (reached, but
 * never to work as it is configured: keys, bucket, host key, permissions; the sentence says what to do), and
 * `storage_full` until somebody makes room. Worth a retry: `storage_failed`, and nothing else. An abort rejects with the signal's reason
 * when that is a SafebaseError, else with `canceled`. An error of the source is passed on as it is.
 *
 * Backends neither retry nor limit, log or measure: decorators of this interface do. One exception: a single request
 * of a `put` whose bytes are still held may be repeated within it, for nobody else can (its source is read once).
 */
export interface Storage {
  /** The id under which the storage is registered; it appears in messages, so it is no secret. */
  readonly id: string;

  /**
   * Stores everything that the source yields. Takes the source over: on failure or abort it is destroyed.
   * The source must yield bytes; an empty source makes an empty object.
   */
  put(key: string, source: Readable | AsyncIterable<Uint8Array>, options?: Cancelable): Promise<{ size_bytes: number }>;

  /**
   * The bytes of an object, or a range of them. A missing key rejects with `artifact_missing`. A range that reaches
   * past the end gives what is there, perhaps nothing. The caller reads the stream to its end or destroys it.
   */
  get(key: string, options?: Range & Cancelable): Promise<Readable>;

  /** Size and time of an object; undefined when there is none. */
  stat(key: string): Promise<ObjectStat | undefined>;

  /**
   * Every object whose key starts with the prefix (any string, not only a folder; "" for all), in the byte order of
   * the keys in UTF-8. Objects that come or go meanwhile may or may not appear. Temporaries never do.
   */
  list(prefix: string): AsyncIterable<ObjectEntry>;

  /** Removes an object; a missing one is success. */
  delete(key: string): Promise<void>;

  /** Room in the storage; undefined where it cannot be known. */
  space(): Promise<{ free_bytes: number; total_bytes: number } | undefined>;

  /** Removes what interrupted puts left, if nothing was written to it for that long; answers what it removed. */
  sweepTemps(older_than_ms: number): Promise<string[]>;
}

export type Cancelable = { signal?: AbortSignal | undefined };
export type Range = { offset?: number | undefined; length?: number | undefined };
export type ObjectStat = { size_bytes: number; modified_at: Date };
export type ObjectEntry = ObjectStat & { key: string };
