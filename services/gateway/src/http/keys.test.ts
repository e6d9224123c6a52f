import { execFileSync } from "node:child_process";
import { generateAgeKey, recipientOf } from "@safebase/artifact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestApp, PASSWORD, type Answer, type TestApp } from "./app-fixture.ts";

const FIELDS = { name: "shop", type: "postgresql", host: "127.0.0.1", port: 5432, username: "backup", password: "p", db_name: "shop" };

let test: TestApp;
let admin: string, ann: string, ben: string;
beforeEach(async () => {
  test = await openTestApp();
  [admin, ann, ben] = [await test.account("admin@example.org"), await test.account("ann@example.org"), await test.account("ben@example.org")];
});
afterEach(() => test[Symbol.asyncDispose]());

const add = (json: object, token = ann) => test.call("POST", "/api/keys", { token, json: { name: "mine", ...json } });
const generated = async (token = ann) => (await add({ generate: true }, token)).body.key as { id: number; recipient: string };
const take = (id: number, password = PASSWORD, token = ann, query = "") => test.call("POST", `/api/keys/${id}/identity${query}`, { token, json: { password } });
const call = (method: string, path: string, json?: unknown, token = ann) => test.call(method, path, { token, ...(json === undefined ? {} : { json }) });
const setKey = (encryption_key_id: number | null, token = ann): Promise<Answer> => call("POST", "/api/databases", { ...FIELDS, encryption_key_id }, token);
const audited = async (action: string) => (await call("GET", `/api/audit?action=${action}&scope=all`, undefined, admin)).body.entries as object[];

describe("POST /api/keys", () => {
  it("makes a pair whose identity is sealed here, and shown to nobody", async () => {
    const answer = await add({ generate: true });
    expect(answer).toMatchObject({ status: 201, body: { key: { id: 1, user_id: 2, name: "mine", identity_kept: true, identity_given_at: null, retired_at: null } } });
    const [row] = await test.db.selectFrom("encryption_keys").selectAll().execute();
    expect(row?.identity_sealed).toMatch(/^v1\./);
    expect(recipientOf(test.deps.secrets.open(row?.identity_sealed ?? "", "identity"))).toBe(answer.body.key.recipient);
    const everything = JSON.stringify([row, await test.db.selectFrom("audit").selectAll().execute(), answer.text, (await call("GET", "/api/keys")).text, (await call("GET", "/api/keys/1")).text]);
    expect(everything).not.toContain("AGE-SECRET-KEY");
    expect(await audited("key.create")).toMatchObject([{ object_id: 1, detail: { recipient: answer.body.key.recipient, identity_kept: true } }]);
  });

  it("takes a recipient whose identity stays away", async () => {
    const { recipient } = generateAgeKey();
    expect(await add({ recipient })).toMatchObject({ status: 201, body: { key: { recipient, identity_kept: false } } });
    expect(await take(1)).toMatchObject({ status: 409, body: { error: "the identity of key 1 is not kept here" } });
    expect(await add({ recipient })).toMatchObject({ status: 409, body: { error: `you have a key of ${recipient} already` } });
    expect(await add({ recipient }, ben)).toMatchObject({ status: 201 });
  });

  it("takes an identity that is known, and keeps it here; also of a key whose identity was away", async () => {
    const { identity, recipient } = generateAgeKey();
    expect(await add({ identity: `# created: today\n${identity}\n` })).toMatchObject({ status: 201, body: { key: { recipient, identity_kept: true } } });
    expect((await take(1)).body).toEqual({ identity, recipient });
    const away = generateAgeKey();
    await add({ recipient: away.recipient });
    const keep = (given: string, token = ann) => call("PUT", "/api/keys/2/identity", { identity: given }, token);
    expect(await keep(identity)).toMatchObject({ status: 400, body: { error: `identity: it is that of ${recipient}, and key 2 is ${away.recipient}` } });
    expect(await keep(`${identity}\n${away.identity}`)).toMatchObject({ status: 400 });
    for (const token of [ben, admin]) expect(await keep(away.identity, token)).toMatchObject({ status: 404 });
    expect(await keep(away.identity)).toMatchObject({ status: 200, body: { key: { identity_kept: true } } });
    expect((await take(2)).body).toEqual(away);
    expect(await add({ identity: away.identity })).toMatchObject({ status: 409, body: { hint: expect.stringContaining("/identity") } });
    expect(JSON.stringify(await test.db.selectFrom("audit").selectAll().execute())).not.toContain("AGE-SECRET-KEY");
  });

  it("refuses what age could not encrypt to, and repeats no secret that was given by mistake", async () => {
    const { identity, recipient } = generateAgeKey();
    for (const wrong of [identity, recipient.slice(0, -1), "ssh-ed25519 AAAA", "x"]) {
      expect(await add({ recipient: wrong })).toMatchObject({ status: 400, body: { error: "recipient: that is no X25519 recipient of age" } });
    }
    expect((await add({ recipient: identity })).text).not.toContain(identity.slice(20));
    expect((await add({ generate: false })).status).toBe(400);
    expect((await add({ generate: true, recipient })).status).toBe(400);
    expect((await add({ generate: true, identity })).text).not.toContain(identity.slice(20));
    expect((await call("GET", "/api/keys")).body.keys).toEqual([]);
  });
});

