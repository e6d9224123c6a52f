import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { EXIT, Problem } from "./problem.ts";
import type { Texts } from "./texts/texts.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What `safebase login` keeps: an API token, and whose it is. */
export interface Account { readonly url: string; readonly email: string; readonly token: string; readonly token_id: number }

/** Where SafeBase is, and the token to ask with. */
export interface Access { readonly url: string; readonly token: string | undefined }

const DEFAULT_URL = "http://127.0.0.1:3000";

/** SAFEBASE_URL and SAFEBASE_TOKEN or SAFEBASE_TOKEN_FILE win; a kept token goes only to the SafeBase that made it. */
export async function findAccess(env: Environment, t: Texts): Promise<Access> {
  const account = await readAccount(env, t);
  const url = cleanUrl(env["SAFEBASE_URL"] || account?.url || DEFAULT_URL, t);
  const given = env["SAFEBASE_TOKEN"] || await tokenInFile(env["SAFEBASE_TOKEN_FILE"], t);
  return { url, token: given ?? (account?.url === url ? account.token : undefined) };
}

async function tokenInFile(path: string | undefined, t: Texts): Promise<string | undefined> {
  if (path === undefined || path === "") return undefined;
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new Problem(EXIT.usage, t.cannotRead(path, error.message), { cause: error });
  });
  return text.trim();
}

/** The address without its last slash. */
export function cleanUrl(text: string, t: Texts): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || url.username !== "") throw new Problem(EXIT.usage, t.badUrl(text));
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

function accountFile(env: Environment): string {
  return join(env["XDG_CONFIG_HOME"] || join(env["HOME"] || homedir(), ".config"), "safebase", "config.json");
}

/** What `safebase login` kept, if anything. */
export async function readAccount(env: Environment, t: Texts): Promise<Account | undefined> {
  const path = accountFile(env);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new Problem(EXIT.failed, t.cannotRead(path, error.message), { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Account;
  } catch (cause) {
    throw new Problem(EXIT.failed, t.cannotRead(path, "JSON?"), { hint: t.hints.login, cause });
  }
}

/** Keeps an account where its user alone can read it; returns the file. */
export async function keepAccount(env: Environment, account: Account): Promise<string> {
  const path = accountFile(env);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const made = `${path}.${process.pid}`;
  await writeFile(made, `${JSON.stringify(account, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  await chmod(made, 0o600); // whatever the umask
  await rename(made, path);
  return path;
}

export async function forgetAccount(env: Environment): Promise<void> {
  await rm(accountFile(env), { force: true });
}
