import { SafebaseError } from "@safebase/contracts";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { UnixUser } from "./process.ts";

const PROJECT_DIR = resolve(import.meta.dirname, "../../..");
const UNPACKED_DIR = join(PROJECT_DIR, ".tools/clients");

/** A fresh folder that other users may pass through. */
export async function tempDir(name: string): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), `safebase-${name}-`));
  await chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * The folders of native clients that set-up unpacked beside the installed ones, to hand to an executor as
 * SAFEBASE_CLIENT_PATH (joined by colons).
 */
export function clientDirs(): string[] {
  if (!existsSync(UNPACKED_DIR)) return [];
  return readdirSync(UNPACKED_DIR).sort().map((name) => join(UNPACKED_DIR, name, "bin")).filter((dir) => existsSync(dir));
}

/** A program that set-up unpacked under this name beside the installed ones; thrown how to get it when it is not there. */
export function unpackedProgram(name: string, program: string): string {
  const path = join(UNPACKED_DIR, name, "bin", program);
  if (!existsSync(path)) throw notInstalled(`${program} of Debian sid`);
  return path;
}

/** Whether set-up could unpack it. */
export function hasUnpacked(name: string): boolean {
  return existsSync(join(UNPACKED_DIR, name, "bin"));
}

/** The root of what was unpacked under this name. */
export function unpackedRoot(name: string): string {
  const path = globSync(join(PROJECT_DIR, ".tools/debian-*", name))[0];
  if (path === undefined) throw notInstalled(`${name} of Debian sid`);
  return path;
}

/** The folder of the newest installed PostgreSQL server's programs. */
export function postgresBinDir(): string {
  const installed = globSync("/usr/lib/postgresql/*/bin/postgres").sort((a, b) => major(a) - major(b)).at(-1);
  const program = installed ?? findProgram("postgres");
  if (program === undefined) throw notInstalled("PostgreSQL's server");
  return join(program, "..");
}

/** MySQL's server: the unpacked one, else an installed mysqld that is not MariaDB's. */
export function mysqlServer(): { bin_dir: string; base_dir: string } | undefined {
  const unpacked = join(UNPACKED_DIR, "mysql-9/bin");
  const base_dir = globSync(join(PROJECT_DIR, ".tools/debian-*/mysql-9/usr"))[0];
  if (existsSync(join(unpacked, "mysqld")) && base_dir !== undefined) return { bin_dir: unpacked, base_dir };
  const installed = findProgram("mysqld");
  if (installed === undefined) return undefined;
  const version = spawnSync(installed, ["--version"], { encoding: "utf8" }).stdout;
  return /mariadb/i.test(version) ? undefined : { bin_dir: join(installed, ".."), base_dir: "/usr" };
}

/** The full path of a program on PATH or in the folders where Debian keeps servers. */
export function findProgram(name: string): string | undefined {
  const dirs = [...(process.env["PATH"] ?? "").split(":"), "/usr/local/sbin", "/usr/sbin"];
  return dirs.map((dir) => join(dir, name)).find((path) => existsSync(path));
}

/** PostgreSQL refuses to run as root: then an unprivileged user takes over. */
export function unprivilegedUser(): UnixUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error("neither the user postgres nor nobody exists; PostgreSQL does not run as root");
}

/** For a server that set-up brings: says how. */
export function notInstalled(what: string): SafebaseError {
  return new SafebaseError("client_missing", `${what} is not installed`, { hint: "run: scripts/run setup test" });
}

function major(path: string): number {
  return Number(/postgresql\/(\d+)/.exec(path)?.[1] ?? 0);
}
