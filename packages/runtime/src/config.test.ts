import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tempDir } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig, VERSION } from "./config.ts";

describe("configuration", () => {
  it("has a default for everything", () => {
    const config = loadConfig({ PATH: "/bin" });
    expect(config).toMatchObject({
      port: 3000, host: "127.0.0.1", registration: "open", executor_group: "default", executor_concurrency: 2,
      nats_url: undefined, master_key: undefined, trust_proxy: false, lease_ttl_s: 60, silence_s: 45, client_dirs: ["/bin"], log_level: "info",
    });
    expect(config.data_dir).toBe(`${process.cwd()}/data`);
    expect(config.catalog_url).toBe(`sqlite:${process.cwd()}/data/catalog.db`);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("reads what is given, with the data folder made absolute", () => {
    const config = loadConfig({ SAFEBASE_PORT: "8080", SAFEBASE_DATA_DIR: "elsewhere", SAFEBASE_CLIENT_PATH: "/a:/b:", PATH: ".:/c" });
    expect(config.port).toBe(8080);
    expect(config.catalog_url).toBe(`sqlite:${process.cwd()}/elsewhere/catalog.db`);
    expect(config.client_dirs).toEqual(["/a", "/b", "/c"]); // a relative folder would depend on where we were started
  });

  it("takes an empty variable as unset", () => {
    expect(loadConfig({ SAFEBASE_NATS_URL: "", SAFEBASE_PORT: "" })).toMatchObject({ nats_url: undefined, port: 3000 });
  });

  it("passes over what is the command line client's", () => {
    expect(loadConfig({ SAFEBASE_URL: "http://x", SAFEBASE_TOKEN: "t", SAFEBASE_TOKEN_FILE: "f" }).port).toBe(3000);
  });

  it("reads secrets from files, without the line end", async () => {
    await using dir = await tempDir("config");
    const path = join(dir.path, "key");
    await writeFile(path, "secret\n");
    expect(loadConfig({ SAFEBASE_MASTER_KEY_FILE: path, SAFEBASE_GROUP_KEY_FILE: path })).toMatchObject({ master_key: "secret", group_key: "secret" });
    expect(() => loadConfig({ SAFEBASE_MASTER_KEY_FILE: path, SAFEBASE_MASTER_KEY: "other" })).toThrow("SAFEBASE_MASTER_KEY and SAFEBASE_MASTER_KEY_FILE are both set");
    expect(() => loadConfig({ SAFEBASE_MASTER_KEY_FILE: join(dir.path, "none") })).toThrow(/^SAFEBASE_MASTER_KEY_FILE: .*none cannot be read: ENOENT$/);
    await writeFile(path, "\n");
    expect(() => loadConfig({ SAFEBASE_SMTP_URL_FILE: path })).toThrow(/^SAFEBASE_SMTP_URL_FILE: .*key is empty$/);
    expect(() => loadConfig({ SAFEBASE_PORT_FILE: path })).toThrow("unknown setting SAFEBASE_PORT_FILE"); // no secret
  });

  it("names an unknown setting", () => {
    expect(() => loadConfig({ SAFEBASE_PROT: "1" })).toThrow(ConfigError);
    expect(() => loadConfig({ SAFEBASE_PROT: "1" })).toThrow(/SAFEBASE_PROT/);
  });

  it.each([
    ["SAFEBASE_PORT", "70000"], ["SAFEBASE_PORT", "http"], ["SAFEBASE_NATS_URL", "http://x"], ["SAFEBASE_CATALOG_URL", "mysql://x"],
    ["SAFEBASE_SMTP_URL", "mail.example"], ["SAFEBASE_REGISTRATION", "maybe"], ["SAFEBASE_EXECUTOR_GROUP", "a.b"],
    ["SAFEBASE_EXECUTOR_CONCURRENCY", "0"], ["SAFEBASE_LEASE_TTL_S", "-1"], ["SAFEBASE_SILENCE_S", "0"], ["SAFEBASE_LOG_LEVEL", "loud"], ["SAFEBASE_NATS_REPLICAS", "2"], ["SAFEBASE_NATS_CA", "x"], ["SAFEBASE_NATS_SIGNING_KEY", "SU"], ["SAFEBASE_ALLOWED_TARGETS", "mail.example.org, 10.0.0.0/33"],
  ])("names the setting whose value is bad: %s=%s", (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(new RegExp(`^${name}: `));
  });

  it("knows the version", () => {
    expect(VERSION).toMatch(/^\d+\.\d+\.\d+/);
  });
});
