import { randomUUID } from "node:crypto";
import { noticeOf, subjects, type Notice, type UiEvent } from "@safebase/contracts";
import {
  changeObjectiveState, insertMissingObjectives, objectivesToJudge, scheduleTimes, type ObjectiveFilter, type ObjectiveRow, type ScheduleTimes,
} from "../catalog/objectives.ts";
import type { ObjectiveState } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import type { Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { tell } from "../notifications/tell.ts";
import { elapsed_s, judge, noticeKindOf } from "./judge.ts";
import { limitOf, type Limit } from "./limit.ts";
import { objectiveView } from "./view.ts";

/** Changes that share a transaction: when everything falls silent at once, thousands come together. */
const BATCH = 100;
/** Judged in one go, before others get their turn. */
const SLICE = 200;

interface Change {
  readonly objective: ObjectiveRow;
  readonly schedules: readonly ScheduleTimes[];
  readonly limit: Limit | undefined;
  readonly state: ObjectiveState;
}

/**
 * Judges the objectives of one database, or of all, and tells what has changed: once, however many gateways do it at
 * the same time. Needs the catalog alone, so that it also notices that scheduler, executors or NATS are gone.
 */
export async function checkObjectives(
  core: Core, dispatcher: Pick<Dispatcher, "kick">, filter: Pick<ObjectiveFilter, "database_id"> = {},
): Promise<void> {
  const now = core.now();
  if (filter.database_id === undefined) await insertMissingObjectives(core.db, now.toISOString());
  const changes = await findChanges(core.db, filter, now);
  for (let done = 0; done < changes.length; done += BATCH) {
    const changed = await core.db.transaction().execute((tx) => applyChanges(tx, changes.slice(done, done + BATCH), now));
    dispatcher.kick();
    for (const change of changed) announce(core, change, now);
  }
}

async function findChanges(db: Db, filter: ObjectiveFilter, now: Date): Promise<Change[]> {
  const objectives = await objectivesToJudge(db, filter);
  const times = await scheduleTimes(db, filter.database_id === undefined ? undefined : [filter.database_id]);
  const byDatabase = Map.groupBy(times, ({ database_id }) => database_id);
  const changes: Change[] = [];
  for (const [index, objective] of objectives.entries()) {
    if (index % SLICE === SLICE - 1) await new Promise((resolve) => { setImmediate(resolve); });
    const schedules = byDatabase.get(objective.database_id) ?? [];
    const limit = limitOf(objective, schedules, now);
    const state = judge(objective.state, objective.newest_at, limit, now);
    if (state !== objective.state) changes.push({ objective, schedules, limit, state });
  }
  return changes;
}

/** The changes that nobody else has made in the meantime. */
async function applyChanges(tx: Db, changes: readonly Change[], now: Date): Promise<Change[]> {
  const changed: Change[] = [];
  for (const change of changes) {
    if (!await changeObjectiveState(tx, change.objective, change.state, now.toISOString())) continue;
    const notice = noticeOfChange(change, now);
    if (notice !== undefined) await tell(tx, notice);
    changed.push(change);
  }
  return changed;
}

function noticeOfChange({ objective, limit, state }: Change, now: Date): Notice | undefined {
  const kind = noticeKindOf(objective.state, state);
  if (kind === undefined || limit === undefined) return undefined;
  const { user_id, user_email, database_id, database_name, database_type, newest_at } = objective;
  return noticeOf(kind, randomUUID(), now.toISOString(), {
    user_id, user_email, database: { id: database_id, name: database_name, type: database_type },
    objective: { kind: objective.kind, limit_s: limit.limit_s, age_s: newest_at === null ? null : elapsed_s(newest_at, now) },
  });
}

/** Shows browsers how an objective stands. After the commit. */
function announce(core: Pick<Core, "bus">, { objective, schedules, state }: Change, now: Date): void {
  const row = { ...objective, state, state_since: now.toISOString() };
  const event: UiEvent = { user_id: row.user_id, event: "objective", data: { ...objectiveView(row, schedules, now) } };
  core.bus.broadcast(subjects.ui, event);
}
