import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { smtpUrlProblem } from "@safebase/contracts";
import { z } from "zod";
import { allowedTargetProblem } from "./targets.ts";

const seconds = (fallback: number) => z.coerce.number().positive().default(fallback);
const text = z.string().min(1);
const pem = z.string().includes("-----BEGIN ", { message: "must be in PEM" });

/** Every setting, its default beside its type. An empty variable counts as unset. */
const Settings = z.object({
  SAFEBASE_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  SAFEBASE_HOST: text.default("127.0.0.1"),
  SAFEBASE_DATA_DIR: text.default("./data"),
  SAFEBASE_CATALOG_URL: z.string().regex(/^(sqlite|postgres|postgresql):/, "must start with sqlite:, postgres: or postgresql:").optional(),
  SAFEBASE_NATS_URL: z.string().regex(/^(nats|tls):\/\//, "must start with nats:// or tls://").optional(),
  SAFEBASE_NATS_USER: text.optional(),
  SAFEBASE_NATS_PASSWORD: text.optional(),
  SAFEBASE_NATS_CREDS: z.string().includes("NATS USER JWT", { message: "must be the text of a .creds file" }).optional(),
  SAFEBASE_NATS_CA: pem.optional(),
  SAFEBASE_NATS_CERT: pem.optional(),
  SAFEBASE_NATS_KEY: pem.optional(),
  SAFEBASE_NATS_SIGNING_KEY: z.string().regex(/^SA[A-Z2-7]{56}$/, "must be the seed of an account's signing key").optional(),
  SAFEBASE_NATS_PUBLIC_URL: z.string().regex(/^(nats|tls):\/\//, "must start with nats:// or tls://").optional(),
  SAFEBASE_NATS_REPLICAS: z.coerce.number().int().refine((replicas) => [1, 3, 5].includes(replicas), "must be 1, 3 or 5").default(1),
  SAFEBASE_MASTER_KEY: text.optional(),
  SAFEBASE_GROUP_KEY: text.optional(),
  SAFEBASE_LOST_MASTER_KEY: text.optional(),
  SAFEBASE_PUBLIC_URL: z.url().optional(),
  SAFEBASE_REGISTRATION: z.enum(["open", "closed"]).default("open"),
  SAFEBASE_TRUST_PROXY: z.enum(["on", "off"]).default("off"),
  SAFEBASE_SMTP_URL: z.string().superRefine((address, context) => {
    const message = smtpUrlProblem(address);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  }).optional(),
  SAFEBASE_MAIL_FROM: text.default("SafeBase <safebase@localhost>"),
  SAFEBASE_ALERT_EMAIL: text.optional(),
  SAFEBASE_ALERT_WEBHOOK_URL: z.url().optional(),
  SAFEBASE_ALERT_GROUP_S: z.coerce.number().min(0).max(3600).default(60),
  SAFEBASE_ALLOWED_TARGETS: z.string().default("").transform((list) => list.split(/[\s,]+/).filter((target) => target !== ""))
    .superRefine((list, context) => {
      const problem = list.map(allowedTargetProblem).find((each) => each !== undefined);
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    }),
  SAFEBASE_NOTIFICATION_LIFETIME_S: seconds(24 * 3600),
  SAFEBASE_STORAGE_ALERT_PERCENT: z.coerce.number().min(1).max(100).default(90),
  SAFEBASE_CHECK_EVERY_DAYS: z.coerce.number().int().min(0).max(3650).default(30),
  SAFEBASE_EXECUTOR_GROUP: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "may hold letters, digits, - and _").default("default"),
  SAFEBASE_EXECUTOR_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(2),
  SAFEBASE_DUMPS_PER_SERVER: z.coerce.number().int().min(1).max(64).default(1),
  SAFEBASE_DRAIN_S: z.coerce.number().min(0).max(24 * 3600).default(10),
  SAFEBASE_SPOOL_MIB: z.coerce.number().int().min(0).max(1024 * 1024).default(1024),
  SAFEBASE_CONVERSIONS: z.coerce.number().int().min(1).max(64).default(4),
  SAFEBASE_PARALLEL_THRESHOLD: z.coerce.number().int().min(0).default(1024 ** 3),
  SAFEBASE_CLIENT_PATH: text.optional(),
  SAFEBASE_JOB_TIME_LIMIT_S: seconds(24 * 3600),
  SAFEBASE_JOB_STALL_LIMIT_S: seconds(900),
  SAFEBASE_LEASE_TTL_S: seconds(60),
  SAFEBASE_RECONCILE_S: seconds(60),
  SAFEBASE_SILENCE_S: seconds(45),
  SAFEBASE_SWEEP_GRACE_S: seconds(300),
  SAFEBASE_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  SAFEBASE_METRICS_TOKEN: z.string().regex(/^\S{16,}$/, "must be at least 16 characters without spaces").optional(),
  SAFEBASE_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
});

export type Config = Readonly<{
  port: number; host: string; data_dir: string; catalog_url: string; nats_url: string | undefined;
  /** How NATS is logged in to: a user and a password, or the text of a creds file. */
  nats_user: string | undefined; nats_password: string | undefined; nats_creds: string | undefined;
  /** In PEM: who signs the server's certificate, and the certificate and key to show it. */
  nats_ca: string | undefined; nats_cert: string | undefined; nats_key: string | undefined;
  /** With this key the gateway makes credentials for executors that join. */
  nats_signing_key: string | undefined;
  /** Where executors that join find NATS. */
  nats_public_url: string | undefined;
  /** On so many servers of a NATS cluster each stream lies. */
  nats_replicas: number;
  master_key: string | undefined;
  /** What an executor needs of the master key. */
  group_key: string | undefined;
  /** The id of a master key that is lost for good. */
  lost_master_key: string | undefined;
  public_url: string | undefined; registration: "open" | "closed"; trust_proxy: boolean;
  smtp_url: string | undefined; mail_from: string; alert_email: string | undefined; alert_webhook_url: string | undefined;
  /** What comes within so much of the first is told in one message, on the channels of this configuration. */
  alert_group_s: number;
  /** Hosts and networks that webhooks may lead to although they are our own: names, addresses, CIDR blocks. */
  allowed_targets: readonly string[];
  /** A notification that could not be delivered for so long is given up. */
  notification_lifetime_s: number;
  /** A storage that is fuller than this is told of. */
  storage_alert_percent: number;
  /** Every stored backup is read back once in so many days; 0: never by itself. */
  check_every_days: number;
  executor_group: string; executor_concurrency: number;
  /** So many databases of one server are dumped at once. */
  dumps_per_server: number;
  /** What runs when an executor is told to stop may go on for so long; then it is handed back. */
  drain_s: number;
  /** Of a backup to several storages so much may wait on disk for each that is behind. */
  spool_bytes: number;
  /** So many downloads are converted at once. */
  conversions: number;
  /** From this size on, in bytes, `jobs: auto` dumps a PostgreSQL database in several parts. */
  parallel_threshold_bytes: number;
  /** Where native clients are looked for first: SAFEBASE_CLIENT_PATH, then PATH. */
  client_dirs: readonly string[];
  job_time_limit_s: number; job_stall_limit_s: number; lease_ttl_s: number; reconcile_s: number; sweep_grace_s: number;
  /** A service or executor without a sign of life for so long is lost. */
  silence_s: number;
  metrics_port: number | undefined; metrics_token: string | undefined; log_level: z.infer<typeof Settings>["SAFEBASE_LOG_LEVEL"];
}>;

/** Those of the command line client, which may stand in the same environment. */
const CLIENT_SETTINGS = ["SAFEBASE_URL", "SAFEBASE_TOKEN", "SAFEBASE_TOKEN_FILE", "SAFEBASE_JOIN_TOKEN_FILE"];

/** Those that may be, or hold, a secret: each may be given by a file. */
const FROM_FILES = [
  "SAFEBASE_CATALOG_URL", "SAFEBASE_NATS_URL", "SAFEBASE_NATS_PASSWORD", "SAFEBASE_NATS_CREDS", "SAFEBASE_NATS_CA", "SAFEBASE_NATS_CERT", "SAFEBASE_NATS_KEY",
  "SAFEBASE_NATS_SIGNING_KEY", "SAFEBASE_MASTER_KEY", "SAFEBASE_GROUP_KEY", "SAFEBASE_SMTP_URL", "SAFEBASE_ALERT_WEBHOOK_URL", "SAFEBASE_METRICS_TOKEN",
] as const satisfies readonly (keyof typeof Settings.shape)[];

/** A setting that stops the start, in one sentence that names it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** The settings in `env`, checked and frozen. Throws ConfigError for an unknown SAFEBASE_ name or a bad value. */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = withFiles(Object.fromEntries(Object.entries(env).filter(([name, value]) => name.startsWith("SAFEBASE_") && value !== "")));
  const known = Object.keys(Settings.shape);
  for (const name of Object.keys(given)) {
    if (!known.includes(name) && !CLIENT_SETTINGS.includes(name) && !name.startsWith("SAFEBASE_TEST_")) {
      throw new ConfigError(`unknown setting ${name}; known are ${known.join(", ")}, and, with _FILE after the name, ${FROM_FILES.join(", ")}`);
    }
  }
  const parsed = Settings.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  return freeze(parsed.data, env["PATH"] ?? "");
}

