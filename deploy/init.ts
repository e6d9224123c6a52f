import { execFileSync } from "node:child_process";
import { randomBytes, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isIP } from "node:net";
import { parseArgs } from "node:util";
import type { NatsRole } from "@safebase/contracts";
import { claimsOf, makeOperatorSeeds, mintCreds, natsConf, operatorJwts, Secrets, signingOf, withAccount, type OperatorSeeds } from "@safebase/runtime";

const USAGE = `node deploy/init.ts FOLDER [options]

Makes what an installation needs and FOLDER does not hold yet: the keys, credentials, certificates and configuration of
NATS, the master key, and the secrets of the catalog and of /metrics. What is there stays as it is.

  --nats-host NAME     a name or address under which NATS is reached, besides nats, localhost and 127.0.0.1; may be repeated
  --nats-etc DIR       where nats-server finds server.crt, server.key and ca.crt (/run/safebase)
  --nats-store DIR     where nats-server keeps its streams (/data)
  --nats-port PORT     where it listens (4222)
  --catalog-host NAME  where the catalog's PostgreSQL is (catalog)
  --uid N              whose the files are, user and group alike; only root can give them away
  --revoke WHO         makes nothing, but takes back credentials: WHO is the name of a file in creds/, or the public key of a
                       user (U…). nats-server has to be told to read its configuration again (SIGHUP)
`;

const DAYS = "3650";
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const ROLES: readonly NatsRole[] = [{ service: "gateway" }, { service: "scheduler" }, { service: "notifier" }, { service: "executor", group: "default" }];

interface Options {
  readonly nats_hosts: readonly string[];
  readonly nats_etc: string;
  readonly nats_store: string;
  readonly nats_port: number;
  readonly catalog_host: string;
}

/** The files of one installation: each is made once, for its owner alone. */
class Folder {
  readonly #path: string;
  readonly #uid: number | undefined;

  constructor(path: string, uid: number | undefined) {
    this.#path = path;
    this.#uid = uid;
  }

