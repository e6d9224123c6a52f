import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "../client.ts";

/** A backup or restore as the API shows it, as far as the bench looks. */
export interface Job {
  readonly id: number;
  readonly status: string;
  readonly error_msg: string | null;
  readonly started_at: string;
  readonly finished_at: string;
  readonly size?: number;
  readonly raw_size?: number | null;
}

/** How often the end of a job is asked for: what the wall clock may show too much. */
const POLL_MS = 20;

/** Backs a database up and waits for the end. */
export async function backUp(client: Client, database_id: number, signal: AbortSignal): Promise<Job> {
  const { id } = await client.backUp(database_id);
  return completed(client, "backup", id, signal);
}

/** Restores under a new name and waits for the end. */
export async function restore(client: Client, backup_id: number, db_name: string, signal: AbortSignal): Promise<Job> {
  const { id } = await client.restore(backup_id, db_name, { target: { db_name } });
  return completed(client, "restore", id, signal);
}

async function completed(client: Client, kind: "backup" | "restore", id: number, signal: AbortSignal): Promise<Job> {
  for (;;) {
    const job = (await client.call<Record<typeof kind, Job>>("GET", `/api/${kind}s/${id}`))[kind];
    if (job.status === "completed") return job;
    if (!["pending", "running"].includes(job.status)) throw new Error(`the ${kind} ended as ${job.status}: ${job.error_msg}`);
    await wait(POLL_MS, undefined, { signal });
  }
}
