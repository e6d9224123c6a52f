import { z } from "zod";
import { Failure } from "./events.ts";
import { StorageRef } from "./storages.ts";

/** Asked of one executor of a group: which storages to look at. */
export const StorageReportRequest = z.object({ storages: z.array(StorageRef) });
export type StorageReportRequest = z.infer<typeof StorageReportRequest>;

/** What it answers. `free_bytes` and `total_bytes` are null where a storage has no end; of one that takes its time nothing is said. */
export const StorageReport = z.object({
  storages: z.array(z.object({
    storage: z.string(), used_bytes: z.number(), free_bytes: z.number().nullable(), total_bytes: z.number().nullable(),
  })),
  /** Those that cannot be reached, or not be listed. */
  problems: z.array(z.object({ storage: z.string(), failure: Failure })).default([]),
  at: z.iso.datetime(),
});
export type StorageReport = z.infer<typeof StorageReport>;

/** Told to every executor of a group: what interrupted jobs left in these storages goes. */
export const SweepOrder = z.object({ group: z.string(), storages: z.array(StorageRef) });
export type SweepOrder = z.infer<typeof SweepOrder>;

/** Asked of one executor of a group, which writes a small object, reads it back, lists and deletes it. */
export const StorageTestRequest = z.object({ storage: StorageRef });
export type StorageTestRequest = z.infer<typeof StorageTestRequest>;

/** The steps up to the first that failed, and why it did. */
export const StorageTestReply = z.object({
  steps: z.array(z.object({ step: z.enum(["write", "read", "list", "delete"]), ok: z.boolean(), elapsed_ms: z.number(), note: z.string().optional() })),
  elapsed_ms: z.number(),
  failure: Failure.nullable(),
});
export type StorageTestReply = z.infer<typeof StorageTestReply>;
