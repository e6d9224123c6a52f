import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { BenchEngine } from "./options.ts";
import { runLine } from "./native.ts";
import { emptyDatabase, type Subject } from "./subject.ts";
import type { Run, Variant } from "./variant.ts";

/** What one types to dump and to load ("$2" is the database), and how that is shown. The flags are those of services/executor/src/engines. */
type Native = Record<"dump" | "dump_sql" | "load" | "shown" | "shown_sql" | "shown_load", string>;

const MARIADB_DUMP = 'mariadb-dump --defaults-extra-file="$BENCH_OPTIONS" --single-transaction --quick --routines --triggers --events '
  + '--hex-blob --default-character-set=utf8mb4 --no-tablespaces --max-allowed-packet=1G -- "$BENCH_DATABASE"';

export const NATIVE: Record<BenchEngine, Native> = {
  postgresql: {
    dump: "pg_dump -Fc -Z0 --no-password --lock-wait-timeout=60s", shown: "pg_dump -Fc -Z0",
    dump_sql: "pg_dump --no-password --lock-wait-timeout=60s", shown_sql: "pg_dump",
    load: 'pg_restore --format=custom --exit-on-error --no-password --dbname="$2"', shown_load: "pg_restore -d new",
  },
  mariadb: {
    dump: MARIADB_DUMP, shown: "mariadb-dump", dump_sql: MARIADB_DUMP, shown_sql: "mariadb-dump",
    load: 'mariadb --defaults-extra-file="$BENCH_OPTIONS" --binary-mode --batch --silent --default-character-set=utf8mb4 --max-allowed-packet=1G "$2"',
    shown_load: "mariadb new",
  },
};

/** A line of bash that is a variant. */
export interface Line extends Omit<Variant, "run" | "role"> { readonly line: string; readonly role?: Variant["role"] }

/** A backup by a line that writes the file "$1". */
export function backupLine(subject: Subject, { line, file, role = "bare", ...rest }: Line & { file: string }, signal: AbortSignal): Variant {
  return { ...rest, role, run: () => backUp(subject, line, join(subject.folder, file), signal) };
}

/** The yardstick of all that goes to a local folder. */
export function bareBackup(subject: Subject, signal: AbortSignal): Variant {
  const { dump, shown } = NATIVE[subject.server.engine as BenchEngine];
  return backupLine(subject, { name: `${shown} | zstd -3 > file`, line: `${dump} | zstd -3 -q > "$1"`, file: "bare.zst" }, signal);
}

/** The way back of `bareBackup`. */
export function bareRestore(subject: Subject, signal: AbortSignal): Variant {
  const { load, shown_load } = NATIVE[subject.server.engine as BenchEngine];
  return restoreLine(subject, { name: `zstd -d < file | ${shown_load}`, line: `zstd -dcq < "$1" | ${load}`, file: "bare.zst" }, signal);
}

/** A restore by a line into the database "$2", which was made before the clock starts; "$1" is the file that a backup wrote. */
export function restoreLine(subject: Subject, { line, file = "", role = "bare", ...rest }: Line & { file?: string }, signal: AbortSignal): Variant {
  const run = async (): Promise<Run> => {
    await using copy = await emptyDatabase(subject.server);
    return { elapsed_ms: await runLine(line, [join(subject.folder, file), copy.db_name], subject.env, signal) };
  };
  return { ...rest, role, run };
}

async function backUp(subject: Subject, line: string, file: string, signal: AbortSignal): Promise<Run> {
  const elapsed_ms = await runLine(line, [file], subject.env, signal);
  const sync_ms = await runLine('sync "$1"', [file], {}, signal);
  return { elapsed_ms, synced_ms: elapsed_ms + sync_ms, size_bytes: (await stat(file)).size };
}
