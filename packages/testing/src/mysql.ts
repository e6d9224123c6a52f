import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "./certificates.ts";
import { connect } from "./connection.ts";
import { freePort } from "./port.ts";
import { run, ServerProcess } from "./process.ts";
import type { DatabaseServer, ServerInfo, ServerOptions } from "./server.ts";
import { findProgram, mysqlServer, notInstalled, tempDir } from "./workspace.ts";

/** What MySQL and MariaDB do not share. */
interface Flavor { engine: "mysql" | "mariadb"; program: string; bin_dir: string; initialise: string[]; args: string[] }

/** Starts an installed MariaDB with fresh data; root needs its password. */
export async function startMariadb(options: ServerOptions = {}): Promise<DatabaseServer> {
  const program = findProgram("mariadbd");
  if (program === undefined) throw notInstalled("MariaDB's server");
  return start({
    engine: "mariadb", program, bin_dir: "/usr/bin",
    initialise: ["mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"],
    args: ["--skip-log-bin"],
  }, options);
}

/** Whether a MySQL server can be started; when not, why, for the line that a skipped test prints. */
export function mysqlMissing(): string | undefined {
  return mysqlServer() ? undefined : "MySQL's server could not be had from Debian sid (see the output of the set-up)";
}

/** Starts MySQL with fresh data; root needs its password. */
export async function startMysql(options: ServerOptions = {}): Promise<DatabaseServer> {
  const found = mysqlServer();
  if (found === undefined) throw new Error(mysqlMissing());
  const program = join(found.bin_dir, "mysqld");
  const base = ["--no-defaults", `--basedir=${found.base_dir}`, `--character-sets-dir=${found.base_dir}/share/mysql/charsets`,
    "--secure-file-priv="];
  return start({
    engine: "mysql", program, bin_dir: found.bin_dir,
    initialise: [program, ...base, "--initialize-insecure"],
    args: [...base.slice(1), "--mysqlx=OFF", "--performance-schema=OFF"],
  }, options);
}

async function start(flavor: Flavor, options: ServerOptions): Promise<DatabaseServer> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir(flavor.engine));
  const info: ServerInfo = {
    engine: flavor.engine, version: "", host: "127.0.0.1", port: await freePort(), username: "root",
    password: randomBytes(12).toString("hex"), bin_dir: flavor.bin_dir, data_dir: join(dir.path, "data"),
  };
  mkdirSync(info.data_dir, { mode: 0o700 });
  run([...flavor.initialise, `--datadir=${info.data_dir}`, ...runAs(), ...FAST]);
  const server = new ServerProcess({
    program: flavor.program,
    args: ["--no-defaults", ...flavor.args, ...serverArgs(info, dir.path), ...tlsArgs(info, dir.path, options), ...(options.args ?? [])],
    log_path: join(dir.path, "server.log"),
  });
  stack.defer(() => server.signal("SIGKILL"));
  const ready = () => server.start(async () => {
    await using connection = await connect(info);
    info.version = String((await connection.query("SELECT version() AS version"))[0]!["version"]).split("-")[0]!;
  });
  const initFile = writeInitFile(info, dir.path);
  await ready();
  writeFileSync(initFile, ""); // a restart must not set the password again
  const stop = () => server.signal("SIGTERM");
  const owned = stack.move();
  return Object.assign(info, {
    stop,
    kill: () => server.signal("SIGKILL"),
    restart: async () => { await stop(); await ready(); },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  });
}

// Without these, a test's few thousand small writes each wait for the disk. Data survives the process, not the machine.
const FAST = ["--innodb-flush-log-at-trx-commit=2", "--innodb-doublewrite=0", "--innodb-flush-method=nosync"];

function runAs(): string[] {
  return process.getuid?.() === 0 ? ["--user=root"] : [];
}

function serverArgs(info: ServerInfo, dir: string): string[] {
  return [
    ...runAs(), ...FAST, "--sync-binlog=0", `--datadir=${info.data_dir}`, "--bind-address=127.0.0.1", `--port=${info.port}`,
    `--socket=${join(dir, "socket")}`, `--pid-file=${join(dir, "pid")}`, `--init-file=${join(dir, "init.sql")}`,
    `--tmpdir=${dir}`, // a starting server deletes all temporary tables in its tmpdir, others' too
    "--skip-name-resolve", "--character-set-server=utf8mb4", "--default-time-zone=+00:00", "--max-connections=200",
  ];
}

function tlsArgs(info: ServerInfo, dir: string, options: ServerOptions): string[] {
  if (!options.tls) return [];
  const { ca_path, cert_path, key_path } = makeCertificates(dir);
  info.ca_path = ca_path;
  return [`--ssl-ca=${ca_path}`, `--ssl-cert=${cert_path}`, `--ssl-key=${key_path}`];
}

function writeInitFile(info: ServerInfo, dir: string): string {
  const path = join(dir, "init.sql");
  writeFileSync(path, [
    `CREATE USER 'root'@'%' IDENTIFIED BY '${info.password}';`,
    "GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION;",
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${info.password}';`,
    // MariaDB's set-up makes more of them, without a password.
    `DROP USER IF EXISTS ${["127.0.0.1", "::1", hostname()].map((host) => `'root'@'${host}'`).join(", ")};`, "",
  ].join("\n"), { mode: 0o600 });
  return path;
}
