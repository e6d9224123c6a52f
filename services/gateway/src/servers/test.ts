import { asSafebaseError, type ErrorCode, type ServerReport } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { registeredOtherwise } from "../catalog/servers.ts";
import { isUsableDbName, sealConnection } from "../databases/input.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { askForDatabases, type SealedServer } from "./ask.ts";
import { chooser, type LeftBecause } from "./choose.ts";
import { plainServerOf, type ServerConnection } from "./connection.ts";
import { patternsColumn } from "./settings.ts";

export type TestServerInput = ServerConnection & { readonly include?: readonly string[] | undefined; readonly exclude?: readonly string[] | undefined };

/** What there is on the server, or why that cannot be said. */
export type ServerTestResult =
  | { ok: true; server: string; server_version: string; databases: { name: string; size_bytes: number | null; taken: boolean; left_because: LeftBecause | null }[] }
  | { ok: false; error: string; code: ErrorCode; hint?: string | undefined };

/** Says which databases are there and which would be registered; changes nothing. */
export async function testServer(deps: Core, actor: Actor, input: TestServerInput): Promise<ServerTestResult> {
  const sealed = sealConnection(deps.secrets, plainServerOf(input));
  const { include = ["*"], exclude = [] } = input;
  patternsColumn("include", include);
  patternsColumn("exclude", exclude);
  const found = await ask(deps, sealed);
  await recordAudit(deps.db, {
    actor, action: "server.test", outcome: found.ok ? "ok" : "failed",
    detail: { type: sealed.type, host: sealed.host, port: sealed.port, ...(found.ok ? {} : { code: found.code }) },
  });
  if (!found.ok) return found;
  const registered = await registeredOtherwise(deps.db, { id: null, user_id: actor.user_id, ...sealed });
  const reasonOf = chooser({ include, exclude, left_out: [], registered, isUsable: (name) => isUsableDbName(sealed.type, name) });
  const databases = found.report.databases.map((database) => {
    const left_because = reasonOf(database);
    return { name: database.name, size_bytes: database.size_bytes, taken: left_because === null, left_because };
  });
  return { ok: true, server: found.report.server, server_version: found.report.server_version, databases };
}

type Found = { ok: true; report: ServerReport } | { ok: false; error: string; code: ErrorCode; hint?: string | undefined };

/** That no executor answers, or something unexpected, says nothing of the server: it is thrown. */
async function ask(deps: Core, server: SealedServer): Promise<Found> {
  try {
    return { ok: true, report: await askForDatabases(deps, deps.config.executor_group, server, { sizes: true }) };
  } catch (error) {
    const { code, message, hint } = asSafebaseError(error);
    if (code === "internal" || code === "no_executor") throw error;
    return { ok: false, error: message, code, ...(hint === undefined ? {} : { hint }) };
  }
}
