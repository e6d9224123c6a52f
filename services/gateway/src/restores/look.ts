import { asSafebaseError, type ErrorCode } from "@safebase/contracts";
import type { Database } from "../catalog/schema.ts";
import { askProbe } from "../databases/test.ts";
import type { AskDeps } from "../executors/ask.ts";
import { askForDatabases } from "../servers/ask.ts";

/** What an executor found where a restore goes; `exists` is null when it could not look, and then `problem` says why. */
export interface Found {
  readonly exists: boolean | null;
  readonly server: string | null;
  readonly size_bytes: number | null;
  readonly tables: number | null;
  readonly connections: number | null;
  readonly problem: Problem | null;
}

export interface Problem { readonly code: ErrorCode; readonly message: string; readonly hint?: string | undefined }

/** Has an executor look at the database that a restore would write to. */
export async function lookAt(deps: AskDeps, database: Database, db_name: string): Promise<Found> {
  const nothing = { exists: null, server: null, size_bytes: null, tables: null, connections: null, problem: null };
  try {
    const reply = await askProbe(deps, database.executor_group, { ...connectionOf(database), db_name });
    if (reply.ok) {
      const { server, size_bytes, tables, connections } = reply.report;
      return { exists: true, server, size_bytes, tables, connections, problem: null };
    }
    if (reply.failure.code !== "database_missing") return { ...nothing, problem: reply.failure };
    return { ...nothing, exists: false, server: await serverOf(deps, database) };
  } catch (error) {
    return { ...nothing, problem: problemOf(error) };
  }
}

/** Without a database the server still says who it is. Null when it does not: the restore itself will tell why. */
async function serverOf(deps: AskDeps, database: Database): Promise<string | null> {
  const report = await askForDatabases(deps, database.executor_group, connectionOf(database), { sizes: false }).catch(problemOf);
  return "server" in report ? report.server : null;
}

/** What is an answer for the user; anything else is a fault of ours. */
export function problemOf(error: unknown): Problem {
  const { code, message, hint } = asSafebaseError(error);
  if (code === "internal") throw error;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

function connectionOf({ type, host, port, username, password_sealed, ssl_mode, ssl_ca, db_name }: Database) {
  return { type, host, port, username, password_sealed, ssl_mode, ssl_ca, db_name };
}
