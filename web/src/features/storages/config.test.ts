import { expect, it } from "vitest";
import type { Storage } from "../../api/types.ts";
import { changesOf, configOf, freshValues, isNeeded, knownValues, presetOf } from "./config.ts";

const storage = (config: Record<string, unknown>, secret_fields: string[]): Storage =>
  ({ id: 2, name: "off", type: config["type"], config, secret_fields, shared: true, encryption_key_id: null }) as unknown as Storage;
const s3 = storage({ type: "s3", endpoint: "https://s3.example", region: "us-east-1", bucket: "b", prefix: "p", access_key_id: "k", path_style: true, timeout_s: 60 }, ["secret_access_key", "session_token"]);
const sftp = storage({ type: "sftp", host: "nas", port: 22, username: "u", root: "/r", host_fingerprint: "SHA256:x", timeout_s: 60 }, ["password"]);

it("a new one has what was typed, numbers as numbers, and nothing of another type", () => {
  const values = { ...freshValues("s3"), endpoint: " https://s3.example ", bucket: "b", access_key_id: "k", secret_access_key: "s", lock_days: "30", lock_mode: "governance", path_style: "false", host: "nas", timeout_s: "x" };
  expect(configOf("s3", values)).toEqual({ type: "s3", endpoint: "https://s3.example", bucket: "b", access_key_id: "k", secret_access_key: "s", lock_days: 30, lock_mode: "governance", path_style: false, timeout_s: "x" });
  expect(configOf("aws", values)).not.toHaveProperty("endpoint");
  expect(configOf("sftp", { ...freshValues("sftp"), host: "nas", auth: "key", password: "p", private_key: "K" })).toEqual({ type: "sftp", host: "nas", private_key: "K" });
  expect(configOf("r2", freshValues("r2"))).toEqual({ type: "s3", region: "auto" });
});

it.each([[s3, "s3"], [storage({ type: "s3", endpoint: "https://a.r2.cloudflarestorage.com" }, []), "r2"], [storage({ type: "s3" }, []), "aws"], [sftp, "sftp"]])("%o is %s", (one, preset) => {
  expect(presetOf(one)).toBe(preset);
});

it("what was not touched stays, what was emptied is taken away, a secret that is left empty is kept", () => {
  const known = knownValues(s3);
  expect(changesOf(s3, known)).toEqual({});
  expect(changesOf(s3, { ...known, prefix: "", bucket: "c", secret_access_key: "new", timeout_s: "30" })).toEqual({ prefix: null, bucket: "c", secret_access_key: "new", timeout_s: 30 });
});

it("another access key takes the session's token with it, another way to log in the old secret", () => {
  expect(changesOf(s3, { ...knownValues(s3), access_key_id: "other" })).toEqual({ access_key_id: "other", session_token: null });
  expect(changesOf(sftp, { ...knownValues(sftp), auth: "key", private_key: "K" })).toEqual({ password: null, private_key: "K" });
});

it.each([["endpoint", "s3", true], ["endpoint", "aws", false], ["private_key", "sftp", false], ["password", "sftp", true], ["root", "local", true], ["root", "s3", false], ["prefix", "s3", false]] as const)("%s of %s is needed: %s", (field, preset, needed) => {
  expect(isNeeded(field, preset, freshValues(preset), [])).toBe(needed);
  expect(isNeeded(field, preset, freshValues(preset), [field])).toBe(false);
});
