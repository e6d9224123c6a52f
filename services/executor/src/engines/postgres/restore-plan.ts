import { SafebaseError, type Warning } from "@safebase/contracts";
import type { Manifest } from "@safebase/artifact";
import { type Client, choosePgRestore, choosePsql, majorOf } from "../../clients/index.ts";
import type { ServerVersion, Session } from "./connect.ts";
import { rightToBecome } from "./databases.ts";
import { enumerate } from "./inspect.ts";
import type { SourceFacts } from "./source-facts.ts";

/** The first server that knows `SET transaction_timeout`, which clients of that major and newer ones write. */
const TRANSACTION_TIMEOUT_SINCE = 17;

export interface LoadPlan {
  /** Without psql, pg_restore talks to the server; with it, SQL goes through sed into psql. */
  readonly clients: { restore?: Client; psql?: Client };
  /** Does the server know that setting? Else it is taken out of the SQL. */
  readonly transaction_timeout: boolean;
  readonly keep_owners: boolean;
}

/** Which programs load this backup into this server. */
export function planLoad(manifest: Pick<Manifest, "format" | "tool">, server: ServerVersion, clients: readonly Client[], keep_owners: boolean): LoadPlan {
  const common = { transaction_timeout: server.major >= TRANSACTION_TIMEOUT_SINCE, keep_owners };
  if (manifest.format === "sql") return { ...common, clients: { psql: choosePsql(clients) } };
  const restore = choosePgRestore(clients, manifest.tool.version, majorOf(manifest.tool.version));
  // A pg_restore that says too much to an older server is made to write SQL, and the one line is taken out.
  const sayable = common.transaction_timeout || restore.major < TRANSACTION_TIMEOUT_SINCE;
  return { ...common, clients: sayable ? { restore } : { restore, psql: choosePsql(clients) } };
}

export interface OwnerDecision { readonly keep_owners: boolean; readonly warnings: readonly Warning[] }

/** Can this user give the objects to whom they belonged? A custom archive can be loaded without; SQL cannot. */
export async function decideOwners(session: Session, format: Manifest["format"], facts: SourceFacts | undefined): Promise<OwnerDecision> {
  const [me] = await session.query<{ is_super: boolean }>("SELECT rolsuper AS is_super FROM pg_roles WHERE rolname = current_user");
  const roles = await session.query<{ name: string; is_ours: boolean }>("SELECT rolname::text AS name, pg_has_role(oid, $1) AS is_ours FROM pg_roles", [rightToBecome(session.server.num)]);
  const reason = facts === undefined
    ? (me?.is_super === true ? undefined : "the user is no superuser, and the backup does not tell its roles")
    : obstacle(facts, new Map(roles.map((role) => [role.name, role.is_ours])), me?.is_super === true);
  if (reason === undefined || (facts === undefined && format === "sql")) return { keep_owners: true, warnings: [] };
  if (format === "sql") {
    throw new SafebaseError("insufficient_privileges", `this SQL backup names its owners, and ${reason}`, {
      hint: "create the roles and restore as a superuser; backups in custom format can be restored without owners",
    });
  }
  return { keep_owners: false, warnings: [{ code: "owners_not_restored", message: `everything restored belongs to the restoring user and grants are left out: ${reason}` }] };
}

function obstacle(facts: SourceFacts, roles: ReadonlyMap<string, boolean>, is_super: boolean): string | undefined {
  const missing = facts.roles.filter((role) => !roles.has(role));
  if (missing.length > 0) return `the server does not have the roles ${enumerate(missing)}`;
  const foreign = is_super ? [] : facts.owners.filter((role) => roles.get(role) !== true);
  return foreign.length > 0 ? `the user is no member of the roles ${enumerate(foreign)}` : undefined;
}

/** Refuses what the load would fail for in the middle, and tells what is uncertain. */
export async function checkRequirements(session: Session, manifest: Manifest, facts: SourceFacts | undefined): Promise<Warning[]> {
  const available = await session.query<{ name: string }>("SELECT name::text AS name FROM pg_available_extensions");
  const missing = (facts?.extensions ?? []).filter((name) => !available.some((extension) => extension.name === name));
  if (missing.length > 0) {
    throw new SafebaseError("restore_failed", `the server lacks extensions that the backup needs: ${enumerate(missing)}`, {
      hint: "install the extensions' packages on the server, then restore again",
    });
  }
  if (majorOf(manifest.server_version) <= session.server.major) return [];
  return [{ code: "older_server", message: `the backup is of PostgreSQL ${manifest.server_version}, the target is ${session.server.version}: what is new there cannot be restored here` }];
}
