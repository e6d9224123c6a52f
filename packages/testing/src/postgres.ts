import { randomBytes } from "node:crypto";
import { appendFileSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeCertificates } from "./certificates.ts";
import { connect } from "./connection.ts";
import { freePort } from "./port.ts";
import { run, ServerProcess, type UnixUser } from "./process.ts";
import type { DatabaseServer, ServerInfo, ServerOptions } from "./server.ts";
import { postgresBinDir, tempDir, unprivilegedUser } from "./workspace.ts";
import { until } from "./until.ts";

/** Starts an installed PostgreSQL with a fresh cluster; every connection needs the password (scram-sha-256). */
export async function startPostgres(options: ServerOptions = {}): Promise<DatabaseServer> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("postgres"));
  const user = unprivilegedUser();
  const info: ServerInfo = {
    engine: "postgresql", version: "", host: "127.0.0.1", port: await freePort(), username: "postgres",
    password: randomBytes(12).toString("hex"), bin_dir: postgresBinDir(), data_dir: join(dir.path, "data"),
  };
  initialise(info, dir.path, user);
  if (options.tls) info.ca_path = configureTls(info, dir.path, user);
  const server = new ServerProcess({
    program: join(info.bin_dir, "postgres"),
    args: ["-D", info.data_dir, "-p", String(info.port), ...(options.args ?? [])],
    log_path: join(dir.path, "server.log"),
    user,
  });
  stack.defer(() => server.signal("SIGQUIT"));
  const start = () => server.start(async () => {
    await using connection = await connect(info, "postgres");
    info.version = String((await connection.query("SHOW server_version"))[0]!["server_version"]).split(" ")[0]!;
  });
  await start();
  const stop = () => server.signal("SIGINT"); // fast shutdown: sessions are ended, the data is consistent
  const owned = stack.move();
  return Object.assign(info, {
    stop,
    kill: () => server.signal("SIGKILL"),
    restart: async () => {
      await stop();
      await until("the server to run again", async () => { await start(); return true; }, { timeout_ms: 15_000 }); // sessions of a killed one end a moment later
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  });
}

function initialise(info: ServerInfo, dir: string, user: UnixUser | undefined): void {
  mkdirSync(info.data_dir, { mode: 0o700 });
  const passwordFile = join(dir, "password");
  writeFileSync(passwordFile, info.password, { mode: 0o600 });
  if (user) for (const path of [info.data_dir, passwordFile]) chownSync(path, user.uid, user.gid);
  run([join(info.bin_dir, "initdb"), "-D", info.data_dir, "-U", info.username, `--pwfile=${passwordFile}`,
    "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], user, { TZ: "UTC" });
  rmSync(passwordFile);
  appendFileSync(join(info.data_dir, "postgresql.conf"), [
    "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''",
    "fsync = off", "full_page_writes = off", // a test's data may die with the machine, though not with the process
    "max_connections = 200", "timezone = 'UTC'", "",
  ].join("\n"));
}

function configureTls(info: ServerInfo, dir: string, user: UnixUser | undefined): string {
  const { ca_path, cert_path, key_path } = makeCertificates(dir);
  if (user) for (const path of [cert_path, key_path]) chownSync(path, user.uid, user.gid);
  appendFileSync(join(info.data_dir, "postgresql.conf"),
    `ssl = on\nssl_cert_file = '${cert_path}'\nssl_key_file = '${key_path}'\n`);
  return ca_path;
}