  path(name: string): string {
    return join(this.#path, name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  async read(name: string): Promise<string> {
    return (await readFile(this.path(name), "utf8")).trim();
  }

  /** The text in the file, which is made of `text` when it is not there. */
  async keep(name: string, what: string, text: () => string | Promise<string>): Promise<string> {
    if (this.has(name)) return this.read(name);
    await this.replace(name, await text());
    say(`made ${name}: ${what}`);
    return this.read(name);
  }

  /** Whole or not at all: a start that is killed leaves no half of a key. */
  async replace(name: string, text: string): Promise<void> {
    await mkdir(dirname(this.path(name)), { recursive: true, mode: 0o700 });
    if (this.#uid !== undefined) for (const dir of [this.#path, dirname(this.path(name))]) await chown(dir, this.#uid, this.#uid);
    const fresh = `${this.path(name)}.new`;
    await rm(fresh, { force: true });
    await writeFile(fresh, `${text.trim()}\n`, { mode: 0o600, flag: "wx", flush: true });
    if (this.#uid !== undefined) await chown(fresh, this.#uid, this.#uid);
    await rename(fresh, this.path(name));
  }
}

async function makeInstallation(folder: Folder, options: Options): Promise<void> {
  const master = await folder.keep("master.key", "opens every secret in the catalog; keep a copy elsewhere, without it they are lost", randomKey);
  await folder.keep("group-default.key", "what executors of the group default need of it", () => new Secrets(Buffer.from(master, "hex")).forGroup("default").reveal());
  const password = await folder.keep("catalog.password", "of the catalog's PostgreSQL", randomKey);
  await folder.keep("catalog.url", "the catalog, with that password", () => `postgres://safebase:${password}@${options.catalog_host}:5432/safebase`);
  await folder.keep("metrics.token", "for whoever reads /metrics", randomKey);
  await makeCertificates(folder, ["nats", "localhost", "127.0.0.1", ...options.nats_hosts]);
  const seeds = await keepSeeds(folder);
  await folder.keep("nats/nats.conf", "the configuration of nats-server", async () => (
    natsConf(await operatorJwts(seeds, await revoked(folder)), { etc: options.nats_etc, store: options.nats_store, port: options.nats_port })
  ));
  for (const role of ROLES) {
    const name = role.service === "executor" ? `executor-${role.group}` : role.service;
    await folder.keep(`creds/${name}.creds`, `with it the ${role.service} logs in to NATS`, async () => (await mintCreds(signingOf(seeds), role)).creds);
  }
}

async function keepSeeds(folder: Folder): Promise<OperatorSeeds> {
  const fresh = makeOperatorSeeds();
  if (folder.has("nats/nats.conf") && !folder.has("nats/account.key")) throw new Error("nats/account.key is gone, but nats/nats.conf is of it: put it back, or remove nats/ and creds/ and begin anew");
  return {
    operator: await folder.keep("nats/operator.key", "signs the accounts; nobody but this command needs it", () => fresh.operator),
    system: await folder.keep("nats/system.key", "the account of NATS itself", () => fresh.system),
    account: await folder.keep("nats/account.key", "SafeBase's account", () => fresh.account),
    signing: await folder.keep("nats/signing.key", "signs the users of the account; the gateway makes credentials of executors with it", () => fresh.signing),
  };
}

/** By nats/revoked.json: public keys of users, and the second of their revocation. */
async function revoked(folder: Folder): Promise<Record<string, number>> {
  return folder.has("nats/revoked.json") ? JSON.parse(await folder.read("nats/revoked.json")) as Record<string, number> : {};
}

async function revoke(folder: Folder, who: string): Promise<void> {
  const file = `creds/${who}.creds`;
  const key = /^U[A-Z2-7]{55}$/.test(who) ? who : folder.has(file) ? claimsOf(await folder.read(file)).user_key : undefined;
  if (key === undefined) throw new Error(`${who} is neither a user's public key nor a file in ${folder.path("creds")}`);
  const all = { ...await revoked(folder), [key]: Math.floor(Date.now() / 1000) };
  const conf = withAccount(await folder.read("nats/nats.conf"), await operatorJwts(await keepSeeds(folder), all));
  await folder.replace("nats/revoked.json", JSON.stringify(all));
  await folder.replace("nats/nats.conf", conf);
  if (key !== who) await rm(folder.path(file));
  say(`revoked ${who}: nats-server lets it in no more once it has read nats/nats.conf again (SIGHUP)${key === who ? "" : "; run init to make it new credentials"}`);
}

/** A certificate authority of the installation's own, and the certificate of nats-server for these names. */
async function makeCertificates(folder: Folder, hosts: readonly string[]): Promise<void> {
  for (const host of hosts) if (isIP(host) === 0 && !/^[A-Za-z0-9*]([A-Za-z0-9.-]{0,252})$/.test(host)) throw new Error(`--nats-host must be a name or an address, got ${JSON.stringify(host)}`);
  await using work = await workFolder();
  const file = (name: string): string => join(work.path, name);
  await writeFile(file("openssl.conf"), opensslConf(hosts));
  const request = (name: string): string[] => ["req", "-new", "-config", file("openssl.conf"), ...KEY, "-keyout", file(`${name}.key`)];
  if (!folder.has("nats/ca.crt")) {
    openssl([...request("ca"), "-x509", "-extensions", "ca", "-days", DAYS, "-out", file("ca.crt")]);
    await folder.replace("nats/ca.key", await readFile(file("ca.key"), "utf8"));
    await folder.keep("nats/ca.crt", "who is given it knows our NATS from any other", () => readFile(file("ca.crt"), "utf8"));
  }
  if (folder.has("nats/server.crt")) return sayWhatIsMissing(await folder.read("nats/server.crt"), hosts);
  openssl([...request("server"), "-subj", "/CN=SafeBase NATS", "-out", file("server.csr")]);
  openssl(["x509", "-req", "-in", file("server.csr"), "-CA", folder.path("nats/ca.crt"), "-CAkey", folder.path("nats/ca.key"), "-set_serial", `0x${randomBytes(8).toString("hex")}`,
    "-days", DAYS, "-extfile", file("openssl.conf"), "-extensions", "server", "-out", file("server.crt")]);
  await folder.replace("nats/server.key", await readFile(file("server.key"), "utf8"));
  await folder.keep("nats/server.crt", `the certificate of nats-server, for ${hosts.join(", ")}`, () => readFile(file("server.crt"), "utf8"));
}

function sayWhatIsMissing(pem: string, hosts: readonly string[]): void {
  const certificate = new X509Certificate(pem);
  const missing = hosts.filter((host) => (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) === undefined);
  if (missing.length > 0) say(`nats/server.crt is not for ${missing.join(", ")}: remove it and run this again, then restart nats-server`);
}

function opensslConf(hosts: readonly string[]): string {
  const names = [...new Set(hosts)].map((host) => `${isIP(host) === 0 ? "DNS" : "IP"}:${host}`);
  return [
    "[req]", "distinguished_name = dn", "prompt = no", "[dn]", "CN = SafeBase CA",
    "[ca]", "basicConstraints = critical,CA:TRUE,pathlen:0", "keyUsage = critical,keyCertSign,cRLSign", "subjectKeyIdentifier = hash",
    "[server]", "basicConstraints = critical,CA:FALSE", "keyUsage = critical,digitalSignature", "extendedKeyUsage = serverAuth,clientAuth",
    "subjectKeyIdentifier = hash", "authorityKeyIdentifier = keyid", `subjectAltName = ${names.join(",")}`, "",
  ].join("\n");
}

function openssl(args: readonly string[]): void {
  try {
    execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  } catch (cause) {
    const { code, stderr = "" } = cause as { code?: string; stderr?: string };
    throw new Error(code === "ENOENT" ? "openssl is not installed, and certificates are made with it" : `openssl ${args[0]} failed: ${stderr.trim()}`, { cause });
  }
}

/** In the memory of the machine where it can be: keys pass through it. */
async function workFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : "/tmp", "safebase-init-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function randomKey(): string {
  return randomBytes(32).toString("hex");
}

function say(sentence: string): void {
  process.stdout.write(`init: ${sentence}\n`);
}

function numberIn(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${option} must be a number, got ${JSON.stringify(text)}`);
  return Number(text);
}

try {
  const { values, positionals: [path, ...rest] } = parseArgs({
    allowPositionals: true,
    options: {
      "nats-host": { type: "string", multiple: true, default: [] }, "nats-etc": { type: "string", default: "/run/safebase" }, "nats-store": { type: "string", default: "/data" },
      "nats-port": { type: "string", default: "4222" }, "catalog-host": { type: "string", default: "catalog" },
      uid: { type: "string" }, revoke: { type: "string" }, help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true || path === undefined || rest.length > 0) {
    process.stderr.write(USAGE);
    process.exit(values.help === true ? 0 : 2);
  }
  const uid = values.uid === undefined ? undefined : numberIn("--uid", values.uid);
  const folder = new Folder(path, uid);
  if (values.revoke === undefined) {
    await makeInstallation(folder, {
      nats_hosts: values["nats-host"], nats_etc: values["nats-etc"], nats_store: values["nats-store"], nats_port: numberIn("--nats-port", values["nats-port"]),
      catalog_host: values["catalog-host"],
    });
  } else await revoke(folder, values.revoke);
} catch (error) {
  process.stderr.write(`init: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
