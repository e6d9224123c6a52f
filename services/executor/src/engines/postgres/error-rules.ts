import type { Connection, ErrorCode } from "@safebase/contracts";

/** What a server or a tool may say, and what the user reads instead. */
export interface ErrorRule {
  readonly pattern: RegExp;
  /** For the driver, whose errors carry it: a server may speak another language than English. */
  readonly sqlstate?: string;
  /** `failed` stands for whatever was going on: dump_failed or restore_failed. */
  readonly code: ErrorCode | "failed";
  readonly sentence: (found: RegExpExecArray | null, where: Connection) => string;
  readonly hint?: string;
}

const server = (where: Connection): string => `${where.host}:${where.port}`;
const DAMAGED = "the backup is no complete PostgreSQL archive";

const REACHING: readonly ErrorRule[] = [
  { pattern: /ENOTFOUND|EAI_AGAIN|could not translate host name/, code: "unreachable",
    sentence: (_, at) => `the host name ${at.host} cannot be resolved` },
  { pattern: /ECONNREFUSED|Connection refused/, code: "unreachable",
    sentence: (_, at) => `nothing listens at ${server(at)}: connection refused`, hint: "check host and port, and that the server accepts TCP connections" },
  { pattern: /EHOSTUNREACH|ENETUNREACH|No route to host|Network is unreachable/, code: "unreachable",
    sentence: (_, at) => `there is no route to ${server(at)}` },
  { pattern: /ETIMEDOUT|timeout expired|Connection timed out|timeout exceeded when trying to connect/, code: "unreachable",
    sentence: (_, at) => `${server(at)} did not answer in time` },
  { pattern: /too many (?:connections|clients)|remaining connection slots/, sqlstate: "53300", code: "unreachable",
    sentence: (_, at) => `the server at ${server(at)} has no connection left` },
  { pattern: /the database system is (?:starting up|shutting down|not yet accepting|not accepting|in recovery mode)/, sqlstate: "57P03", code: "unreachable",
    sentence: (_, at) => `the server at ${server(at)} is starting or stopping and takes no connections` },
  { pattern: /does not support SSL/, code: "tls_failed",
    sentence: (_, at) => `the server at ${server(at)} does not support TLS, which ssl_mode ${at.ssl_mode} asks for` },
  { pattern: /ALTNAME_INVALID|server certificate for .* does not match host name|Hostname\/IP does not match/, code: "tls_failed",
    sentence: (_, at) => `the certificate of ${server(at)} was made for another host name` },
  { pattern: /certificate verify failed|self.signed|SELF_SIGNED|UNABLE_TO_|CERT_|unable to (?:get|verify)/, code: "tls_failed",
    sentence: (_, at) => `the certificate of ${server(at)} is not trusted`, hint: "register the authority that signed it (ssl_ca), or choose another ssl_mode" },
  { pattern: /SSL error|ERR_SSL_|EPROTO|error establishing an SSL connection/, code: "tls_failed",
    sentence: (_, at) => `no TLS connection to ${server(at)} came about` },
];

const ENTERING: readonly ErrorRule[] = [
  { pattern: /no password supplied|client password must be a/, code: "auth_failed",
    sentence: (_, at) => `the server at ${server(at)} asks for a password for user "${at.username}", and none is registered` },
  { pattern: /(?:password|SCRAM|md5) authentication failed|SASL/, sqlstate: "28P01", code: "auth_failed",
    sentence: (_, at) => `password authentication failed for user "${at.username}" at ${server(at)}` },
  { pattern: /no pg_hba\.conf entry|pg_hba\.conf rejects/, code: "auth_failed",
    sentence: (_, at) => `the server at ${server(at)} does not let user "${at.username}" in from here (pg_hba.conf)`, hint: "it may let encrypted connections in only, or unencrypted ones: see ssl_mode" },
  { pattern: /FATAL:\s+role ".*" does not exist|FATAL:\s+role ".*" is not permitted to log in|authentication failed/, sqlstate: "28000", code: "auth_failed",
    sentence: (_, at) => `the server at ${server(at)} does not let user "${at.username}" in` },
  { pattern: /FATAL:\s+permission denied for database|User does not have CONNECT privilege/, code: "insufficient_privileges",
    sentence: (_, at) => `user "${at.username}" may not connect to the database "${at.db_name}"`, hint: "GRANT CONNECT ON DATABASE" },
  { pattern: /FATAL:\s+database ".*" does not exist/, sqlstate: "3D000", code: "database_missing",
    sentence: (_, at) => `the database "${at.db_name}" does not exist at ${server(at)}` },
  { pattern: /is not currently accepting connections/, sqlstate: "55000", code: "target_busy",
    sentence: (_, at) => `the database "${at.db_name}" at ${server(at)} accepts no connections` },
];