/** `SAFEBASE_…_FILE` names a file that holds the value, as containers are given secrets; a line end after it does not count. */
function withFiles(given: Record<string, string | undefined>): Record<string, string | undefined> {
  const values = { ...given };
  for (const name of FROM_FILES) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    if (given[name] !== undefined) throw new ConfigError(`${name} and ${name}_FILE are both set: leave one of them out`);
    delete values[`${name}_FILE`];
    try {
      values[name] = readFileSync(path, "utf8").trim();
    } catch (cause) {
      throw new ConfigError(`${name}_FILE: ${path} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
    }
    if (values[name] === "") throw new ConfigError(`${name}_FILE: ${path} is empty`);
  }
  return values;
}

function freeze(s: z.infer<typeof Settings>, path: string): Config {
  const data_dir = resolve(s.SAFEBASE_DATA_DIR);
  return Object.freeze({
    port: s.SAFEBASE_PORT, host: s.SAFEBASE_HOST, data_dir,
    catalog_url: s.SAFEBASE_CATALOG_URL ?? `sqlite:${data_dir}/catalog.db`,
    nats_url: s.SAFEBASE_NATS_URL, nats_user: s.SAFEBASE_NATS_USER, nats_password: s.SAFEBASE_NATS_PASSWORD, nats_creds: s.SAFEBASE_NATS_CREDS,
    nats_ca: s.SAFEBASE_NATS_CA, nats_cert: s.SAFEBASE_NATS_CERT, nats_key: s.SAFEBASE_NATS_KEY,
    nats_signing_key: s.SAFEBASE_NATS_SIGNING_KEY, nats_public_url: s.SAFEBASE_NATS_PUBLIC_URL, nats_replicas: s.SAFEBASE_NATS_REPLICAS,
    master_key: s.SAFEBASE_MASTER_KEY, group_key: s.SAFEBASE_GROUP_KEY, lost_master_key: s.SAFEBASE_LOST_MASTER_KEY, public_url: s.SAFEBASE_PUBLIC_URL,
    registration: s.SAFEBASE_REGISTRATION, trust_proxy: s.SAFEBASE_TRUST_PROXY === "on",
    smtp_url: s.SAFEBASE_SMTP_URL, mail_from: s.SAFEBASE_MAIL_FROM,
    alert_email: s.SAFEBASE_ALERT_EMAIL, alert_webhook_url: s.SAFEBASE_ALERT_WEBHOOK_URL,
    alert_group_s: s.SAFEBASE_ALERT_GROUP_S,
    allowed_targets: Object.freeze(s.SAFEBASE_ALLOWED_TARGETS),
    notification_lifetime_s: s.SAFEBASE_NOTIFICATION_LIFETIME_S, storage_alert_percent: s.SAFEBASE_STORAGE_ALERT_PERCENT,
    check_every_days: s.SAFEBASE_CHECK_EVERY_DAYS,
    executor_group: s.SAFEBASE_EXECUTOR_GROUP, executor_concurrency: s.SAFEBASE_EXECUTOR_CONCURRENCY,
    dumps_per_server: s.SAFEBASE_DUMPS_PER_SERVER, drain_s: s.SAFEBASE_DRAIN_S,
    spool_bytes: s.SAFEBASE_SPOOL_MIB * 1024 * 1024, conversions: s.SAFEBASE_CONVERSIONS,
    parallel_threshold_bytes: s.SAFEBASE_PARALLEL_THRESHOLD,
    client_dirs: Object.freeze(`${s.SAFEBASE_CLIENT_PATH ?? ""}:${path}`.split(":").filter((dir) => dir.startsWith("/"))),
    job_time_limit_s: s.SAFEBASE_JOB_TIME_LIMIT_S, job_stall_limit_s: s.SAFEBASE_JOB_STALL_LIMIT_S,
    lease_ttl_s: s.SAFEBASE_LEASE_TTL_S, reconcile_s: s.SAFEBASE_RECONCILE_S, sweep_grace_s: s.SAFEBASE_SWEEP_GRACE_S,
    silence_s: s.SAFEBASE_SILENCE_S,
    metrics_port: s.SAFEBASE_METRICS_PORT, metrics_token: s.SAFEBASE_METRICS_TOKEN, log_level: s.SAFEBASE_LOG_LEVEL,
  });
}

/** SafeBase's own version, as package.json at the root of the workspaces says. */
export const VERSION: string = z.object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))).version;
