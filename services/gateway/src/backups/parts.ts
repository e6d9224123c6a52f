import { SafebaseError, type DumpJobs, type EngineType, type Format } from "@safebase/contracts";
import { withDefaults } from "./format.ts";

/** What may be asked for of a dump beside its format. */
export interface PartsAsked { readonly jobs?: DumpJobs | undefined; readonly globals?: boolean | undefined }

interface PartsColumns { readonly jobs?: number | null; readonly globals?: number }

/** As the catalog holds it, of what was said; null stands for auto. */
export function partsColumns({ jobs, globals }: PartsAsked): PartsColumns {
  return {
    ...(jobs === undefined ? {} : { jobs: jobs === "auto" ? null : jobs }),
    ...(globals === undefined ? {} : { globals: Number(globals) }),
  };
}

/** As it was asked for. */
export function partsOf(row: { readonly jobs: number | null; readonly globals: number }): { jobs: DumpJobs; globals: boolean } {
  return { jobs: row.jobs ?? "auto", globals: row.globals === 1 };
}

/** Throws `bad_request` for what only PostgreSQL's archives can have. */
export function checkParts(type: EngineType, format: Format | null | undefined, { jobs, globals }: PartsAsked): void {
  if (globals === true && type !== "postgresql") throw new SafebaseError("bad_request", `globals: only PostgreSQL's roles and tablespaces can be backed up beside a database, not those of ${type}`);
  if (typeof jobs !== "number" || jobs === 1 || withDefaults(type, { format }).format === "custom") return;
  throw new SafebaseError("bad_request", `jobs: only PostgreSQL databases in the format custom are dumped in several parts`, { hint: "leave jobs out, or say 1 or auto" });
}
