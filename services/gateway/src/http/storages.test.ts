import type { StorageTestRequest } from "@safebase/contracts";
import { STORAGE_CONTEXT, type Bus } from "@safebase/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestApp, type TestApp } from "./app-fixture.ts";

const SECRET = "s3cr3t-k3y";
const S3 = { type: "s3", endpoint: "https://192.0.2.1:9000", bucket: "backups", prefix: "prod/", access_key_id: "AKIA", secret_access_key: SECRET };
const SFTP = { type: "sftp", host: "192.0.2.2", username: "backup", password: SECRET, host_fingerprint: `SHA256:${"a".repeat(43)}`, root: "/srv/backups" };

let test: TestApp;
let admin: string, ann: string, ben: string;
beforeEach(async () => {
  test = await openTestApp({ SAFEBASE_ALLOWED_TARGETS: "127.0.0.1" });
  [admin, ann, ben] = [await test.account("admin@example.org"), await test.account("ann@example.org"), await test.account("ben@example.org")];
});
afterEach(() => test[Symbol.asyncDispose]());

const call = (method: string, path: string, json?: unknown, token = ann) => test.call(method, `/api/storages${path}`, { token, ...(json === undefined ? {} : { json }) });
const add = (json: object = {}, token = ann) => call("POST", "", { name: "offsite", config: S3, ...json }, token);
const made = async (json: object = {}, token = ann) => (await add(json, token)).body.storage.id as number;
const names = async (token = ann, query = "") => ((await call("GET", query, undefined, token)).body.storages as { name: string }[]).map(({ name }) => name);
const stored = async (id: number): Promise<unknown> => {
  const { config_sealed } = await test.db.selectFrom("storages").select("config_sealed").where("id", "=", id).executeTakeFirstOrThrow();
  return JSON.parse(test.deps.secrets.open(config_sealed ?? "", STORAGE_CONTEXT));
};
const audited = () => test.db.selectFrom("audit").select(["action", "detail"]).where("action", "like", "storage.%").orderBy("id").execute();

