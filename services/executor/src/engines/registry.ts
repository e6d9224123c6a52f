import { type EngineType, SafebaseError } from "@safebase/contracts";
import type { Engine } from "./engine.ts";
import { mariadbEngine } from "./mariadb/index.ts";
import { mysqlEngine } from "./mysql/index.ts";
import { postgresEngine } from "./postgres/index.ts";

/** Every engine there is. A new one is a line here. */
const ENGINES: readonly Engine[] = [postgresEngine, mysqlEngine, mariadbEngine];

/** The engine of a type; an unknown type is an error that names it. */
export function engineFor(type: EngineType | (string & {})): Engine {
  const engine = ENGINES.find((candidate) => candidate.types.some((known) => known === type));
  if (engine !== undefined) return engine;
  throw new SafebaseError("bad_request", `unsupported database type: ${type}`, {
    hint: `known types: ${ENGINES.flatMap((known) => known.types).join(", ")}`,
  });
}
