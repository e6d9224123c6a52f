import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadSecrets, Secrets } from "./secrets.ts";

const KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

describe("sealed secrets", () => {
  const secrets = new Secrets(Buffer.from(KEY, "hex"));

  it.each(["", "p@ss word", "ünïcödé 🔑", "x".repeat(10_000)])("open to what was sealed", (plain) => {
    const sealed = secrets.seal(plain, "connection");
    expect(secrets.open(sealed, "connection")).toBe(plain);
    if (plain !== "") expect(sealed).not.toContain(plain);
  });

  it("differ each time", () => {
    expect(secrets.seal("same", "connection")).not.toBe(secrets.seal("same", "connection"));
  });

  it("do not open once altered, wherever", () => {
    const sealed = secrets.seal("secret", "connection");
    const [version, keyId, nonce, body] = sealed.split(".") as [string, string, string, string];
    for (let at = 0; at < Buffer.from(body, "base64url").length; at++) {
      const bytes = Buffer.from(body, "base64url");
      bytes[at]! ^= 1;
      const altered = [version, keyId, nonce, bytes.toString("base64url")].join(".");
      expect(() => secrets.open(altered, "connection")).toThrow("altered");
    }
    expect(() => secrets.open([version, keyId, nonce, ""].join("."), "connection")).toThrow("altered");
    expect(() => secrets.open([version, keyId, "", body].join("."), "connection")).toThrow("altered");
    expect(() => secrets.open("plain text", "connection")).toThrow("not a sealed secret");
  });

  it("do not open elsewhere", () => {
    expect(() => secrets.open(secrets.seal("secret", "connection"), "storage")).toThrow("belongs elsewhere");
  });

  it("sealed with another master key name both keys", () => {
    const other = new Secrets(Buffer.alloc(32, 7));
    expect(() => other.open(secrets.seal("secret", "connection"), "connection")).toThrow(new RegExp(`${secrets.keyId}.*${other.keyId}`));
  });

  it("derive independent keys by purpose", () => {
    expect(secrets.derive("jwt")).toHaveLength(32);
    expect(secrets.derive("jwt")).toEqual(new Secrets(Buffer.from(KEY, "hex")).derive("jwt"));
    expect(secrets.derive("jwt")).not.toEqual(secrets.derive("seal"));
  });
});

describe("the master key", () => {
  let dir: string;
  beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), "safebase-secrets-")); });
  afterEach(() => rm(dir, { recursive: true }));

  it("is taken from the setting, as hex or base64", async () => {
    const hex = await loadSecrets(KEY, dir);
    const base64 = await loadSecrets(Buffer.from(KEY, "hex").toString("base64"), dir);
    expect(base64.keyId).toBe(hex.keyId);
    await expect(loadSecrets("short", dir)).rejects.toThrow("SAFEBASE_MASTER_KEY must be 32 bytes");
  });

  it("is made once in the data folder, readable by its owner alone", async () => {
    const data = join(dir, "new");
    const first = await loadSecrets(undefined, data);
    expect((await stat(join(data, "master.key"))).mode & 0o777).toBe(0o600);
    expect((await loadSecrets(undefined, data)).keyId).toBe(first.keyId);
  });

  it("is one key for all who start at once", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => loadSecrets(undefined, dir)));
    expect(new Set(all.map((each) => each.keyId)).size).toBe(1);
    expect(await readFile(join(dir, "master.key"), "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it("in a damaged file is refused by name, not replaced", async () => {
    const path = join(dir, "master.key");
    await writeFile(path, "garbage");
    await expect(loadSecrets(undefined, dir)).rejects.toThrow(path);
    expect(await readFile(path, "utf8")).toBe("garbage");
  });
});