describe("a storage", () => {
  it("is added, sealed, and shows where it lies but no secret", async () => {
    const { status, body } = await add();
    expect(status).toBe(201);
    expect(body).toEqual({
      storage: {
        id: 2, user_id: 2, name: "offsite", type: "s3", target: "192.0.2.1:9000/backups/prod", shared: false, encryption_key_id: null,
        config: { type: "s3", endpoint: S3.endpoint, region: "us-east-1", bucket: "backups", prefix: "prod", access_key_id: "AKIA", timeout_s: 60 }, secret_fields: ["secret_access_key"],
        copies: { count: 0, bytes: 0 }, status: [], created_at: expect.any(String), updated_at: expect.any(String),
      },
      warnings: [],
    });
    expect(await stored(2)).toMatchObject({ ...S3, id: "offsite", prefix: "prod" });
    expect((await add({ name: "nas", config: { ...SFTP, private_key: `-----BEGIN PRIVATE KEY-----\n${SECRET}`, passphrase: SECRET } })).body.storage).toMatchObject({
      target: "backup@192.0.2.2:22/srv/backups", config: { host: "192.0.2.2", port: 22 }, secret_fields: ["password", "private_key", "passphrase"],
    });
    expect((await add({ name: "plain", config: { ...S3, endpoint: "http://127.0.0.1:9000" } })).body).toMatchObject({ warnings: [{ code: "not_encrypted_in_transit" }] });
    const everything = [(await call("GET", "")).text, (await call("GET", "/2")).text, JSON.stringify(await audited()), JSON.stringify(await test.db.selectFrom("storages").selectAll().execute())];
    expect(everything.join()).not.toContain(SECRET);
    expect(await audited()).toMatchObject([{ action: "storage.create", detail: expect.stringContaining('"target":"192.0.2.1:9000/backups/prod"') }, {}, {}]);
  });

  const REFUSED: [object, string][] = [
    [{ name: "Offsite" }, "name must be a name of 1 to 63 lower-case letters, digits and hyphens, which begins with a letter or a digit, got \"Offsite\""],
    [{ config: { type: "ftp" } }, 'config.type must be local, s3 or sftp, got "ftp"'],
    [{ config: { type: "s3", bucket: "backups" } }, "config.access_key_id and config.secret_access_key are missing"],
    [{ config: { ...S3, bukcet: "x" } }, "unknown field: config.bukcet"],
    [{ config: { ...S3, id: "x" } }, "unknown field: config.id"],
    [{ config: { ...S3, lock_days: 7 } }, "config.lock_mode is missing"],
    [{ config: { ...S3, kms_key_id: "k" } }, 'config.kms_key_id must come with encryption: aws:kms, got "k"'],
    [{ config: { ...SFTP, private_key: SECRET } }, "config.private_key must be a private key in PEM or OpenSSH's format"],
    [{ config: { ...S3, endpoint: "http://127.0.0.2:9000" } }, "config.endpoint: 127.0.0.2 is a loopback address: neither a channel nor a storage may lead there"],
    [{ config: { ...S3, endpoint: "http://169.254.169.254" } }, "config.endpoint: 169.254.169.254 is a metadata service of a cloud: neither a channel nor a storage may lead there"],
    [{ config: { ...SFTP, host: "::1" } }, "config.host: ::1 is a loopback address: neither a channel nor a storage may lead there"],
    [{ config: { ...SFTP, host: "localhost" } }, "config.host: localhost is a name for the machine itself or its cloud: neither a channel nor a storage may lead there"],
  ];
  it("that makes no sense is refused in a sentence", async () => {
    for (const [json, error] of REFUSED) {
      const { status, body, text } = await add(json);
      expect([status, body.error]).toEqual([400, error]);
      expect(text).not.toContain(SECRET);
    }
    expect(await names()).toEqual(["local"]);
  });

  it("has a name of its own in the whole installation", async () => {
    await add();
    expect(await add({}, ben)).toMatchObject({ status: 409, body: { error: "there is a storage named offsite already" } });
    expect(await add({ name: "local" })).toMatchObject({ status: 409 });
  });

  it("is its owner's; others do not see it", async () => {
    const id = await made();
    expect([await names(), await names(ben), await names(admin), await names(admin, "?scope=all")]).toEqual([["local", "offsite"], ["local"], ["local"], ["local", "offsite"]]);
    for (const [method, json] of [["GET", undefined], ["PUT", { shared: true }], ["DELETE", undefined]] as const) {
      for (const token of [ben, admin]) expect(await call(method, `/${id}`, json, token), method).toMatchObject({ status: 404, body: { error: `storage ${id} not found` } });
    }
    expect((await call("GET", `/${id}?scope=all`, undefined, admin)).body.storage).toMatchObject({ config: { bucket: "backups" } });
  });

  it("is for everybody when an admin says so of his own, and then an admin's to change", async () => {
    expect(await add({ shared: true })).toMatchObject({ status: 403, body: { error: "shared: only an admin's storage may be for everybody" } });
    const [own, id] = [await made(), await made({ name: "vault", shared: true }, admin)];
    expect(await call("PUT", `/${own}?scope=all`, { shared: true }, admin)).toMatchObject({ status: 403 });
    expect((await call("GET", `/${id}`)).body.storage).toMatchObject({ shared: true, target: "192.0.2.1:9000/backups/prod", config: { type: "s3" }, secret_fields: [] });
    expect((await call("GET", `/${id}`)).text).not.toContain("AKIA");
    for (const [method, json] of [["PUT", { config: { bucket: "mine" } }], ["DELETE", undefined]] as const) {
      expect(await call(method, `/${id}`, json), method).toMatchObject({ status: 403, body: { error: "the storage vault is shared: only an admin may change it" } });
    }
    await test.db.updateTable("users").set({ role: "admin" }).where("email", "=", "ben@example.org").execute();
    expect(await call("PUT", `/${id}`, { shared: false }, ben)).toMatchObject({ status: 403, body: { hint: expect.stringContaining("scope=all") } });
    await test.db.updateTable("users").set({ role: "user" }).where("email", "=", "admin@example.org").execute();
    expect(await call("PUT", `/${id}`, { config: { prefix: "mine" } }, admin)).toMatchObject({ status: 403 }); // he was an admin
    expect((await call("PUT", `/${id}?scope=all`, { shared: false }, ben)).body.storage).toMatchObject({ shared: false });
    expect(await names()).toEqual(["local", "offsite"]);
  });

  it("is a folder of the executors' machines for admins only", async () => {
    const config = { type: "local", root: "/mnt/backups" };
    expect(await add({ config })).toMatchObject({ status: 403, body: { error: "config.type: only an admin may store in a folder of the executors' machines" } });
    const id = await made();
    expect(await call("PUT", `/${id}`, { config })).toMatchObject({ status: 403 });
    expect(await add({ name: "mnt", config }, admin)).toMatchObject({ status: 201, body: { storage: { target: "/mnt/backups" }, warnings: [{ code: "folder_of_each_machine" }] } });
    expect(await add({ name: "rel", config: { type: "local", root: "mnt" } }, admin)).toMatchObject({ status: 400, body: { error: 'config.root must be an absolute path, got "mnt"' } });
  });
});

