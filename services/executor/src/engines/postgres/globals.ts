import { runPipeline, StageFailure, type Stage } from "@safebase/artifact";
import type { Connection, Warning } from "@safebase/contracts";
import { choosePgDumpall, type Client } from "../../clients/index.ts";
import type { EngineContext } from "../engine.ts";
import { globalsArgs, toolEnvironment } from "./args.ts";
import type { Session } from "./connect.ts";
import { explainStageFailure } from "./errors.ts";

/** What writes the server's roles and tablespaces, or why that cannot be had: a backup is none the worse for it. */
export async function prepareGlobals(session: Session, connection: Connection, clients: readonly Client[], context: EngineContext): Promise<Stage | Warning> {
  const client = choosePgDumpall(clients, session.server.major);
  if (client === undefined) return left(`pg_dumpall ${session.server.major} or newer is not installed here`);
  const [row] = await session.query<{ passwords: boolean }>("SELECT has_table_privilege('pg_authid', 'SELECT') AS passwords");
  const stage: Stage = {
    program: client.path, args: globalsArgs(connection.db_name, { passwords: row?.passwords === true }),
    env: await toolEnvironment(connection, connection.db_name, context), failure_code: "dump_failed",
  };
  try {
    await runPipeline({ stages: [stage], signal: context.signal }); // they are small: whether they can be read shows by reading them
    return stage;
  } catch (error) {
    if (!(error instanceof StageFailure)) throw error;
    return left(explainStageFailure(error, connection, "dump_failed").message);
  }
}

function left(reason: string): Warning {
  return { code: "globals_left_out", message: `roles and tablespaces of the server are not in the backup: ${reason}` };
}
