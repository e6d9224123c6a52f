import type { MemoryPeak } from "./memory.ts";

/** Whose way it is: what one would type, ours, or what another tool does, done again by us with that tool's programs. */
export type Role = "bare" | "safebase" | "replica";

/** One way to do the work. */
export interface Variant {
  readonly name: string;
  readonly role: Role;
  /** The variant of the same rounds that its time is divided by, and the ratio that it should not exceed. */
  readonly against?: { readonly name: string; readonly at_most?: number };
  readonly run: () => Promise<Run>;
}

/** What one run of it gave. */
export interface Run {
  /** By the wall clock, around all of it. */
  readonly elapsed_ms: number;
  /** The same with `sync file` behind it. */
  readonly synced_ms?: number;
  /** From started_at to finished_at, as the API tells it. */
  readonly inner_ms?: number;
  readonly size_bytes?: number;
  readonly raw_size_bytes?: number | null;
  readonly memory?: MemoryPeak;
}

/** All runs of a variant, in the order of the rounds: the nth of one ran beside the nth of the others. */
export interface Series extends Omit<Variant, "run"> { readonly runs: readonly Run[] }

/** SafeBase's way, beside the variant that it should not be slower than by more than that. */
export function safebase(name: string, against: Variant, at_most: number | undefined, run: Variant["run"]): Variant {
  return { name, role: "safebase", against: { name: against.name, ...at_most === undefined ? {} : { at_most } }, run };
}

/** The goals: the time of a job over that of the bare pipeline. */
export const ONE_STREAM_MAX = 1.05;
export const ENCRYPTED_MAX = 1.1;
