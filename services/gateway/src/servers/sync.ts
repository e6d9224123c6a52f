import { asSafebaseError, type Failure } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import type { Server } from "../catalog/schema.ts";
import { beginSync, findServer, lockServer, updateServer } from "../catalog/servers.ts";
import type { Db } from "../catalog/scope.ts";
import { announceDatabase } from "../databases/announce.ts";
import { viewDatabase } from "../databases/view.ts";
import { announceSchedule } from "../jobs/announce.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { missing } from "../jobs/missing.ts";
import { defaultStorages } from "../storages/named.ts";
import { announceServer } from "./announce.ts";
import { applyReport, type Applied } from "./apply.ts";
import { askForDatabases } from "./ask.ts";
import { getServer, type ServerDetails } from "./get.ts";
import { tellOfServer } from "./tell.ts";

export interface Following extends Core { readonly dispatcher: Pick<Dispatcher, "kick" | "schedulesChanged"> }

/** `by`: whoever asked for it; nobody when its time had come. `quiet`: new databases are no news to him who registers their server. */
interface SyncOptions { readonly by?: Actor; readonly quiet?: boolean }

/** Follows a server at once, for somebody who waits for it. */
export async function syncNow(deps: Following, actor: Actor, { id }: { readonly id: number }): Promise<ServerDetails> {
  if (await findServer(deps.db, id, actor.scope) === undefined) throw missing("server", id);
  await syncServer(deps, id, { by: actor });
  return getServer(deps, actor, { id });
}

/**
 * Asks a server which databases it has, and registers those that are new and wanted. What is gone from it stays
 * registered, and is marked. Why it could not be asked is recorded, and told once. Two at once, or two gateways, do no
 * harm: they follow one another at the server's row, and what was asked before what was applied last is dropped.
 */
export async function syncServer(deps: Following, id: number, { by, quiet = false }: SyncOptions): Promise<void> {
  const server = await beginSync(deps.db, id);
  if (server === undefined) return;
  try {
    const { databases } = await askForDatabases(deps, server.executor_group, server, { sizes: false });
    for (let added = 0; ;) {
      const applied = await deps.db.transaction().execute((tx) => applyReport(tx, deps, server, databases, { by, quiet, added }));
      if (applied === undefined) break;
      await announce(deps, applied);
      added += applied.added.length;
      if (!applied.more) break;
    }
  } catch (error) {
    await deps.db.transaction().execute((tx) => recordProblem(tx, deps, server, by, failureOf(deps, server, error)));
    deps.dispatcher.kick();
  }
  await announceServer(deps, server.user_id, id);
}

async function announce(deps: Following, { added, changed, schedule_ids, user_id }: Applied): Promise<void> {
  if (schedule_ids.length > 0) deps.dispatcher.schedulesChanged();
  else deps.dispatcher.kick();
  const default_storages = await defaultStorages(deps.db);
  for (const database of [...added, ...changed]) announceDatabase(deps, viewDatabase(database, default_storages));
  for (const id of schedule_ids) await announceSchedule(deps, user_id, id);
}

function failureOf(deps: Core, { id }: Server, error: unknown): Failure {
  const { code, message, hint } = asSafebaseError(error);
  if (code !== "internal") return { code, message, ...(hint === undefined ? {} : { hint }) };
  deps.log.error({ err: error, server_id: id }, "the databases of a server could not be followed");
  return { code, message: "something unexpected went wrong", hint: "see the log of gateway and executors" };
}

/** That no executor answers is told by those who watch executors. */
async function recordProblem(tx: Db, deps: Core, { id, sync_begun }: Server, by: Actor | undefined, problem: Failure): Promise<void> {
  const server = await lockServer(tx, id, "all");
  if (server === undefined || server.sync_applied > sync_begun) return;
  const at = deps.now().toISOString();
  const tells = problem.code !== "no_executor" && server.problem_told === 0;
  if (tells) await tellOfServer(tx, "server_sync_failed", server, at, { error: problem });
  await updateServer(tx, id, { sync_applied: sync_begun, synced_at: at, problem: JSON.stringify(problem), ...(tells ? { problem_told: 1 } : {}) });
  if (by !== undefined) await recordAudit(tx, { actor: by, action: "server.sync", object: { type: "server", id }, outcome: "failed", detail: { code: problem.code } });
}