const READING: readonly ErrorRule[] = [
  { pattern: /would be affected by row-level security policy for table ("[^"\n]*")/, code: "insufficient_privileges",
    sentence: (found, at) => `row-level security hides rows${found ? ` of table ${found[1]}` : ""} from user "${at.username}", so a backup would not be complete`,
    hint: "use the tables' owner, or: ALTER ROLE … BYPASSRLS" },
  { pattern: /permission denied to create extension ("[^"\n]*")/, code: "insufficient_privileges",
    sentence: (found, at) => `user "${at.username}" may not create the extension ${found?.[1] ?? ""}`, hint: "restore as a superuser, or make the extension trusted" },
  { pattern: /(?:permission denied (?:for|to) [^\n:]{1,120}|must be (?:owner|superuser|member|able)[^\n:]{1,120})/, sqlstate: "42501", code: "insufficient_privileges",
    sentence: (found, at) => `user "${at.username}" lacks a privilege on the database "${at.db_name}": ${found?.[0] ?? "permission denied"}` },
  { pattern: /server version: (\S+)[^\n;]*; (\w+) version: (\S+)/, code: "server_unsupported",
    sentence: (found) => `the server is PostgreSQL ${found?.[1]}, but ${found?.[2]} is ${found?.[3]}, which is too old for it` },
  { pattern: /due to lock timeout/, sqlstate: "55P03", code: "failed",
    sentence: () => "a table stayed locked by another session for more than a minute", hint: "look for long ALTER TABLE, TRUNCATE or VACUUM FULL, and repeat" },
  { pattern: /due to conflict with recovery/, code: "failed",
    sentence: () => "the standby cancelled the work in favour of its replication", hint: "raise max_standby_streaming_delay, or use the primary" },
  { pattern: /due to (?:statement|transaction) timeout/, sqlstate: "57014", code: "failed", sentence: () => "a timeout set on the server cancelled a statement" },
  { pattern: /No space left on device|could not extend file|disk full/i, sqlstate: "53100", code: "failed",
    sentence: (_, at) => `the disk of the server at ${server(at)} is full` },
  { pattern: /terminating connection due to administrator command/, sqlstate: "57P01", code: "failed",
    sentence: (_, at) => `the server at ${server(at)} ended the connection: it was shut down, or an administrator ended the session` },
  { pattern: /server closed the connection|connection to server was lost|Connection terminated|ECONNRESET|EPIPE|SSL SYSCALL|SSL connection has been closed|no connection to the server|terminating connection/, code: "failed",
    sentence: (_, at) => `the connection to ${server(at)} broke off half-way` },
];

/** What psql found, or sed on the way to it. */
export const COMMAND_IN_SQL = {
  sentence: "the SQL of this backup holds a command for psql itself, which would have run on the machine of the executor: it was not run, and nothing was restored",
  hint: "pg_dump writes no such command: the backup was altered, or its server is hostile",
};

const LOADING: readonly ErrorRule[] = [
  { pattern: /backslash commands are restricted|\\unrestrict: /, code: "failed", sentence: () => COMMAND_IN_SQL.sentence, hint: COMMAND_IN_SQL.hint },
  { pattern: /is being accessed by other users/, sqlstate: "55006", code: "target_busy", sentence: (_, at) => `the database is in use by other sessions at ${server(at)}` },
  { pattern: /database "[^\n]*" already exists/, sqlstate: "42P04", code: "conflict", sentence: (found) => found?.[0] ?? "a database of that name already exists" },
  { pattern: /unsupported version \(([\d.]+)\) in file header/, code: "client_missing", sentence: (found) => `the backup's archive version ${found?.[1]} is newer than the installed pg_restore`, hint: "install a newer PostgreSQL client" },
  { pattern: /valid archive|unexpected end of file|could not read from input file|magic string|unexpected block ID|input file is too short|unrecognized data block type/, code: "artifact_damaged", sentence: () => DAMAGED },
  { pattern: /extension ("[^"\n]*") is not available|extension control file "[^"\n]*\/([^/"\n]+)\.control"/, code: "failed",
    sentence: (found, at) => `the server at ${server(at)} does not have the extension ${found?.[1] ?? `"${found?.[2] ?? ""}"`}`, hint: "install the extension's package on the server, then restore again" },
  { pattern: /could not access file "([^"\n]*)"/, sqlstate: "58P01", code: "failed",
    sentence: (found, at) => `the server at ${server(at)} lacks the library ${found?.[1] ?? ""}`, hint: "install the extension's package on the server, then restore again" },
  { pattern: /(role|tablespace|collation|language) ("[^"\n]*")[^\n]* does not exist/, code: "failed",
    sentence: (found, at) => `the backup needs the ${found?.[1]} ${found?.[2]}, which the server at ${server(at)} does not have`, hint: "create it there first" },
  { pattern: /unrecognized configuration parameter ("[^"\n]*")/, code: "failed",
    sentence: (found, at) => `the server at ${server(at)} does not know the setting ${found?.[1]}: the backup comes from a newer or differently equipped server` },
];

/** The first one that fits speaks. */
export const ERROR_RULES: readonly ErrorRule[] = [...ENTERING, ...REACHING, ...READING, ...LOADING];
