import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { chmod, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SafebaseError } from "@safebase/contracts";
import type { Config } from "./config.ts";

/**
 * Seals what must not be read from the catalog or a message: AES-256-GCM under a key derived from the master key.
 * A sealed text is `v1.<key id>.<nonce>.<ciphertext and tag>`, base64url; `context` binds it to its place, so that a
 * password copied into another row does not open. 96-bit random nonces: safe far beyond the few secrets of a catalog.
 */
export class Secrets {
  readonly keyId: string;
  readonly #master: Buffer;
  readonly #sealing: Buffer;

  constructor(master: Buffer) {
    if (master.length !== 32) throw new Error("the master key must be 32 bytes");
    this.#master = master;
    this.#sealing = this.derive("seal");
    this.keyId = createHash("sha256").update(this.derive("key id")).digest("base64url").slice(0, 8);
  }

  /** What executors of a group need: it opens what was sealed for them, and nothing else. */
  forGroup(group: string): Secrets {
    return new Secrets(this.derive(`executor group ${group}`));
  }

  /** The key, as `SAFEBASE_MASTER_KEY` or `SAFEBASE_GROUP_KEY` takes it: for the recovery kit and for executors that join. */
  reveal(): string {
    return this.#master.toString("hex");
  }

  /** 32 bytes for one purpose; other purposes cannot be computed from them. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync("sha256", this.#master, "safebase", purpose, 32));
  }

  seal(plain: string, context: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#sealing, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return ["v1", this.keyId, nonce.toString("base64url"), body.toString("base64url")].join(".");
  }

  /** Was it sealed with this master key? */
  opens(sealed: string): boolean {
    return sealed.startsWith(`v1.${this.keyId}.`);
  }

  /** The text that was sealed. Throws `conflict` when it was sealed with another master key, `internal` when it was altered or moved. */
  open(sealed: string, context: string): string {
    const [version, keyId, nonce, body] = sealed.split(".");
    if (version !== "v1" || nonce === undefined || body === undefined) throw new SafebaseError("internal", "not a sealed secret");
    if (keyId !== this.keyId) {
      throw new SafebaseError("conflict", `a secret was sealed with another master key (${keyId}; this one is ${this.keyId})`, {
        hint: "enter it again (the database's password, the storage's or channel's config), or start everywhere with the SAFEBASE_MASTER_KEY that the catalog was made with (an executor alone: the SAFEBASE_GROUP_KEY of its group)",
      });
    }
    const bytes = Buffer.from(body, "base64url");
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#sealing, Buffer.from(nonce, "base64url")).setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
    } catch (cause) {
      throw new SafebaseError("internal", "a sealed secret was altered or belongs elsewhere", { cause });
    }
  }
}

/** Where a database's password is bound to. The same in the catalog and in messages. */
export const CONNECTION_CONTEXT = "connection";
/** The same for where a channel leads. */
export const CHANNEL_CONTEXT = "channel";
/** The same for age's identities. */
export const IDENTITY_CONTEXT = "identity";
/** The same for how storages are reached. */
export const STORAGE_CONTEXT = "storage";

/** The secrets of `SAFEBASE_MASTER_KEY` (64 hex digits or base64), else of `master.key` in the data folder, made 0600 when absent. */
export async function loadSecrets(masterKey: string | undefined, dataDir: string): Promise<Secrets> {
  return new Secrets(masterKey === undefined ? await keyFile(dataDir) : decodeKey(masterKey, "SAFEBASE_MASTER_KEY"));
}

/** Those of an executor: of `SAFEBASE_GROUP_KEY`, else derived for its group from the master key. */
export async function loadGroupSecrets(config: Pick<Config, "group_key" | "executor_group" | "master_key" | "data_dir">): Promise<Secrets> {
  if (config.group_key !== undefined) return new Secrets(decodeKey(config.group_key, "SAFEBASE_GROUP_KEY"));
  return (await loadSecrets(config.master_key, config.data_dir)).forGroup(config.executor_group);
}

function decodeKey(text: string, where: string): Buffer {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, "hex") : Buffer.from(trimmed, "base64");
  if (key.length !== 32) throw new Error(`${where} must be 32 bytes, as 64 hex digits or in base64 (openssl rand -hex 32)`);
  return key;
}

async function keyFile(dataDir: string): Promise<Buffer> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, "master.key");
  const fresh = join(dataDir, `.master.key.${randomBytes(6).toString("hex")}`);
  await writeFile(fresh, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx", flush: true });
  try {
    await link(fresh, path); // two services that start at once end up with one key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(fresh);
  }
  await chmod(path, 0o600);
  return decodeKey(await readFile(path, "utf8"), path);
}
