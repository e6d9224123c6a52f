import type { Client } from "../../clients/index.ts";
import { knowsSandbox, mariadbDumpArgs, mariadbLoadArgs } from "../mariadb/args.ts";
import { mysqldumpArgs, mysqlLoadArgs } from "../mysql/args.ts";

export interface DumpArgs {
  readonly client: Client;
  readonly server: { readonly version: string };
  readonly db_name: string;
  /** Whether the user may read events: the client fails where he may not. */
  readonly events: boolean;
}

export interface LoadArgs {
  readonly client: Client;
  readonly db_name: string;
  readonly init_command: string | undefined;
}

/** Ends every complete dump of either program. */
export const TRAILER = "-- Dump completed";

/** The dump's arguments but the option file: by whose program it is, not by what the server is. */
export function dumpArgs(options: DumpArgs): string[] {
  return options.client.flavour === "mysql" ? mysqldumpArgs(options) : mariadbDumpArgs(options);
}

/** The loader's arguments but the option file. */
export function loadArgs(options: LoadArgs): string[] {
  return options.client.flavour === "mysql" ? mysqlLoadArgs(options) : mariadbLoadArgs(options);
}

/** Drops the line with which newer dumps of MariaDB begin, exactly that and only there; all else passes unread. */
export const DROP_SANDBOX_LINE: readonly string[] = ["-e", "1{/^\\/\\*M\\{0,1\\}!999999\\\\- enable the sandbox mode \\*\\/ *$/d}"];

/** Must the sandbox line be dropped for this loader? MySQL's and older MariaDB clients stop at it. */
export function needsSandboxFilter(dumped_with: string, loader: Client): boolean {
  return /mariadb/i.test(dumped_with) && !knowsSandbox(loader);
}
