import type { Storage } from "../storage.ts";
import { observed } from "./observe.ts";

/** What pino offers of itself. */
export type StorageLog = { debug(fields: object, message: string): void; warn(fields: object, message: string): void };

/** What a caller asks in order to learn it is no trouble. */
const ANSWERS = new Set(["ok", "artifact_missing", "exists", "canceled"]);

/** The storage, which logs what it does; what failed stands out. */
export function withLog(storage: Storage, log: StorageLog): Storage {
  return observed(storage, ({ error, elapsed_ms, ...event }) => {
    const fields = { ...event, elapsed_ms: Math.round(elapsed_ms) };
    if (ANSWERS.has(event.outcome)) log.debug(fields, `storage ${event.operation}`);
    else log.warn({ ...fields, error: error instanceof Error ? error.message : String(error) }, `storage ${event.operation} failed`);
  });
}
