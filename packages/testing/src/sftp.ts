import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "./port.ts";
import { run, ServerProcess } from "./process.ts";
import { findProgram, hasUnpacked, notInstalled, tempDir, unpackedProgram } from "./workspace.ts";

export interface SftpServer extends AsyncDisposable {
  host: string;
  port: number;
  username: string;
  /** One of both, as the server takes it. */
  password?: string;
  private_key?: string;
  host_fingerprint: string;
  /** A folder of this machine for the server's files, and how the server calls it. */
  dir: string;
  root: string;
}

/** OpenSSH's own server on loopback, which lets in the user who runs the test, by a key. */
export async function startSshd(): Promise<SftpServer> {
  const program = findProgram("sshd");
  if (program === undefined) throw notInstalled("OpenSSH's server");
  return start("sshd", (dir, port) => {
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 }); // it asks for it
    const [host_key, user_key] = [makeKey(dir, "host"), makeKey(dir, "user")];
    writeFileSync(join(dir, "sshd_config"), [
      `Port ${port}`, "ListenAddress 127.0.0.1", `HostKey ${host_key}`, "PidFile none", `AuthorizedKeysFile ${user_key}.pub`, "StrictModes no",
      "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin yes", "MaxStartups 100", "Subsystem sftp internal-sftp", "",
    ].join("\n"));
    return {
      program, args: ["-D", "-e", "-f", join(dir, "sshd_config")], host_key,
      login: { username: userInfo().username, private_key: readFileSync(user_key, "utf8"), root: join(dir, "files") },
    };
  });
}

/** rclone's SFTP server, which asks for a password and knows neither fsync nor hard links. */
export async function startRcloneSftp(): Promise<SftpServer> {
  const program = unpackedProgram("rclone", "rclone");
  return start("rclone", (dir, port) => {
    const host_key = makeKey(dir, "host"), username = "backup", password = randomBytes(12).toString("hex");
    const args = ["serve", "sftp", "--addr", `127.0.0.1:${port}`, "--user", username, "--pass", password, "--key", host_key, "--config", "",
      "--vfs-cache-mode", "writes", "--cache-dir", join(dir, "cache"), "--vfs-write-back", "0s", "--dir-cache-time", "0s", join(dir, "files")];
    return { program, args, host_key, login: { username, password, root: "." } };
  });
}

/** Why rclone cannot be started here, for the line that a skipped test prints; undefined when it can. */
export function rcloneMissing(): string | undefined {
  return hasUnpacked("rclone") ? undefined : "rclone could not be had from Debian sid (see the output of the set-up)";
}

type Plan = { program: string; args: string[]; host_key: string; login: Pick<SftpServer, "username" | "password" | "private_key" | "root"> };

async function start(name: string, plan: (dir: string, port: number) => Plan): Promise<SftpServer> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir(name)).path;
  const port = await freePort(), host = "127.0.0.1", files = join(dir, "files");
  mkdirSync(files);
  const { program, args, host_key, login } = plan(dir, port);
  const server = new ServerProcess({ program, args, log_path: join(dir, "server.log") });
  stack.defer(() => server.signal("SIGKILL"));
  await server.start(() => greets(host, port));
  const host_fingerprint = /SHA256:\S+/.exec(run(["ssh-keygen", "-lf", `${host_key}.pub`]))?.[0] ?? "";
  const owned = stack.move();
  return { host, port, ...login, host_fingerprint, dir: files, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function makeKey(dir: string, name: string): string {
  const path = join(dir, `${name}_key`);
  run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path]);
  return path;
}

function greets(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port });
    socket.once("data", () => { socket.destroy(); resolve(); });
    socket.once("error", reject);
    socket.setTimeout(2_000, () => socket.destroy(new Error("no greeting")));
  });
}
