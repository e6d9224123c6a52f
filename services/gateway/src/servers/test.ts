import { asSafebaseError, type ErrorCode, type ServerReport } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { findServer, registeredOtherwise } from "../catalog/servers.ts";
import { isUsableDbName, sealConnection } from "../databases/input.ts";
import { requireGroup } from "../executors/groups/require.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { askForDatabases, type SealedServer } from "./ask.ts";
import { chooser, type LeftBecause } from "./choose.ts";
import { plainServerOf, type ServerConnection } from "./connection.ts";
import { listOf, patternsColumn } from "./settings.ts";

export type TestServerInput = ServerConnection & { readonly include?: readonly string[] | undefined; readonly exclude?: readonly string[] | undefined; readonly executor_group?: string | undefined };

/** What there is on the server, or why that cannot be said. */
export type ServerTestResult =
  | { ok: true; server: string; server_version: string; databases: { name: string; size_bytes: number | null; taken: boolean; left_because: LeftBecause | null }[] }
  | { ok: false; error: string; code: ErrorCode; hint?: string | undefined };

/** Says which databases are there and which would be registered; changes nothing. */
export async function testServer(deps: Core, actor: Actor, input: TestServerInput): Promise<ServerTestResult> {
  const { include = ["*"], exclude = [], executor_group = deps.config.executor_group } = input;
  await requireGroup(deps.db, deps.config, actor, executor_group);
  return tell(deps, actor, { id: null, owner: actor.user_id, group: executor_group }, sealConnection(deps.secrets, plainServerOf(input)), { include, exclude, left_out: [] });
}

export interface TestKnownInput { readonly id: number; readonly include?: readonly string[] | undefined; readonly exclude?: readonly string[] | undefined; readonly left_out?: readonly string[] | undefined }

/** The same of a registered server, by the password that it has; what is left out of the patterns is as it is registered. */
export async function testKnownServer(deps: Core, actor: Actor, input: TestKnownInput): Promise<ServerTestResult> {
  const server = await findServer(deps.db, input.id, actor.scope);
  if (server === undefined) throw missing("server", input.id);
  const { include = listOf(server.include), exclude = listOf(server.exclude), left_out = listOf(server.left_out) } = input;
  return tell(deps, actor, { id: server.id, owner: server.user_id, group: server.executor_group }, server, { include, exclude, left_out });
}

interface Whose { readonly id: number | null; readonly owner: number; readonly group: string }
interface Patterns { readonly include: readonly string[]; readonly exclude: readonly string[]; readonly left_out: readonly string[] }

async function tell(deps: Core, actor: Actor, { id, owner, group }: Whose, sealed: SealedServer, patterns: Patterns): Promise<ServerTestResult> {
  patternsColumn("include", patterns.include);
  patternsColumn("exclude", patterns.exclude);
  const found = await ask(deps, group, sealed);
  await recordAudit(deps.db, {
    actor, action: "server.test", outcome: found.ok ? "ok" : "failed", ...(id === null ? {} : { object: { type: "server", id } }),
    detail: { type: sealed.type, host: sealed.host, port: sealed.port, ...(found.ok ? {} : { code: found.code }) },
  });
  if (!found.ok) return found;
  const registered = await registeredOtherwise(deps.db, { id, user_id: owner, ...sealed });
  const reasonOf = chooser({ ...patterns, registered, isUsable: (name) => isUsableDbName(sealed.type, name) });
  const databases = found.report.databases.map((database) => {
    const left_because = reasonOf(database);
    return { name: database.name, size_bytes: database.size_bytes, taken: left_because === null, left_because };
  });
  return { ok: true, server: found.report.server, server_version: found.report.server_version, databases };
}

type Found = { ok: true; report: ServerReport } | { ok: false; error: string; code: ErrorCode; hint?: string | undefined };

/** That no executor answers, or something unexpected, says nothing of the server: it is thrown. */
async function ask(deps: Core, group: string, server: SealedServer): Promise<Found> {
  try {
    return { ok: true, report: await askForDatabases(deps, group, server, { sizes: true }) };
  } catch (error) {
    const { code, message, hint } = asSafebaseError(error);
    if (code === "internal" || code === "no_executor") throw error;
    return { ok: false, error: message, code, ...(hint === undefined ? {} : { hint }) };
  }
}
