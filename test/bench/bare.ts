import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { BenchEngine } from "./options.ts";
import { runLine } from "./native.ts";
import { emptyDatabase, type Subject } from "./subject.ts";
import type { Run, Variant } from "./variant.ts";

// The flags are those of services/executor/src/engines; "$1" is the file.
const PG_DUMP = "pg_dump -Fc -Z0 --no-password --lock-wait-timeout=60s";
const PG_DUMP_SQL = "pg_dump --no-password --lock-wait-timeout=60s";
const MARIADB_DUMP = 'mariadb-dump --defaults-extra-file="$BENCH_OPTIONS" --single-transaction --quick --routines --triggers --events '
  + '--hex-blob --default-character-set=utf8mb4 --no-tablespaces --max-allowed-packet=1G -- "$BENCH_DATABASE"';

interface Lines { readonly dump: string; readonly dump_sql: string; readonly shown: string; readonly shown_sql: string; readonly load: string; readonly shown_load: string }

const LINES: Record<BenchEngine, Lines> = {
  postgresql: {
    dump: PG_DUMP, dump_sql: PG_DUMP_SQL, shown: "pg_dump -Fc -Z0", shown_sql: "pg_dump",
    load: 'pg_restore --format=custom --exit-on-error --no-password --dbname="$2"', shown_load: "pg_restore -d new",
  },
  mariadb: {
    dump: MARIADB_DUMP, dump_sql: MARIADB_DUMP, shown: "mariadb-dump", shown_sql: "mariadb-dump",
    load: 'mariadb --defaults-extra-file="$BENCH_OPTIONS" --binary-mode --batch --silent --default-character-set=utf8mb4 --max-allowed-packet=1G "$2"',
    shown_load: "mariadb new",
  },
};

/** What a user would type instead of using SafeBase; the first is what all others are compared with. */
export function bareBackups(subject: Subject, signal: AbortSignal): Variant[] {
  const { dump, dump_sql, shown, shown_sql } = LINES[subject.server.engine as BenchEngine];
  const backup = (name: string, line: string, file: string): Variant => ({ name, run: () => backUp(subject, line, join(subject.folder, file), signal) });
  return [
    backup(`${shown} | zstd -3 > file`, `${dump} | zstd -3 -q > "$1"`, "bare.zst"),
    backup(`${shown} | zstd -3 -T0 --check > file`, `${dump} | zstd -3 -T0 --check -q > "$1"`, "bare-t0.zst"),
    backup(`${shown_sql} | gzip -6 > file`, `${dump_sql} | gzip -6 > "$1"`, "bare.gz"),
    backup(`${shown_sql} | zip > file`, `${dump_sql} | zip -q - - > "$1"`, "bare.zip"),
  ];
}

/** The bare way back, from what the bare backup wrote, into a database that was made before the clock starts. */
export function bareRestore(subject: Subject, signal: AbortSignal): Variant {
  const { load, shown_load } = LINES[subject.server.engine as BenchEngine];
  return {
    name: `zstd -d < file | ${shown_load}`,
    run: async () => {
      await using copy = await emptyDatabase(subject.server);
      return { elapsed_ms: await runLine(`zstd -dcq < "$1" | ${load}`, [join(subject.folder, "bare.zst"), copy.db_name], subject.env, signal) };
    },
  };
}

async function backUp(subject: Subject, line: string, file: string, signal: AbortSignal): Promise<Run> {
  const elapsed_ms = await runLine(line, [file], subject.env, signal);
  const sync_ms = await runLine('sync "$1"', [file], {}, signal);
  return { elapsed_ms, synced_ms: elapsed_ms + sync_ms, size_bytes: (await stat(file)).size };
}
