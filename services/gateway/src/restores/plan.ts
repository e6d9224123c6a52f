import { Contents, SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { backupAtWork } from "../catalog/jobs.ts";
import { copiesOf } from "../catalog/copies.ts";
import { findBackup } from "../catalog/backups.ts";
import { lastLoads } from "../catalog/restores.ts";
import type { Db } from "../catalog/scope.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { identitiesFor } from "../keys/identities.ts";
import { estimateOf } from "./estimate.ts";
import { lookAt, problemOf, type Found, type Problem } from "./look.ts";
import { findParts, refuseIfBusy, toOpen, type RestoreInput, type RestoreParts } from "./parts.ts";
import { warningsOfPlan, type Known } from "./plan-warnings.ts";

const LOADS_LOOKED_AT = 5;

/**
 * What a restore would do, without doing it. What could never be ordered is refused as the order would be; what stands
 * against it only now, or as it was asked for, is among the obstacles.
 */
export async function planRestore(deps: Core, actor: Actor, input: RestoreInput) {
  const { parts, known, obstacles } = await deps.db.transaction().execute(async (tx) => {
    const found = await findParts(tx, actor, input);
    return { parts: found, known: await gather(tx, actor, found), obstacles: [...await obstacle(() => refuseIfBusy(tx, found)), ...await obstacle(async () => identitiesFor(tx, deps.secrets, await toOpen(tx, found), input.identity))] };
  });
  const target = await lookAt(deps, parts.database, parts.db_name);
  await recordAudit(deps.db, { actor, action: "restore.plan", object: { type: "backup", id: parts.backup.id }, detail: { database_id: parts.database.id, db_name: parts.db_name } });
  const replaces = parts.in_place && target.exists !== false;
  const safety = safetyIn(parts, replaces);
  return {
    backup: sourceView(parts, known),
    target: targetView(parts, target),
    safety_backup: safety,
    way_back: !replaces ? "nothing_replaced" as const : safety === "taken" ? "safety_backup" as const : "none" as const,
    obstacles: [...obstacles, ...inTheWay(parts, target)],
    warnings: warningsOfPlan(parts, target, known, replaces && safety !== "taken"),
    estimate_ms: estimateOf(known.loads, parts.backup.raw_size_bytes),
    confirm: parts.db_name,
  };
}

async function gather(tx: Db, actor: Actor, { backup, database }: RestoreParts): Promise<Known & { readonly database_name: string }> {
  const row = await findBackup(tx, backup.id, actor.scope);
  return {
    database_name: row?.database_name ?? database.name,
    copies: await copiesOf(tx, [backup.id]),
    loads: await lastLoads(tx, backup.database_id, actor.scope, LOADS_LOOKED_AT),
    being_backed_up: await backupAtWork(tx, database),
  };
}

/** What was refused, as something to tell; what is no right input at all is refused for good. */
async function obstacle(check: () => Promise<unknown>): Promise<Problem[]> {
  try {
    await check();
    return [];
  } catch (error) {
    if (error instanceof SafebaseError && error.code === "bad_request") throw error;
    return [problemOf(error)];
  }
}

function inTheWay({ in_place, db_name, database }: RestoreParts, { exists, problem }: Found): Problem[] {
  if (problem !== null) return [problem];
  if (in_place || exists !== true) return [];
  return [{ code: "exists", message: `a database ${db_name} already exists at ${database.host}:${database.port}`, hint: "take another name; to replace it, register it and restore into it" }];
}

function safetyIn({ safety }: RestoreParts, replaces: boolean): "taken" | "waived" | "not_needed" {
  if (safety === "waived") return "waived";
  return replaces && safety !== "not_needed" ? "taken" : "not_needed";
}

function sourceView({ backup }: RestoreParts, { database_name }: { readonly database_name: string }) {
  const tables = backup.contents === null ? null : Contents.parse(JSON.parse(backup.contents)).tables;
  return {
    id: backup.id, database_id: backup.database_id, database_name, type: backup.type, created_at: backup.created_at,
    size: backup.size_bytes, raw_size: backup.raw_size_bytes, tables: tables?.length ?? null, rows: tables?.reduce((sum, { rows }) => sum + rows, 0) ?? null,
    rows_exact: tables?.every(({ exact }) => exact) ?? false, server: backup.server, tool: backup.tool, verified_at: backup.verified_at,
  };
}

function targetView({ database, db_name, in_place }: RestoreParts, { exists, server, size_bytes, tables, connections }: Found) {
  return { database_id: database.id, database_name: database.name, host: database.host, port: database.port, db_name, in_place, exists, server, size_bytes, tables, connections };
}
