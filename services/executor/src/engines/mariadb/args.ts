import { type Client, compareVersions } from "../../clients/index.ts";
import type { DumpArgs, LoadArgs } from "../mysql-family/args.ts";

/** The first release of each series whose client knows the sandbox; series above have it from the start. */
const SANDBOX_SINCE: readonly string[] = ["10.5.25", "10.6.18", "10.11.8", "11.0.6", "11.1.5", "11.2.4", "11.4.2"];

/** mariadb-dump. What connects it stands in the option file. */
export function mariadbDumpArgs({ db_name, events }: DumpArgs): string[] {
  return [
    "--single-transaction", "--quick", "--routines", "--triggers", ...(events ? ["--events"] : []), "--hex-blob",
    "--default-character-set=utf8mb4", "--no-tablespaces", "--max-allowed-packet=1G", "--", db_name,
  ];
}

/**
 * The mariadb program as a loader. Comments within routines stay. Binary mode and, where known, the sandbox leave `\!`,
 * `system`, `source` and their like unread.
 */
export function mariadbLoadArgs({ db_name, init_command, client }: LoadArgs): string[] {
  return [
    "--binary-mode", "--comments", ...(knowsSandbox(client) ? ["--sandbox"] : []), "--skip-local-infile", "--batch", "--silent", "--skip-reconnect",
    "--default-character-set=utf8mb4", "--max-allowed-packet=1G", "--connect-timeout=15",
    ...(init_command === undefined ? [] : [`--init-command=${init_command}`]), `--database=${db_name}`,
  ];
}

/** Does this client read the sandbox line with which newer dumps begin? */
export function knowsSandbox({ flavour, version }: Client): boolean {
  if (flavour !== "mariadb") return false;
  const series = version.split(".").slice(0, 2).join(".");
  const since = SANDBOX_SINCE.find((release) => release.startsWith(`${series}.`));
  return since === undefined ? compareVersions(version, "11.4") > 0 : compareVersions(version, since) >= 0;
}
