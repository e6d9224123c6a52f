import { spawnSync } from "node:child_process";
import { cpus, loadavg, release, totalmem } from "node:os";
import { hasUnpacked, unpackedProgram } from "@safebase/testing";

/** What the figures depend on besides the code. */
export interface Machine {
  readonly at: string;
  readonly cores: number;
  readonly cpu: string;
  readonly memory_gb: number;
  readonly kernel: string;
  /** Of every program whose work is in the figures, as far as it is there. */
  readonly versions: readonly string[];
  readonly load_before: number;
}

export function describeMachine(): Machine {
  return {
    at: new Date().toISOString(), cores: cpus().length, cpu: cpus()[0]?.model.trim() ?? "unknown", memory_gb: Math.round(totalmem() / 1e9),
    kernel: release(), load_before: Number(loadavg()[0]?.toFixed(1)), versions: [`Node ${process.version}`, ...PROGRAMS.flatMap(versionOf)],
  };
}

/** Where the program comes from, when it was unpacked; and what makes it tell its version. */
const PROGRAMS: readonly (readonly [name: string, set: string | undefined, program: string, ...args: string[]])[] = [
  ["pg_dump", undefined, "pg_dump", "--version"], ["mariadb-dump", undefined, "mariadb-dump", "--version"], ["zstd", undefined, "zstd", "--version"],
  ["age", undefined, "age", "--version"], ["gzip", undefined, "gzip", "--version"], ["rclone", "rclone", "rclone", "version"], ["restic", "restic", "restic", "version"],
  ["borg", "borgmatic", "python3", "-c", "import borg; print(borg.__version__)"],
  ["borgmatic", "borgmatic", "python3", "-c", "from importlib.metadata import version; print(version('borgmatic'))"],
  ["pgBackRest", "pgbackrest", "pgbackrest", "version"],
];

function versionOf([name, set, program, ...args]: (typeof PROGRAMS)[number]): string[] {
  if (set !== undefined && !hasUnpacked(set)) return [];
  const { stdout } = spawnSync(set === undefined ? program : unpackedProgram(set, program), args, { encoding: "utf8" });
  const version = /\d+(?:\.\d+)+/.exec(stdout?.replace(/^.*Distrib /, "") ?? "")?.[0];
  return version === undefined ? [] : [`${name} ${version}`];
}