describe("a change", () => {
  it("leaves what is not named, and takes away what is null", async () => {
    const id = await made({ config: { ...S3, storage_class: "STANDARD_IA" } });
    expect(await call("PUT", `/${id}`, { config: { prefix: "next", storage_class: null } })).toMatchObject({ status: 200, body: { storage: { target: "192.0.2.1:9000/backups/next" }, warnings: [] } });
    expect(await stored(id)).toEqual({ ...S3, id: "offsite", prefix: "next", region: "us-east-1", timeout_s: 60 });
    expect(await call("PUT", `/${id}`, { config: { prefix: "../x" } })).toMatchObject({ status: 400, body: { error: expect.stringMatching(/^config\.prefix must be a path/) } });
    expect(await call("PUT", `/${id}`, { name: "offsite" })).toMatchObject({ status: 200 });
    expect(await call("PUT", `/${id}`, { name: "other" })).toMatchObject({ status: 400, body: { error: "name: a storage's name never changes, for backups and schedules mean it by its name; this one is offsite" } });
    expect((await audited()).at(-2)?.detail).toContain('"changed":["config.prefix","config.storage_class"]');
  });

  const MOVED: [typeof S3 | typeof SFTP, object, string][] = [
    [S3, { endpoint: "https://192.0.2.9" }, "config.secret_access_key is missing: it must be given again when config.endpoint changes"],
    [S3, { endpoint: null, bucket: "other" }, "config.secret_access_key is missing: it must be given again when config.endpoint and config.bucket changes"],
    [SFTP, { host: "192.0.2.9" }, "config.password is missing: it must be given again when config.host changes"],
    [SFTP, { port: 23, username: "x" }, "config.password is missing: it must be given again when config.port and config.username changes"],
    [SFTP, { host_fingerprint: `SHA256:${"b".repeat(43)}` }, "config.password is missing: it must be given again when config.host_fingerprint changes"],
  ];
  it("of where secrets are sent needs them again", async () => {
    for (const [index, [config, change, error]] of MOVED.entries()) {
      const id = await made({ name: `s-${index}`, config });
      const before = await stored(id);
      expect(await call("PUT", `/${id}`, { config: change })).toMatchObject({ status: 400, body: { error } });
      expect(await stored(id)).toEqual(before);
      const again = config.type === "s3" ? { secret_access_key: "new" } : { password: "new" };
      expect(await call("PUT", `/${id}`, { config: { ...change, ...again } })).toMatchObject({ status: 200 });
      expect(await stored(id)).toMatchObject(again);
    }
  });

  it("leads nowhere where a new one may not lead", async () => {
    const id = await made();
    expect(await call("PUT", `/${id}`, { config: { endpoint: "http://[::1]:9000", secret_access_key: "x" } })).toMatchObject({ status: 400, body: { error: expect.stringContaining("neither a channel nor a storage") } });
    expect(await call("PUT", `/${id}`, { config: SFTP })).toMatchObject({ status: 200, body: { storage: { type: "sftp", target: "backup@192.0.2.2:22/srv/backups" } } });
    expect(await call("PUT", `/${id}`, { config: { type: "s3", bucket: "backups" } })).toMatchObject({ status: 400, body: { error: "config.access_key_id and config.secret_access_key are missing" } });
  });
});

