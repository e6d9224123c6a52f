import { asSafebaseError, SafebaseError, ServerRequest, type Connection, type SealedConnection, type ServerReply, type ServerReport } from "@safebase/contracts";
import { engineFor } from "../engines/registry.ts";

const TIMEOUT_MS = 25_000;
/** The names of more do not fit into one message. */
const MAX_DATABASES = 5_000;

/** Asks a server which databases it has. Answers failures too: it never throws. */
export async function listDatabases(payload: unknown, open: (connection: SealedConnection) => Connection): Promise<ServerReply> {
  try {
    const { connection, sizes } = ServerRequest.parse(payload);
    return { ok: true, report: await list(open(connection), sizes, AbortSignal.timeout(TIMEOUT_MS)) };
  } catch (error) {
    const { code, message, hint } = asSafebaseError(error);
    return { ok: false, failure: { code, message, ...(hint === undefined ? {} : { hint }) } };
  }
}

async function list(connection: Connection, sizes: boolean, signal: AbortSignal): Promise<ServerReport> {
  const { host, port } = connection;
  try {
    const report = await engineFor(connection.type).listDatabases(connection, { sizes }, { tag: "safebase-list", signal });
    if (report.databases.length <= MAX_DATABASES) return report;
    throw new SafebaseError("server_unsupported", `${host}:${port} has ${report.databases.length} databases, more than the ${MAX_DATABASES} that can be followed`);
  } catch (error) {
    if (!signal.aborted || error instanceof SafebaseError) throw error;
    throw new SafebaseError("unreachable", `${host}:${port} did not answer in time`, { cause: error });
  }
}
