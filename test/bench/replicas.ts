import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { hasUnpacked, unpackedProgram } from "@safebase/testing";
import { runLine } from "./native.ts";
import type { Subject } from "./subject.ts";
import type { Run, Variant } from "./variant.ts";

/** What a tool does, in lines of bash: "$1" is an empty folder, and what is to be kept lies in "$1/out" at the end. */
interface Replica {
  readonly name: string;
  /** Before the clock starts. */
  readonly prepare?: string;
  readonly line: string;
  /** A set of scripts/unpack-suite, and its program: "$TOOL" in the lines. */
  readonly tool?: readonly [set: string, program: string];
}

const DUMP = "pg_dump --no-password";
const RESTIC_REPO = 'export HOME="$1" RESTIC_PASSWORD=replica RESTIC_REPOSITORY="$1/out"';
const RESTIC = `${RESTIC_REPO}; "$TOOL" backup -q --no-cache --stdin-from-command --stdin-filename db.dump -- ${DUMP} -Fc -Z0`;
const BORGMATIC = `"$TOOL" -c 'from borgmatic.commands.borgmatic import main; main()' -v -2 --config "$1/config.yaml" create`;
const PGBACKREST = '"$TOOL" --config="$1/pgbackrest.conf" --stanza=main --log-level-console=error';

export const REPLICAS: readonly Replica[] = [
  { name: "pg_dump -Fc > file, with its own gzip", line: `${DUMP} -Fc > "$1/out/dump"` },
  { name: "pg_dump | gzip > file", line: `${DUMP} | gzip > "$1/out/dump.sql.gz"` },
  { name: "pg_dump > file, zip, cp as the upload", line: `cd "$1"; ${DUMP} > dump.sql; zip -q dump.zip dump.sql; cp dump.zip out/` },
  { name: "pg_dump -Fd -j4, tar.gz", line: `cd "$1"; ${DUMP} -Fd -j4 -f dump; tar -czf out/dump.tar.gz dump` },
  { name: "restic --stdin-from-command, first backup", tool: ["restic", "restic"], prepare: `${RESTIC_REPO}; "$TOOL" init -q`, line: RESTIC },
  { name: "restic --stdin-from-command, nothing changed since the last", tool: ["restic", "restic"], prepare: `${RESTIC_REPO}; "$TOOL" init -q; ${RESTIC}`, line: RESTIC },
  { name: "borgmatic, first backup", tool: ["borgmatic", "python3"], prepare: borgmaticSetUp(), line: `export HOME="$1" BORG_BASE_DIR="$1"; ${BORGMATIC}` },
  { name: "pgBackRest, full backup: physical, without WAL", tool: ["pgbackrest", "pgbackrest"], prepare: pgbackrestSetUp(), line: `${PGBACKREST} --type=full backup` },
];

/** borgmatic as it comes, which lets pg_dump compress; its borg is a module of the same Python. */
function borgmaticSetUp(): string {
  const borg = `exec "$TOOL" -c 'import sys; sys.argv[0] = \\"borg\\"; from borg.archiver import main; main()' \\"\\$@\\"`.replaceAll('"$TOOL"', "'$TOOL'");
  return [
    'mkdir "$1/run" "$1/state"; export HOME="$1" BORG_BASE_DIR="$1"',
    `printf '%s\\n' '#!/bin/sh' "${borg}" > "$1/borg"; chmod +x "$1/borg"; "$1/borg" init -e none "$1/out"`,
    `printf '%s\\n' "repositories: [{path: $1/out}]" "local_path: $1/borg" "read_special: true" "user_runtime_directory: $1/run" "user_state_directory: $1/state" ` +
      '"postgresql_databases: [{name: $PGDATABASE, hostname: $PGHOST, port: $PGPORT, username: $PGUSER}]" > "$1/config.yaml"',
  ].join("; ");
}

/** Without its archive: the server would have to be set up for it, and every other variant would pay. */
function pgbackrestSetUp(): string {
  const lines = [
    "[global]", "repo1-path=$1/out", "repo1-retention-full=1", "log-path=$1", "lock-path=$1/lock", "spool-path=$1/spool", "compress-type=zst", "compress-level=3",
    `process-max=${cpus().length}`, "start-fast=y", "archive-check=n", "allow-root=y",
    "[main]", "pg1-path=$BENCH_DATA_DIR", "pg1-port=$PGPORT", "pg1-user=$PGUSER", "pg1-socket-path=$BENCH_SOCKET_DIR",
  ];
  return `printf '%s\\n' ${lines.map((line) => `"${line}"`).join(" ")} > "$1/pgbackrest.conf"; ${PGBACKREST} stanza-create`;
}

/** Why a replica cannot be measured here; undefined when it can be tried. */
export function missingTool({ tool }: Replica): string | undefined {
  return tool === undefined || hasUnpacked(tool[0]) ? undefined : `${tool[0]} is not unpacked; npm run bench unpacks it from Debian sid, where that can be reached`;
}

/** A replica with a folder of its own for each run. */
export function replicaVariant({ name, prepare, line, tool }: Replica, subject: Subject, bare: string, signal: AbortSignal): Variant {
  const run = async (): Promise<Run> => {
    await using folder = await emptyFolder(join(subject.folder, "replica"));
    const env = {
      ...subject.env, BENCH_DATA_DIR: subject.server.data_dir ?? "", BENCH_SOCKET_DIR: subject.socket_dir,
      ...(tool === undefined ? {} : { TOOL: unpackedProgram(...tool) }),
    };
    if (prepare !== undefined) await runLine(prepare, [folder.path], env, signal);
    const elapsed_ms = await runLine(line, [folder.path], env, signal);
    return { elapsed_ms, size_bytes: await filesBytes(join(folder.path, "out")) };
  };
  return { name, role: "replica", against: { name: bare }, run };
}

async function emptyFolder(path: string): Promise<{ path: string } & AsyncDisposable> {
  await mkdir(join(path, "out"), { recursive: true });
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function filesBytes(dir: string): Promise<number> {
  const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