describe("the storage local", () => {
  it("is there for everybody, and neither changed nor removed", async () => {
    expect((await call("GET", "")).body.storages).toMatchObject([{ id: 1, user_id: null, name: "local", type: "local", shared: true, target: "the data folder of each executor", config: { type: "local" }, secret_fields: [] }]);
    expect(await call("PUT", "/1", { encryption_key_id: null })).toMatchObject({ status: 403, body: { error: "the storage local is shared: only an admin may change it" } });
    expect(await call("DELETE", "/1")).toMatchObject({ status: 403 });
    for (const json of [{ shared: false }, { config: { root: "/x" } }]) {
      expect(await call("PUT", "/1", json, admin)).toMatchObject({ status: 409, body: { error: "the storage local is a part of every executor: nothing but its encryption_key_id can be changed" } });
    }
    expect(await call("DELETE", "/1", undefined, admin)).toMatchObject({ status: 409, body: { error: "the storage local is a part of every executor: it cannot be removed" } });
    const key = (await test.call("POST", "/api/keys", { token: admin, json: { name: "vault", generate: true } })).body.key.id as number;
    expect(await call("PUT", "/1", { encryption_key_id: key }, admin)).toMatchObject({ status: 200, body: { storage: { encryption_key_id: key } } });
  });
});

it("a storage's key is its owner's, and not retired", async () => {
  const key = async (token: string) => (await test.call("POST", "/api/keys", { token, json: { name: "k", generate: true } })).body.key.id as number;
  const [own, bens] = [await key(ann), await key(ben)];
  expect(await add({ encryption_key_id: bens })).toMatchObject({ status: 404, body: { error: `key ${bens} not found` } });
  const id = await made({ encryption_key_id: own });
  expect((await call("PUT", `/${id}`, { encryption_key_id: null })).body.storage).toMatchObject({ encryption_key_id: null });
  await test.call("PUT", `/api/keys/${own}`, { token: ann, json: { retired: true } });
  expect(await call("PUT", `/${id}`, { encryption_key_id: own })).toMatchObject({ status: 409, body: { error: `key ${own} is retired` } });
});

it("a storage that nothing names is removed, with a note", async () => {
  const id = await made();
  expect(await call("DELETE", `/${id}?forget=maybe`)).toMatchObject({ status: 400 });
  expect(await call("DELETE", `/${id}`)).toMatchObject({ status: 200, body: { message: "the storage offsite is removed" } });
  expect(await names()).toEqual(["local"]);
  expect((await audited()).at(-1)).toMatchObject({ action: "storage.delete", detail: expect.stringContaining('"copies_forgotten":0') });
});

it("a key is neither deleted nor retired while a storage encrypts with it, nor an account deleted that has a storage or such a key", async () => {
  const key = (await test.call("POST", "/api/keys", { token: ann, json: { name: "k", generate: true } })).body.key.id as number;
  const id = await made({ encryption_key_id: key });
  for (const [method, json] of [["DELETE", undefined], ["PUT", { retired: true }]] as const) {
    expect(await test.call(method, `/api/keys/${key}`, { token: ann, json })).toMatchObject({ status: 409, body: { error: `what goes to the storage offsite is encrypted with key ${key}` } });
  }
  const gone = () => test.call("DELETE", "/api/users/2", { token: admin });
  expect(await gone()).toMatchObject({ status: 409, body: { error: expect.stringContaining("still owns databases, servers, backups, schedules or storages") } });
  await call("DELETE", `/${id}`);
  await test.db.updateTable("storages").set({ encryption_key_id: key }).where("name", "=", "local").execute();
  expect(await gone()).toMatchObject({ status: 409 });
  await test.db.updateTable("storages").set({ encryption_key_id: null }).execute();
  expect(await gone()).toMatchObject({ status: 200 });
});

