import { setTimeout as wait } from "node:timers/promises";
import type { Client, Json } from "../client.ts";
import { listen, type Heard } from "../e2e/events.ts";

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

/** How often what was heard is looked at: without a system call, so that watching costs the job nothing. */
const LOOK_MS = 5;
/** Longer than any job takes; a system that has stopped working ends the bench, too. */
const JOB_LIMIT_MS = 3_600_000;
const FINAL = new Set(["completed", "failed", "canceled"]);

/** Backs a database up and waits for the end. */
export async function backUp(client: Client, database_id: number, order: Json, signal: AbortSignal): Promise<Job> {
  return ended(client, "backup", signal, () => client.backUp(database_id, order));
}

/** Restores under a new name and waits for the end. */
export async function restore(client: Client, backup_id: number, db_name: string, signal: AbortSignal): Promise<Job> {
  return ended(client, "restore", signal, () => client.restore(backup_id, db_name, { target: { db_name } }));
}

/** Starts a job and hears of its end, as the web does: asking for it all the time would take the cores from the job. */
async function ended(client: Client, kind: "backup" | "restore", signal: AbortSignal, start: () => Promise<{ id: number }>): Promise<Job> {
  await using stream = await listen(client);
  const { id } = await start();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(JOB_LIMIT_MS)]);
  const isEnd = ({ event, data }: Heard): boolean => event === kind && data["id"] === id && FINAL.has(String(data["status"]));
  while (!stream.heard.some(isEnd)) await wait(LOOK_MS, undefined, { signal: limit });
  const job = (await client.call<Record<typeof kind, Job>>("GET", `/api/${kind}s/${id}`))[kind];
  if (job.status !== "completed") throw new Error(`the ${kind} ended as ${job.status}: ${job.error_msg}`);
  return job;
}
