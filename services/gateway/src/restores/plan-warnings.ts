import type { Warning } from "@safebase/contracts";
import { warningsOf } from "../backups/view.ts";
import type { CopyRow } from "../catalog/copies.ts";
import type { LoadTime } from "../catalog/restores.ts";
import type { Found } from "./look.ts";
import type { RestoreParts } from "./parts.ts";

/** What the catalog knows that a plan needs. */
export interface Known { readonly copies: readonly CopyRow[]; readonly loads: readonly LoadTime[]; readonly being_backed_up: boolean }

/** What whoever orders this restore should know before, the worst first. `for_good`: what is replaced is kept nowhere. */
export function warningsOfPlan(parts: RestoreParts, target: Found, known: Known, for_good: boolean): Warning[] {
  const { backup, db_name } = parts;
  const lost = known.copies.filter(({ state }) => state === "damaged" || state === "missing");
  return [
    ...(for_good ? [{ code: "no_way_back", message: `what ${db_name} holds now is gone when the restore is complete: no safety backup is taken` }] : []),
    ...otherServer(backup.server, target.server),
    ...inUse(parts, target),
    ...(known.being_backed_up ? [{ code: "being_backed_up", message: `${db_name} is being backed up: the restore waits until that is over` }] : []),
    ...(backup.verified_at === null ? [{ code: "not_verified", message: "no test restore has proved this backup yet" }] : []),
    ...lost.map(({ storage, state }) => ({ code: "copy_lost", message: `its copy in ${storage} is ${state}: another is read` })),
    ...warningsOf(backup.warnings).map(({ message }) => ({ code: "of_the_backup", message: `when the backup was made: ${message}` })),
  ];
}

function inUse({ backup, in_place, db_name }: RestoreParts, { connections }: Found): Warning[] {
  if (!in_place || connections === null || connections === 0) return [];
  const message = backup.type === "postgresql" ? `connections open to ${db_name}: ${connections}; they end when the restored database takes its place`
    : `connections open to ${db_name}: ${connections}; what they write meanwhile is lost or breaks the restore`;
  return [{ code: "in_use", message }];
}

/** A server of another family, or an older one, may not know what the backup holds. */
function otherServer(from: string | null, to: string | null): Warning[] {
  const [source, target] = [versionOf(from), versionOf(to)];
  if (source === undefined || target === undefined) return [];
  const message = `the backup is of ${from}, the target is ${to}: what only the first one knows makes the restore fail`;
  if (source.family !== target.family) return [{ code: "other_family", message }];
  return target.major < source.major ? [{ code: "older_server", message }] : [];
}

/** Major versions are compared: "PostgreSQL 15.20" by 15, "MariaDB 10.11.19" by 10.11. */
function versionOf(server: string | null): { family: string; major: number } | undefined {
  const [, family, first, second] = /^(PostgreSQL|MySQL|MariaDB) (\d+)(?:\.(\d+))?/.exec(server ?? "") ?? [];
  if (family === undefined) return undefined;
  return { family, major: Number(first) * 1000 + (family === "PostgreSQL" ? 0 : Number(second ?? 0)) };
}
