import type { DumpArgs, LoadArgs } from "../mysql-family/args.ts";
import { compareVersions } from "../../clients/index.ts";

/** mysqldump of MySQL. What connects it stands in the option file. */
export function mysqldumpArgs({ db_name, events, client, server }: DumpArgs): string[] {
  return [
    "--single-transaction", "--quick", "--routines", "--triggers", ...(events ? ["--events"] : []), "--hex-blob",
    "--default-character-set=utf8mb4", "--no-tablespaces", "--set-gtid-purged=OFF", "--max-allowed-packet=1G",
    // Policies belong to the server, like users; reading them needs rights that a backup's user rarely has.
    "--loose-skip-masking-policies",
    // Servers before 8 have no such table, and mysqldump 8 asks for it unless told not to.
    ...(client.major >= 8 && compareVersions(server.version, "8.0") < 0 ? ["--column-statistics=0"] : []),
    "--", db_name,
  ];
}

/**
 * The mysql program as a loader. Comments within routines stay. Binary mode leaves `\!`, `system`, `source` and their
 * like unread: a dump runs no programs here.
 */
export function mysqlLoadArgs({ db_name, init_command }: LoadArgs): string[] {
  return [
    "--binary-mode", "--comments", "--loose-skip-system-command", "--skip-local-infile", "--batch", "--silent", "--skip-reconnect",
    "--default-character-set=utf8mb4", "--max-allowed-packet=1G", "--connect-timeout=15",
    ...(init_command === undefined ? [] : [`--init-command=${init_command}`]), `--database=${db_name}`,
  ];
}
