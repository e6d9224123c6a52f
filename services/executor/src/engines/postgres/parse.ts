import type { Manifest } from "@safebase/artifact";
import { choosePgRestore, discoverClients, majorOf } from "../../clients/index.ts";
import type { EngineContext, PreparedParse } from "../engine.ts";
import { baseEnvironment, GLOBALS_TRAILER, PARSE_ARGS, TRAILER } from "./args.ts";

/** An archive is read by pg_restore, which needs no server for that; a script shows its end by its last lines. */
export async function prepareParse({ format, tool }: Manifest, context: Pick<EngineContext, "client_dirs" | "work_dir">): Promise<PreparedParse> {
  const roles = { stages: [], trailer: GLOBALS_TRAILER };
  if (format === "sql") return { readerOf: ({ role }) => role === "globals" ? roles : { stages: [], trailer: TRAILER } };
  const client = choosePgRestore(await discoverClients(context.client_dirs), tool.version, majorOf(tool.version));
  const archive = { stages: [{ program: client.path, args: PARSE_ARGS, env: baseEnvironment(context), failure_code: "artifact_damaged" as const }], trailer: null };
  return { readerOf: ({ role }) => role === "globals" ? roles : archive };
}
