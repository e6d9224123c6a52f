import { chmod, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join as pathOf, resolve } from "node:path";
import type { InferResponseType } from "hono/client";
import { cleanUrl } from "../access.ts";
import { ask, connect, type Api } from "../api.ts";
import { time } from "../output.ts";
import { EXIT, Problem } from "../problem.ts";
import type { Root } from "../root.ts";
import type { World } from "../world.ts";

type Joined = InferResponseType<Api["api"]["executors"]["join"]["$post"], 200>;
interface Options { readonly into: string; readonly insecure?: true }

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const ENV_FILE = "executor.env";

export function addJoin(root: Root, world: () => World): void {
  const { t } = world();
  root.command("join").description(t.commands.join).argument("<url>", t.args.safebase)
    .option("--into <folder>", t.options.into, "safebase-executor").option("--insecure", t.options.insecure)
    .action((url, options) => join(world(), url, options));
}

/** Uses a join token up, and leaves a folder with which an executor of the token's group starts. */
async function join(world: World, text: string, { into, insecure }: Options): Promise<void> {
  const { env, t, terminal } = world;
  const url = cleanUrl(text, t);
  if (insecure !== true && url.startsWith("http:") && !LOOPBACK.test(new URL(url).hostname)) throw new Problem(EXIT.usage, t.joinInTheClear(url), { hint: t.hints.insecure });
  const folder = resolve(into);
  await openFolder(folder, world); // before the token is used up
  const token = await terminal.secret(t.askJoinToken, env["SAFEBASE_JOIN_TOKEN_FILE"] || (terminal.interactive ? undefined : "-"));
  const joined = await ask(connect(url, undefined, t).api.executors.join.$post({ json: { token: token.trim(), host: hostname() } }));
  await writeFiles(folder, joined);
  const start = startCommands(folder, joined);
  const { group, expires_at } = joined;
  world.show({ group, folder, expires_at, start }, () => [t.joined(group, folder, time(expires_at, t) ?? expires_at), t.startNode(start.node), t.startDocker(start.docker)]);
}

/** The folder, for its user alone. One that holds anything else is left as it is: it may be somebody's home. */
async function openFolder(folder: string, { t }: World): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await readdir(folder);
    if (found.length > 0 && !found.includes(ENV_FILE)) throw new Problem(EXIT.usage, t.folderInUse(folder), { hint: t.hints.into });
    await mkdir(pathOf(folder, "data"), { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(EXIT.failed, t.cannotWrite(folder, (error as Error).message), { cause: error });
  }
}

/** Secrets in files of their own, and their names in one that is none. */
async function writeFiles(folder: string, { group, nats_url, nats_creds, nats_ca, group_key, settings }: Joined): Promise<void> {
  const files = { SAFEBASE_NATS_CREDS_FILE: ["nats.creds", nats_creds], SAFEBASE_NATS_CA_FILE: ["nats-ca.crt", nats_ca], SAFEBASE_GROUP_KEY_FILE: ["group.key", group_key] } as const;
  const named: Record<string, string> = { SAFEBASE_EXECUTOR_GROUP: group, SAFEBASE_NATS_URL: nats_url, SAFEBASE_DATA_DIR: pathOf(folder, "data"), ...settings };
  for (const [setting, [name, text]] of Object.entries(files)) {
    const path = pathOf(folder, name);
    if (text === null) await rm(path, { force: true });
    else {
      await replace(path, text);
      named[setting] = path;
    }
  }
  await replace(pathOf(folder, ENV_FILE), Object.entries(named).map(([name, value]) => `${name}=${value}\n`).join(""));
}

/** Whole or not at all, and never readable for others. */
async function replace(path: string, text: string): Promise<void> {
  const made = `${path}.${process.pid}`;
  await writeFile(made, text.endsWith("\n") ? text : `${text}\n`, { mode: 0o600 });
  await chmod(made, 0o600); // whatever the umask
  await rename(made, path);
}

/** How to start it: with SafeBase's sources, or its image. */
function startCommands(folder: string, { version }: Joined): { node: string; docker: string } {
  const env_file = quoted(pathOf(folder, ENV_FILE));
  const user = `${process.getuid?.() ?? 1000}:${process.getgid?.() ?? 1000}`; // the files are this user's
  return {
    node: `node --env-file=${env_file} services/executor/src/main.ts`,
    docker: `docker run -d --restart unless-stopped --hostname ${quoted(hostname())} --user ${user} --read-only --tmpfs /tmp --env-file ${env_file} -v ${quoted(`${folder}:${folder}`)} safebase-executor:${version}`,
  };
}

/** One word of a POSIX shell, whatever it holds. */
function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