describe("a test", () => {
  const asked: { subject: string; payload: StorageTestRequest }[] = [];
  let reply: unknown;
  const bus = { broadcast: () => undefined, request: async (subject: string, payload: StorageTestRequest) => { asked.push({ subject, payload }); return reply; } } as Partial<Bus> as Bus;
  const steps = [{ step: "write", ok: true, elapsed_ms: 3 }, { step: "read", ok: false, elapsed_ms: 1 }] as const;
  beforeEach(async () => {
    await test[Symbol.asyncDispose]();
    test = await openTestApp({}, { bus });
    [admin, ann, ben] = [await test.account("admin@example.org"), await test.account("ann@example.org"), await test.account("ben@example.org")];
    asked.length = 0;
    reply = { steps: [{ ...steps[0] }], elapsed_ms: 4, failure: null };
  });

  it("is an executor's, of the group that is named, which gets the config sealed", async () => {
    const id = await made();
    expect(await call("POST", `/${id}/test`, {})).toMatchObject({ status: 200, body: { ok: true, steps: [{ step: "write" }], elapsed_ms: 4 } });
    reply = { steps, elapsed_ms: 5, failure: { code: "storage_refused", message: "objects can be written but not read back: no", hint: "look" } };
    expect(await call("POST", "/test", { config: S3, group: "east" })).toMatchObject({ status: 400, body: { error: "group: unknown executor group: east" } });
    await test.call("PUT", "/api/executors/groups/east", { token: admin, json: { open: true } });
    expect(await call("POST", "/test", { config: { ...S3, bucket: "other" }, group: "east" })).toMatchObject({
      status: 200, body: { ok: false, steps: [{}, { step: "read", ok: false }], error: "objects can be written but not read back: no", code: "storage_refused", hint: "look", elapsed_ms: 5 },
    });
    expect(asked.map(({ subject }) => subject)).toEqual(["safebase.storage-test.default", "safebase.storage-test.east"]);
    expect(JSON.stringify(asked)).not.toContain(SECRET);
    expect(JSON.parse(test.deps.secrets.forGroup("east").open(asked[1]?.payload.storage.config_sealed ?? "", STORAGE_CONTEXT))).toMatchObject({ ...S3, bucket: "other", prefix: "prod" });
    expect(await test.db.selectFrom("audit").select(["object_id", "outcome", "detail"]).where("action", "=", "storage.test").orderBy("id").execute()).toEqual([
      { object_id: id, outcome: "ok", detail: '{"type":"s3","target":"192.0.2.1:9000/backups/prod","group":"default"}' },
      { object_id: null, outcome: "failed", detail: '{"type":"s3","target":"192.0.2.1:9000/other/prod","group":"east","code":"storage_refused"}' },
    ]);
    expect(await call("POST", "/1/test", {})).toMatchObject({ status: 200 }); // everybody's
    expect(asked[2]?.payload).toEqual({ storage: { name: "local", config_sealed: null } });
  });

  it("is neither made of what others have, nor of where none may lead", async () => {
    const id = await made();
    expect(await call("POST", `/${id}/test`, {}, ben)).toMatchObject({ status: 404 });
    expect(await call("POST", "/test", { config: { ...S3, endpoint: "http://127.0.0.1" } })).toMatchObject({ status: 400, body: { error: expect.stringContaining("loopback") } });
    expect(await call("POST", "/test", { config: { type: "local", root: "/etc" } })).toMatchObject({ status: 403 });
    expect(await call("POST", "/test", { config: S3, group: "a.b" })).toMatchObject({ status: 400, body: { error: 'group may hold letters, digits, - and _, 64 at most, got "a.b"' } });
    expect(asked).toEqual([]);
  });

  it("is not made more than ten times a minute by one user", async () => {
    for (let n = 0; n < 10; n++) expect((await call("POST", "/1/test", {})).status).toBe(200);
    expect(await call("POST", "/1/test", {})).toMatchObject({ status: 429, body: { error: "too many tests of storages, try again later" } });
    expect((await call("POST", "/1/test", {}, ben)).status).toBe(200);
  });
});