describe("a key's identity", () => {
  it("is given to its owner for his password, once more and audited, and is the one that age needs", async () => {
    const { id, recipient } = await generated();
    const { body, headers } = await take(id);
    expect(execFileSync("age-keygen", ["-y"], { input: body.identity, encoding: "utf8" }).trim()).toBe(recipient);
    expect([body.recipient, headers.get("cache-control")]).toEqual([recipient, "no-store"]);
    expect((await call("GET", `/api/keys/${id}`)).body.key).toMatchObject({ identity_kept: true, identity_given_at: expect.any(String) });
    expect(await audited("key.identity")).toMatchObject([{ object_id: id, outcome: "ok", actor: "ann@example.org" }]);
  });

  it("is given for no other password, and not to whoever guesses on", async () => {
    const { id } = await generated();
    for (let guess = 0; guess < 5; guess++) expect(await take(id, `guess ${guess}`)).toMatchObject({ status: 403, body: { error: "the password is wrong" } });
    expect(await take(id)).toMatchObject({ status: 429 });
    expect(await audited("key.identity")).toHaveLength(5);
    expect((await test.db.selectFrom("encryption_keys").selectAll().executeTakeFirstOrThrow()).identity_given_at).toBeNull();
  });

  it("is given to nobody else, not even an admin", async () => {
    const { id } = await generated();
    expect(await take(id, PASSWORD, ben)).toMatchObject({ status: 404 });
    expect(await take(id, PASSWORD, admin, "?scope=all")).toMatchObject({ status: 404 });
    expect(await call("GET", `/api/keys/${id}?scope=all`, undefined, admin)).toMatchObject({ status: 200, body: { key: { id } } });
  });

  it("is forgotten when its owner says so, but not before he has it", async () => {
    const { id } = await generated();
    expect(await call("DELETE", `/api/keys/${id}/identity`)).toMatchObject({ status: 409, body: { error: expect.stringContaining("nobody has taken the identity") } });
    await take(id);
    expect(await call("DELETE", `/api/keys/${id}/identity`)).toMatchObject({ status: 200, body: { key: { identity_kept: false } } });
    expect((await test.db.selectFrom("encryption_keys").selectAll().executeTakeFirstOrThrow()).identity_sealed).toBeNull();
    expect(await call("DELETE", `/api/keys/${id}/identity`)).toMatchObject({ status: 409 });
    expect(await audited("key.keep_away")).toHaveLength(1);
  });
});

describe("a database's key", () => {
  it("is its owner's, and shown", async () => {
    const { id } = await generated();
    expect((await setKey(id)).body.database).toMatchObject({ encryption_key_id: id });
    expect(await setKey(id, ben)).toMatchObject({ status: 404, body: { error: `key ${id} not found` } });
    expect(await setKey(99)).toMatchObject({ status: 404 });
    const other = await generated(ben);
    expect(await call("PUT", "/api/databases/1", { encryption_key_id: other.id })).toMatchObject({ status: 404 });
    expect(await call("PUT", "/api/databases/1?scope=all", { encryption_key_id: other.id }, admin)).toMatchObject({ status: 404 });
    const next = await generated();
    expect((await call("PUT", "/api/databases/1", { encryption_key_id: next.id })).body.database).toMatchObject({ encryption_key_id: next.id, has_password: true });
    expect(await audited("database.update")).toMatchObject([{ detail: { changed: ["encryption_key_id"], encryption_key_id: next.id } }]);
    expect((await call("PUT", "/api/databases/1", { name: "x" })).body.database).toMatchObject({ encryption_key_id: next.id });
    expect((await call("PUT", "/api/databases/1", { encryption_key_id: null })).body.database).toMatchObject({ encryption_key_id: null });
  });

  it("is neither deleted nor retired while it is that, and no retired one becomes it", async () => {
    const { id } = await generated();
    await setKey(id);
    for (const [method, json] of [["DELETE", undefined], ["PUT", { retired: true }]] as const) {
      expect(await call(method, `/api/keys/${id}`, json)).toMatchObject({ status: 409, body: { error: `shop is encrypted with key ${id}` } });
    }
    await call("PUT", "/api/databases/1", { encryption_key_id: null });
    expect(await call("PUT", `/api/keys/${id}`, { retired: true, name: "old" })).toMatchObject({ status: 200, body: { key: { name: "old", retired_at: expect.any(String) } } });
    expect(await call("PUT", "/api/databases/1", { encryption_key_id: id })).toMatchObject({ status: 409, body: { error: `key ${id} is retired` } });
    expect(await call("PUT", `/api/keys/${id}`, { retired: false })).toMatchObject({ status: 200, body: { key: { retired_at: null } } });
    expect(await call("DELETE", `/api/keys/${id}`)).toMatchObject({ status: 200 });
    expect((await call("GET", "/api/keys")).body.keys).toEqual([]);
  });
});

it("an account that owns nothing but keys can be deleted, and they go with it", async () => {
  await generated();
  expect(await call("DELETE", "/api/users/2", undefined, admin)).toMatchObject({ status: 200 });
  expect(await test.db.selectFrom("encryption_keys").selectAll().execute()).toEqual([]);
});

it("keys of others are as missing as none", async () => {
  const { id } = await generated();
  expect((await call("GET", "/api/keys", undefined, ben)).body.keys).toEqual([]);
  for (const [method, path, json] of [["GET", "", undefined], ["PUT", "", { name: "x" }], ["DELETE", "", undefined], ["DELETE", "/identity", undefined]] as const) {
    expect(await call(method, `/api/keys/${id}${path}`, json, ben), `${method} ${path}`).toMatchObject({ status: 404, body: { error: `key ${id} not found` } });
  }
  expect((await call("GET", `/api/keys/${id}`)).body.key).toMatchObject({ name: "mine", identity_kept: true });
});
