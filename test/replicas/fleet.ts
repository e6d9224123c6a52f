import { randomBytes } from "node:crypto";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { clientDirs, freePort, freshDatabase, startNats, startWebhook, tempDir, until, type NatsServer, type Row, type ServerInfo, type WebhookFixture } from "@safebase/testing";
import { Client, PASSWORD, type Answer } from "../client.ts";
import { startProgram, type Program } from "../e2e/program.ts";

/** Several of each, as processes of their own. */
export const MEMBERS = ["gateway-1", "gateway-2", "scheduler-1", "scheduler-2", "notifier-1", "notifier-2", "executor-1", "executor-2", "executor-3"] as const;
export type Member = (typeof MEMBERS)[number];
const GATEWAYS = ["gateway-1", "gateway-2"] as const;

/** Times are short, so that a death is noticed in seconds. */
const SETTINGS = {
  SAFEBASE_LOG_LEVEL: "info", SAFEBASE_LEASE_TTL_S: "3", SAFEBASE_RECONCILE_S: "1", SAFEBASE_SWEEP_GRACE_S: "2", SAFEBASE_EXECUTOR_CONCURRENCY: "4", SAFEBASE_DUMPS_PER_SERVER: "16",
  SAFEBASE_ALLOWED_TARGETS: "127.0.0.0/8", SAFEBASE_ALERT_GROUP_S: "0", SAFEBASE_DRAIN_S: "2",
};

/** Two gateways on one PostgreSQL catalog, two schedulers, two notifiers and three executors on one NATS, and a receiver of all that is told. */
export interface Fleet extends AsyncDisposable {
  readonly nats: NatsServer;
  /** Asks the catalog itself: what the API shows is judged by it. */
  readonly ask: (sql: string) => Promise<Row[]>;
  readonly hook: WebhookFixture;
  readonly artifacts_dir: string;
  readonly urls: readonly [string, string];
  /** Both gateways were told of a first account at once: what they answered. */
  readonly registered: readonly [Answer, Answer];
  /** Has it started, and runs? */
  isUp(member: Member): boolean;
  start(member: Member): Promise<void>;
  /** SIGKILL, or SIGTERM and its exit status; resolves when it is gone. */
  end(member: Member, manner: "kill" | "stop"): Promise<void>;
  /** Those that did not exit with 0 when they were told to stop; who takes too long, as on a busy machine, says so. */
  readonly unclean: readonly string[];
  readonly tooLong: readonly string[];
  /** What members have logged as errors or worse, and whatever is no log at all. */
  complaints(): string[];
}

/** All of them started at once on an empty catalog. The first accounts are `first-0@example.org` and `first-1@example.org`. */
export async function startFleet(postgres: ServerInfo): Promise<Fleet> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("fleet")).path;
  const [nats, hook, catalog] = [stack.use(await startNats()), stack.use(await startWebhook()), stack.use(await freshDatabase(postgres, "catalog"))];
  const ports = [await freePort(), await freePort()] as const;
  const urls = [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`] as const;
  const settings = {
    ...SETTINGS, SAFEBASE_NATS_URL: nats.url, SAFEBASE_ALERT_WEBHOOK_URL: hook.url, SAFEBASE_CLIENT_PATH: clientDirs().join(":"), SAFEBASE_MASTER_KEY: randomBytes(32).toString("hex"),
    SAFEBASE_CATALOG_URL: `postgres://${catalog.username}:${catalog.password}@${catalog.host}:${catalog.port}/${catalog.db_name}`,
  };
  const owned = new AsyncDisposableStack();
  stack.use(owned);
  const programs = new Map<Member, Program>();
  const up = new Set<Member>();
  const all: [Member, Program][] = [];
  const unclean: string[] = [], tooLong: string[] = [];
  const start = async (member: Member): Promise<void> => {
    const [service, number] = member.split("-") as [string, string];
    const own = { SAFEBASE_DATA_DIR: join(dir, member), ...service === "gateway" ? { SAFEBASE_PORT: String(ports[Number(number) - 1]) } : {} };
    const program = owned.use(startProgram(`services/${service}/src/main.ts`, { ...settings, ...own }));
    programs.set(member, program);
    all.push([member, program]);
    await until(`${member} to start`, () => !program.runs() || program.output().includes('"msg":"started"'), { timeout_ms: 120_000 });
    if (!program.runs()) throw new Error(`${member} has ended: ${program.output().slice(-2_000)}`);
    up.add(member);
  };
  const end = async (member: Member, manner: "kill" | "stop"): Promise<void> => {
    const program = programs.get(member);
    if (program?.runs() !== true) throw new Error(`${member} ended by itself: ${program?.output().slice(-2_000)}`);
    up.delete(member);
    program.signal(manner === "kill" ? "SIGKILL" : "SIGTERM");
    const status = await program.ended();
    if (manner === "stop" && status !== 0) (/not everything ended within/.test(program.output()) ? tooLong : unclean).push(`${member} ended with ${status}: ${program.output().slice(-1_000)}`);
  };
  for (const member of MEMBERS) await machine(dir, member);
  await Promise.all(MEMBERS.map(start));
  const registered = await Promise.all([registerFirst(urls[0], 0), registerFirst(urls[1], 1)]);
  const kept = stack.move();
  let asked: Promise<unknown> = Promise.resolve(); // a session takes one question at a time
  return {
    nats, hook, urls, registered, unclean, tooLong, start, end, artifacts_dir: join(dir, "artifacts"),
    ask: (sql) => {
      const answer = asked.then(() => catalog.connection.query(sql));
      asked = answer.catch(() => { /* whoever asked is told */ });
      return answer;
    },
    isUp: (member) => up.has(member) && programs.get(member)?.runs() === true,
    complaints: () => all.flatMap(([member, program]) => complaintsOf(program.output()).map((line) => `${member}: ${line}`)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A data folder of its own, in which all have the same storage mounted. */
async function machine(dir: string, member: Member): Promise<void> {
  await mkdir(join(dir, member), { mode: 0o700 });
  await mkdir(join(dir, "artifacts"), { recursive: true });
  await symlink(join(dir, "artifacts"), join(dir, member, "artifacts"));
}

/** The one of the first two accounts that is the admin, at this gateway. */
export function adminAt({ registered, urls }: Fleet, gateway: 0 | 1): Client {
  const answer = registered.find(({ body }) => (body["user"] as { role?: string } | undefined)?.role === "admin");
  if (answer === undefined) throw new Error(`nobody is admin: ${JSON.stringify(registered)}`);
  return new Client(() => urls[gateway], String(answer.body["token"]));
}

/** Of the gateways that run now, if any, one by chance. */
export function someGateway(fleet: Fleet, chance: () => number): string | undefined {
  const up = GATEWAYS.flatMap((member, index) => (fleet.isUp(member) ? [fleet.urls[index] as string] : []));
  return up[Math.floor(chance() * up.length)];
}

async function registerFirst(url: string, n: number): Promise<Answer> {
  const response = await fetch(`${url}/auth/register`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ email: `first-${n}@example.org`, password: PASSWORD }) });
  return { status: response.status, headers: response.headers, body: await response.json() as Answer["body"] };
}

const ERROR_LEVEL = 50;

function complaintsOf(output: string): string[] {
  return output.split("\n").filter((line) => {
    const level = /^\{"level":(\d+)/.exec(line)?.[1];
    return line !== "" && (level === undefined || Number(level) >= ERROR_LEVEL);
  });
}
