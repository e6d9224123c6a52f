import type { Backup, Database } from "../../api/types.ts";

export const STEPS = ["database", "storage", "schedule", "alerts", "backup"] as const;
export type Step = (typeof STEPS)[number];

/** What there is already, as far as the path asks for it. */
export interface There { readonly database: Pick<Database, "storages"> | undefined; readonly schedules: number; readonly channels: number; readonly completed: Pick<Backup, "id"> | undefined }

export type Done = Readonly<Record<Step, boolean>>;

/** Which steps have been gone: told by what they left behind. */
export function doneOf({ database, schedules, channels, completed }: There): Done {
  return { database: database !== undefined, storage: (database?.storages ?? null) !== null, schedule: schedules > 0, alerts: channels > 0, backup: completed !== undefined };
}

/** Where to go on: behind the last step that was gone, for what lies before it was left out knowingly. "end": all is gone through. */
export function reachedOf(done: Done): Step | "end" {
  if (!done.database) return "database";
  return STEPS[STEPS.findLastIndex((step) => done[step]) + 1] ?? "end";
}

/** The next step that is not gone yet. */
export function nextOf(step: Step, done: Done): Step | "end" {
  return STEPS.slice(STEPS.indexOf(step) + 1).find((each) => !done[each]) ?? "end";
}

/** What the address asks for, where it can be shown: nothing goes without a database. */
export function shownOf(asked: unknown, done: Done): Step | "end" {
  const step = [...STEPS, "end" as const].find((each) => each === asked);
  return !done.database || step === undefined ? reachedOf(done) : step;
}
