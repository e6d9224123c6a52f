import { basename } from "node:path";
import type { StageFailure } from "@safebase/artifact";
import { type Connection, type ErrorCode, SafebaseError } from "@safebase/contracts";
import { RetryableDumpError } from "../engine.ts";
import { codeOf, withoutData } from "./errors.ts";

/** What a client said went wrong: the server's error number and message, neither the statement nor its data. */
export interface ClientError { readonly errno: number; readonly message: string; readonly at: string }

/**
 * Finds the last error line. The mariadb client prints the whole failing statement before it, row data and all, so
 * nothing but the line of a known form is ever looked at.
 */
export function parseClientError(stderr: string): ClientError | undefined {
  const lines = stderr.split("\n").toReversed();
  for (const line of lines) {
    const error = parseLoaderLine(line) ?? parseDumpLine(line);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** `ERROR 1062 (23000) at line 12: Duplicate entry …` of mysql and mariadb. */
function parseLoaderLine(line: string): ClientError | undefined {
  const found = /^ERROR (\d+) \([0-9A-Z]{5}\)( at line \d+)?[^:]*: (.*)$/.exec(line);
  if (found === null) {
    const plain = /^ERROR( at line \d+): (Unknown command '\\.'|Not allowed in the sandbox mode|ASCII '\\0' appeared.*)/.exec(line);
    return plain === null ? undefined : { errno: 0, message: plain[2]!.slice(0, 100), at: plain[1]! };
  }
  const errno = Number(found[1]);
  return { errno, message: withoutData(errno, found[3]!), at: found[2] ?? "" };
}

/** Table definition changed: a new snapshot sees the new one. */
const REBUILT = 1412;

/** The forms in which mysqldump and mariadb-dump report. */
function parseDumpLine(line: string): ClientError | undefined {
  const said = /^(?:mysqldump|mariadb-dump): (.*)$/.exec(line)?.[1];
  if (said === undefined || said.startsWith("[Warning]")) return undefined;
  const numbered = /^(?:Got error|Error):? (\d+): "?(.*?)"?( when .*)?$/.exec(said);
  if (numbered !== null) {
    const errno = Number(numbered[1]);
    return { errno, message: withoutData(errno, numbered[2]!), at: numbered[3] ?? "" };
  }
  const executed = /^Couldn't execute '.*?': (.*) \((\d+)\)$/.exec(said);
  if (executed !== null) return { errno: Number(executed[2]), message: withoutData(Number(executed[2]), executed[1]!), at: "" };
  // MySQL's own check of what it read before the columns changed; the server's error comes only when it is asked later.
  const columns = /^Error in field count for table: (`.*`) !/.exec(said);
  if (columns !== null) return { errno: REBUILT, message: `Table definition has changed, ${columns[1]} has other columns`, at: "" };
  const rights = /insufficient privileges to (SHOW CREATE \w+)/.exec(said);
  return rights === null ? undefined : { errno: 1142, message: `insufficient privileges to ${rights[1]}`, at: "" };
}

const DUMP_HINTS: Readonly<Record<number, string>> = {
  1356: "A table, column or function that a view needs is missing: repair or drop the view.",
  [REBUILT]: "A table was truncated or rebuilt while it was read: start the backup again.",
  1449: "The user who defined a view, routine or trigger is gone: give it another definer.",
  2013: "The server restarted, or nobody read the dump for net_write_timeout seconds because the storage was slow.",
  2020: "A row is larger than the client takes: 1 GiB is the most that the protocol allows.",
};

const LOAD_HINTS: Readonly<Record<number, string>> = {
  1153: "A row is larger than the server takes: raise max_allowed_packet there, to 1G at most, then restore again.",
  1227: "The dump holds views, routines or triggers of another definer: restore as a user with SUPER, SET USER (MariaDB) or SET_ANY_DEFINER (MySQL).",
  1273: "The dump was made on a newer server or one of the other family: restore to one like it.",
  1418: "Set log_bin_trust_function_creators on the server for the time of the restore.",
  1419: "Restore as a user with SUPER, or set log_bin_trust_function_creators on the server.",
  2006: "The server ended the connection: it restarted, or a row is larger than its max_allowed_packet.",
  2013: "The server ended the connection: it restarted, or a row is larger than its max_allowed_packet.",
};

/** What the user should read when the dump's process failed. */
export function explainDump(failure: StageFailure, connection: Connection): SafebaseError {
  const error = explain(failure, connection, "dump_failed", DUMP_HINTS);
  if (parseClientError(failure.failed.stderr)?.errno !== REBUILT) return error;
  return new RetryableDumpError(error.code, error.message, { hint: error.hint });
}

/** What the user should read when the loader failed. */
export function explainLoad(failure: StageFailure, connection: Connection): SafebaseError {
  return explain(failure, connection, "restore_failed", LOAD_HINTS);
}

/** Without a cause: the failure holds what the client printed, and with it rows of the database. */
function explain(failure: StageFailure, connection: Connection, fallback: ErrorCode, hints: Readonly<Record<number, string>>): SafebaseError {
  const { exit_code, signal, stderr } = failure.failed;
  const program = basename(failure.failed.program);
  if (!/mysql|mariadb/.test(program)) return failure;
  const error = parseClientError(stderr);
  if (error === undefined) {
    return new SafebaseError(fallback, `${program} ${signal === null ? `ended with exit code ${exit_code}` : `was ended by ${signal}`}`);
  }
  // Once connected, a lost connection is the dump's failure, not an unreachable server.
  const lost = [2006, 2013].includes(error.errno) && !error.at.includes("trying to connect");
  const code = lost ? fallback : codeOf(error.errno, fallback);
  const number = error.errno === 0 ? "" : ` (${error.errno})`;
  return new SafebaseError(code, `${program} on ${connection.host}:${connection.port}: ${error.message}${error.at}${number}`, { hint: hints[error.errno] });
}
