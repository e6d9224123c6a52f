import { ProbeReply, SafebaseError, subjects, type ErrorCode, type ProbeRequest, type ProbeReport, type SealedConnection } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { askExecutor, type AskDeps } from "../executors/ask.ts";
import { requireGroup } from "../executors/groups/require.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { requireDatabase } from "./find.ts";
import { plainConnection, sealConnection, type ConnectionInput } from "./input.ts";

const PROBE_TIMEOUT_MS = 30_000;

/** What an executor found: the server's answer, or why there is none. */
export type TestResult = ({ ok: true } & ProbeReport) | { ok: false; error: string; code: ErrorCode; hint?: string | undefined };

/** Tests a connection that is not registered. */
export async function testConnection(deps: Core, actor: Actor, { executor_group = deps.config.executor_group, ...input }: ConnectionInput & { readonly executor_group?: string | undefined }): Promise<TestResult> {
  await requireGroup(deps.db, deps.config, actor, executor_group);
  return probe(deps, actor, executor_group, sealConnection(deps.secrets, plainConnection(input)));
}

/** Tests a registered database. */
export async function testDatabase(deps: Core, actor: Actor, input: { readonly id: number }): Promise<TestResult> {
  const { type, host, port, username, password_sealed, db_name, ssl_mode, ssl_ca, executor_group, id } = await requireDatabase(deps, actor, input.id);
  return probe(deps, actor, executor_group, { type, host, port, username, password_sealed, db_name, ssl_mode, ssl_ca }, id);
}

/** Has an executor of that group look at a database. */
export async function askProbe(deps: AskDeps, group: string, connection: SealedConnection): Promise<ProbeReply> {
  const request: ProbeRequest = { connection };
  const reply = ProbeReply.safeParse(await askExecutor(deps, subjects.probe, group, request, PROBE_TIMEOUT_MS));
  if (!reply.success) throw new SafebaseError("internal", "an executor's answer to a probe was not understood", { cause: reply.error });
  return reply.data;
}

async function probe(deps: Core, actor: Actor, group: string, connection: SealedConnection, id?: number): Promise<TestResult> {
  const reply = await askProbe(deps, group, connection);
  await recordAudit(deps.db, {
    actor, action: "database.test", object: id === undefined ? undefined : { type: "database", id }, outcome: reply.ok ? "ok" : "failed",
    detail: { type: connection.type, host: connection.host, port: connection.port, ...(reply.ok ? {} : { code: reply.failure.code }) },
  });
  if (reply.ok) return { ok: true, ...reply.report };
  const { message, code, hint } = reply.failure;
  if (code === "internal") throw new SafebaseError("internal", message);
  return { ok: false, error: message, code, ...(hint === undefined ? {} : { hint }) };
}
