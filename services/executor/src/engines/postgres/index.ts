import type { Engine } from "../engine.ts";
import { prepareDump } from "./dump.ts";
import { listDatabases } from "./list.ts";
import { prepareParse } from "./parse.ts";
import { probe } from "./probe.ts";
import { cleanUp, prepareRestore } from "./restore.ts";

/** PostgreSQL: consistent dumps with exact counts, restores that are swapped in whole or not at all. */
export const postgresEngine: Engine = { types: ["postgresql"], probe, listDatabases, prepareDump, prepareRestore, prepareParse, cleanUp };
