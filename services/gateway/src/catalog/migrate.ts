import { SafebaseError } from "@safebase/contracts";
import { sql, type Kysely } from "kysely";
import { DEFAULT_MIGRATION_TABLE, Migrator, type Migration } from "kysely/migration";
import { initial } from "./migrations/0001-initial.ts";
import { givingUp } from "./migrations/0002-giving-up.ts";
import { alerting } from "./migrations/0003-alerting.ts";
import { downloadLinks } from "./migrations/0004-download-links.ts";
import { integrity } from "./migrations/0005-integrity.ts";
import { encryption } from "./migrations/0006-encryption.ts";
import { apiTokens } from "./migrations/0007-api-tokens.ts";
import { sessionsEnded } from "./migrations/0008-sessions-ended.ts";
import { storages } from "./migrations/0009-storages.ts";
import { servers } from "./migrations/0010-servers.ts";
import { storageKeys } from "./migrations/0011-storage-keys.ts";
import { copyJobs } from "./migrations/0012-copy-jobs.ts";
import { scans } from "./migrations/0013-scans.ts";
import { parts } from "./migrations/0014-parts.ts";
import { noticesSeen } from "./migrations/0015-notices-seen.ts";
import { dashboard } from "./migrations/0016-dashboard.ts";
import { storedSizes } from "./migrations/0017-stored-sizes.ts";
import { backupLists } from "./migrations/0018-backup-lists.ts";
import { people } from "./migrations/0019-people.ts";
import { channelTells } from "./migrations/0020-channel-tells.ts";
import { executorGroups } from "./migrations/0021-executor-groups.ts";
import { fairOrder } from "./migrations/0022-fair-order.ts";
import type { CatalogDialect } from "./open.ts";
import type { Catalog } from "./schema.ts";

/** By their names, which also say in which order they ran. Those that were released are never changed: see released-migrations.it.ts. */
function migrationsFor(dialect: CatalogDialect): Record<string, Migration> {
  return {
    "0001-initial": initial(dialect),
    "0002-giving-up": givingUp,
    "0003-alerting": alerting(dialect),
    "0004-download-links": downloadLinks(dialect),
    "0005-integrity": integrity(dialect),
    "0006-encryption": encryption(dialect),
    "0007-api-tokens": apiTokens(dialect),
    "0008-sessions-ended": sessionsEnded,
    "0009-storages": storages(dialect),
    "0010-servers": servers(dialect),
    "0011-storage-keys": storageKeys,
    "0012-copy-jobs": copyJobs,
    "0013-scans": scans(dialect),
    "0014-parts": parts,
    "0015-notices-seen": noticesSeen,
    "0016-dashboard": dashboard,
    "0017-stored-sizes": storedSizes,
    "0018-backup-lists": backupLists(dialect),
    "0019-people": people,
    "0020-channel-tells": channelTells,
    "0021-executor-groups": executorGroups(dialect),
    "0022-fair-order": fairOrder,
  };
}

/**
 * Runs the migrations that are missing, forward only, up to the last or to that of this name, all in one transaction: one
 * that fails leaves the catalog as it was. Several gateways may start at once: one migrates, the others wait. A catalog
 * that a newer version has migrated is refused.
 */
export async function migrate(db: Kysely<Catalog>, dialect: CatalogDialect, to?: string): Promise<void> {
  if (dialect === "sqlite") return migrateAlone(db, dialect, to);
  await db.connection().execute(async (session) => {
    await sql`select pg_advisory_lock(${MIGRATING})`.execute(session);
    try {
      await migrateAlone(db, dialect, to);
    } finally {
      await sql`select pg_advisory_unlock(${MIGRATING})`.execute(session);
    }
  });
}

/** Kysely has a lock of its own, but looks at the tables before it has it: that fails while another gateway changes them. */
const MIGRATING = 5_730_215_077;

async function migrateAlone(db: Kysely<Catalog>, dialect: CatalogDialect, to?: string): Promise<void> {
  const migrations = migrationsFor(dialect);
  await refuseNewer(db, Object.keys(migrations));
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await (to === undefined ? migrator.migrateToLatest() : migrator.migrateTo(to));
  if (error !== undefined) throw error instanceof Error ? error : new Error("a migration failed", { cause: error });
}

async function refuseNewer(db: Kysely<Catalog>, known: readonly string[]): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return;
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)} order by name desc`.execute(db);
  const unknown = rows.find(({ name }) => !known.includes(name));
  if (unknown === undefined) return;
  throw new SafebaseError("internal", `the catalog belongs to a newer SafeBase: it has ${unknown.name}, and this version knows up to ${known.at(-1)}`, {
    hint: "start that version or a later one; to go back, restore the catalog as it was before the upgrade: docs/recovery.md",
  });
}
