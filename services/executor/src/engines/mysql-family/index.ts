import type { EngineType } from "@safebase/contracts";
import type { Engine } from "../engine.ts";
import { prepareDump } from "./dump.ts";
import { listDatabases } from "./list.ts";
import { prepareParse } from "./parse.ts";
import { probe } from "./probe.ts";
import { cleanUp, prepareRestore } from "./restore.ts";

/** One engine for both: what differs is decided by what the server says it is, not by what was registered. */
export function familyEngine(type: EngineType): Engine {
  return { types: [type], probe, listDatabases, prepareDump, prepareRestore, prepareParse, cleanUp };
}
