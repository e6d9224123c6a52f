import { SafebaseError, ServerReply, subjects, type SealedConnection, type ServerReport, type ServerRequest } from "@safebase/contracts";
import { askExecutor, type AskDeps } from "../executors/ask.ts";

const TIMEOUT_MS = 30_000;

export type SealedServer = Omit<SealedConnection, "db_name">;

/** Has an executor ask a server which databases it has. Throws what stands against it. */
export async function askForDatabases(deps: AskDeps, group: string, server: SealedServer, options: { readonly sizes: boolean }): Promise<ServerReport> {
  const { type, host, port, username, password_sealed, ssl_mode, ssl_ca } = server;
  const request: ServerRequest = { connection: { type, host, port, username, password_sealed, ssl_mode, ssl_ca, db_name: "" }, ...options };
  const reply = ServerReply.safeParse(await askExecutor(deps, subjects.databases, group, request, TIMEOUT_MS));
  if (!reply.success) throw new SafebaseError("internal", "an executor's list of databases was not understood", { cause: reply.error });
  if (reply.data.ok) return reply.data.report;
  const { code, message, hint } = reply.data.failure;
  throw new SafebaseError(code, message, { hint });
}
