import { ChannelConfig, NOTICE_KINDS } from "@safebase/contracts";
import { CHANNEL_CONTEXT } from "@safebase/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestApp, type CallOptions, type TestApp } from "./app-fixture.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";

const SECRET = "s3cr3t-p4th";
const SLACK = { type: "slack", url: `https://192.0.2.1/services/${SECRET}` };
const HOOK = { type: "webhook", url: `https://192.0.2.1:8443/hooks/${SECRET}?key=${SECRET}`, secret: `${SECRET}-hmac` };

let test: TestApp;
let admin: string, ann: string, bob: string;
let changes = 0;
beforeEach(async () => {
  changes = 0;
  test = await openTestApp({ SAFEBASE_ALLOWED_TARGETS: "127.0.0.1,mail.internal" }, { dispatcher: { kick: () => undefined, channelsChanged: () => { changes++; } } as Partial<Dispatcher> as Dispatcher });
  [admin, ann, bob] = [await test.account("admin@example.org"), await test.account("ann@example.org"), await test.account("bob@example.org")];
});
afterEach(() => test[Symbol.asyncDispose]());

const call = (method: string, path: string, token: string, json?: unknown) =>
  test.call(method, path, { token, ...(json === undefined ? {} : { json }) } satisfies CallOptions);
const create = (json: Record<string, unknown>, token = ann) => call("POST", "/api/channels", token, { name: "ops", config: SLACK, ...json });
const made = async (json: Record<string, unknown> = {}, token = ann): Promise<number> => (await create(json, token)).body.channel.id as number;
const database = async (token: string) =>
  (await call("POST", "/api/databases", token, { name: "shop", type: "postgresql", host: "db", port: 1, username: "u", password: "p", db_name: "shop" })).body.database.id as number;
/** What the notifier would open. */
const stored = async (id: number): Promise<unknown> => {
  const { config_sealed } = await test.db.selectFrom("channels").select("config_sealed").where("id", "=", id).executeTakeFirstOrThrow();
  return JSON.parse(test.deps.secrets.open(config_sealed, CHANNEL_CONTEXT));
};

describe("a channel", () => {
  it("is made with what fits its type, and shows where it leads but no secret", async () => {
    const { status, body } = await create({});
    expect(status).toBe(201);
    expect(body.channel).toEqual({
      id: 1, user_id: 2, name: "ops", type: "slack", target: "192.0.2.1", config: { type: "slack" }, secret_fields: ["url"], events: expect.any(Array), database_ids: null,
      all_users: false, language: "en", group_s: 60, enabled: true, source: "api", created_at: expect.any(String), updated_at: expect.any(String),
    });
    expect(body.channel.events).toContain("backup_failed");
    expect(body.channel.events).not.toContain("backup_completed");
    expect((await create({ config: HOOK })).body.channel).toMatchObject({ target: "192.0.2.1:8443", events: NOTICE_KINDS, config: { type: "webhook" }, secret_fields: ["url", "secret"] });
    expect((await create({ config: { type: "healthchecks", url: "https://192.0.2.1/x" } })).body.channel).toMatchObject({ group_s: 0, events: ["backup_completed", "backup_recovered", "backup_failed"] });
    const mail = { type: "email", to: ["a@example.org", "b@example.org"], smtp_url: `smtp://u:${SECRET}@192.0.2.9`, from: "SafeBase <s@example.org>" };
    expect((await create({ config: mail, language: "fr", group_s: 0, enabled: false })).body.channel).toMatchObject({
      target: "a@example.org, b@example.org", config: { type: "email", to: ["a@example.org", "b@example.org"], from: "SafeBase <s@example.org>" }, secret_fields: ["smtp_url"],
      language: "fr", group_s: 0, enabled: false,
    });
    expect((await create({ config: { type: "telegram", bot_token: SECRET, chat_id: "-7", api_url: "http://192.0.2.3" } })).body.channel).toMatchObject({
      target: "192.0.2.3", config: { type: "telegram", chat_id: "-7" }, secret_fields: ["bot_token", "api_url"],
    });
    expect(changes).toBe(5);
    expect(test.told.map(({ event, user_id }) => [event, user_id])).toEqual(Array.from({ length: 5 }, () => ["channel", 2]));
  });

  it.each([
    [{ config: { type: "slack", url: "ftp://192.0.2.1" } }, "config.url must be an http:// or https:// address"],
    [{ config: { type: "slack" } }, "config.url is missing"],
    [{ config: { type: "pigeon" } }, 'config.type must be email, slack, discord, teams, telegram, ntfy, webhook or healthchecks, got "pigeon"'],
    [{ config: {} }, "config.type is missing"],
    [{ config: { ...SLACK, channel: "#x" } }, "unknown field: config.channel"],
    [{ config: { type: "email", to: [] } }, "config.to must hold at least 1"],
    [{ config: { type: "email", to: ["a@example.org"], smtp_url: "mail.example.org" } }, "config.smtp_url must be like smtp://user:password@mail.example.org:587"],
    [{ config: { type: "email", to: ["a@example.org"], smtp_url: "smtp://" } }, "config.smtp_url must be like smtp://user:password@mail.example.org:587"],
    [{ config: { type: "webhook", url: "http://192.0.2.1", secret: "short" } }, "config.secret must have at least 8 characters"],
    [{ config: { type: "slack", url: "http://127.0.0.2/x" } }, "config.url: 127.0.0.2 is a loopback address: neither a channel nor a storage may lead there"],
    [{ config: { type: "webhook", url: "http://169.254.169.254/latest" } }, "config.url: 169.254.169.254 is a metadata service of a cloud: neither a channel nor a storage may lead there"],
    [{ config: { type: "email", to: ["a@example.org"], smtp_url: "smtp://[::1]:25" } }, "config.smtp_url: ::1 is a loopback address: neither a channel nor a storage may lead there"],
    [{ group_s: 3601 }, "group_s must be at most 3600, got 3601"],
    [{ config: { type: "healthchecks", url: "http://192.0.2.1" }, group_s: 30 }, "group_s must be 0 for healthchecks: each backup is a ping of its own"],
    [{ events: [] }, "events must hold at least one"],
    [{ events: ["moon_full"] }, /^events\.0 must be backup_completed, .* or server_sync_recovered, got "moon_full"$/],
    [{ database_ids: [] }, "database_ids must hold at least one, or be null for all"],
    [{ database_ids: [99] }, "database_ids: database 99 not found"],
    [{ language: "de" }, 'language must be en or fr, got "de"'],
    [{ name: " " }, 'name must have at least 1 character, got " "'],
  ])("%j is refused, by name", async (json, error) => {
    const answer = await create(json);
    expect(answer).toMatchObject({ status: 400, body: { code: "bad_request", error: typeof error === "string" ? error : expect.stringMatching(error) } });
    if (answer.body.error.includes("may lead there")) expect(answer.body.hint).toContain("SAFEBASE_ALLOWED_TARGETS");
    expect(answer.text).not.toContain(SECRET);
  });

  it("may lead to a host that does not answer, and to one that the configuration allows", async () => {
    expect(await create({ config: { type: "webhook", url: "http://127.0.0.1:1/" } })).toMatchObject({ status: 201, body: { warnings: [] } });
    expect((await create({ config: { type: "email", to: ["a@example.org"], smtp_url: "smtp://mail.internal" } })).status).toBe(201);
  });

  it("may lead to a host that only the notifier knows, which is said", async () => {
    const warnings = [{ code: "unreachable", message: expect.stringMatching(/^config\.url: the host no-such-host\.invalid cannot be found from here/) }];
    expect(await create({ config: { type: "slack", url: "https://no-such-host.invalid/x" } })).toMatchObject({ status: 201, body: { warnings } });
    expect(await call("PUT", `/api/channels/${await made()}`, ann, { config: { url: "https://no-such-host.invalid/x" } })).toMatchObject({ status: 200, body: { warnings } });
  });

  it("is told of everybody's things only if it is an admin's", async () => {
    expect(await create({ all_users: true })).toMatchObject({ status: 403, body: { error: "all_users: only an admin's or operator's channel may be told of everybody's databases" } });
    expect((await create({ all_users: true }, admin)).body.channel).toMatchObject({ all_users: true, user_id: 1 });
    const id = await made();
    for (const [token, query] of [[ann, ""], [admin, "?scope=all"]] as const) expect((await call("PUT", `/api/channels/${id}${query}`, token, { all_users: true })).status).toBe(403);
  });

  it("is limited to databases that it may be told of", async () => {
    const [hers, his] = [await database(ann), await database(bob)];
    expect((await create({ database_ids: [hers, hers] })).body.channel.database_ids).toEqual([hers]);
    expect(await create({ database_ids: [his] })).toMatchObject({ status: 400, body: { error: `database_ids: database ${his} not found` } });
    expect((await create({ database_ids: [his], all_users: true }, admin)).status).toBe(201);
    expect((await create({ database_ids: [his] }, admin)).status).toBe(400);
    const id = await made({ database_ids: [hers] });
    expect((await call("PUT", `/api/channels/${id}`, ann, { database_ids: [his] })).status).toBe(400);
    expect((await call("PUT", `/api/channels/${id}`, ann, { database_ids: null })).body.channel.database_ids).toBeNull();
  });
});

describe("a change", () => {
  it("leaves what it does not name, secrets included", async () => {
    const id = await made({ config: HOOK, language: "fr" });
    const renamed = await call("PUT", `/api/channels/${id}`, ann, { name: "new", group_s: 5, events: ["backup_failed"] });
    expect(renamed).toMatchObject({ status: 200, body: { channel: { name: "new", group_s: 5, events: ["backup_failed"], language: "fr", secret_fields: ["url", "secret"] } } });
    expect(await stored(id)).toEqual(HOOK);
    await call("PUT", `/api/channels/${id}`, ann, { config: { secret: "another secret" } });
    expect(await stored(id)).toEqual({ ...HOOK, secret: "another secret" });
    await call("PUT", `/api/channels/${id}`, ann, { config: { type: "webhook", url: HOOK.url } });
    expect(await stored(id)).toEqual({ ...HOOK, secret: "another secret" });
  });

  it("of the address asks for the secret again, or for none", async () => {
    const id = await made({ config: HOOK });
    const url = "http://192.0.2.66/evil";
    expect(await call("PUT", `/api/channels/${id}`, ann, { config: { url } })).toMatchObject({
      status: 400, body: { error: "config.secret is missing: it must be given again when config.url changes", hint: "send it in the same request, or null for none" },
    });
    expect(await stored(id)).toEqual(HOOK);
    expect((await call("PUT", `/api/channels/${id}`, ann, { config: { url, secret: null } })).body.channel).toMatchObject({ target: "192.0.2.66", secret_fields: ["url"] });
    expect(await stored(id)).toEqual({ type: "webhook", url });
    const telegram = await made({ config: { type: "telegram", bot_token: SECRET, chat_id: "1", api_url: "http://192.0.2.3" } });
    expect((await call("PUT", `/api/channels/${telegram}`, ann, { config: { api_url: "http://192.0.2.4" } })).body.error).toBe("config.bot_token is missing: it must be given again when config.api_url changes");
    expect((await call("PUT", `/api/channels/${telegram}`, ann, { config: { chat_id: "2" } })).body.channel).toMatchObject({ config: { chat_id: "2" }, target: "192.0.2.3" });
  });

  it("of the type begins anew", async () => {
    const id = await made({ config: HOOK });
    expect((await call("PUT", `/api/channels/${id}`, ann, { config: { type: "slack" } })).body.error).toBe("config.url is missing");
    expect((await call("PUT", `/api/channels/${id}`, ann, { config: SLACK })).body.channel).toMatchObject({ type: "slack", secret_fields: ["url"] });
    expect((await call("PUT", `/api/channels/${id}`, ann, { config: { type: "healthchecks", url: "http://192.0.2.1" } })).body.channel.group_s).toBe(0);
    expect((await call("PUT", `/api/channels/${id}`, ann, { config: SLACK })).body.channel.group_s).toBe(60);
    expect((await call("PUT", `/api/channels/${id}`, ann, { config: { url: "http://localhost" } })).status).toBe(400);
    expect((await call("PUT", `/api/channels/${id}`, ann, { nme: "x" })).body.error).toBe("unknown field: nme");
  });
});

describe("channels of others", () => {
  it("are as missing as none, but for an admin who asks for all", async () => {
    const id = await made();
    const routes = [["GET", `/api/channels/${id}`], ["PUT", `/api/channels/${id}`, { name: "x" }], ["DELETE", `/api/channels/${id}`], ["POST", `/api/channels/${id}/test`]] as const;
    for (const token of [bob, admin]) {
      for (const [method, path, json] of routes) expect(await call(method, path, token, json), `${method} ${path}`).toMatchObject({ status: 404, body: { error: `channel ${id} not found` } });
      expect((await call("GET", "/api/channels", token)).body.channels).toEqual([]);
    }
    expect((await call("GET", "/api/channels?scope=all", bob)).status).toBe(403);
    expect((await call("GET", "/api/channels?scope=all", admin)).body.channels).toHaveLength(1);
    expect((await call("PUT", `/api/channels/${id}?scope=all`, admin, { name: "x" })).body.channel).toMatchObject({ name: "x", user_id: 2 });
    expect((await call("DELETE", `/api/channels/${id}?scope=all`, admin)).body).toEqual({ message: `channel ${id} is removed` });
    expect((await call("GET", `/api/channels/${id}`, ann)).status).toBe(404);
    expect(test.told.at(-1)).toEqual({ user_id: 2, event: "channel", data: { id, deleted: true } });
  });

  it("go with their account", async () => {
    await made({}, bob);
    expect((await call("DELETE", "/api/users/3", admin)).status).toBe(200);
    expect((await call("GET", "/api/channels?scope=all", admin)).body.channels).toEqual([]);
  });
});

describe("the secrets of a channel", () => {
  it("are in no answer, no event, no audit entry, and nowhere readable in the catalog", async () => {
    const answers = [await create({ config: HOOK }), await create({ config: { type: "email", to: ["a@example.org"], smtp_url: `smtp://u:${SECRET}@192.0.2.9` } })];
    const id = answers[0]!.body.channel.id as number;
    answers.push(
      await call("GET", "/api/channels", ann), await call("GET", `/api/channels/${id}`, ann), await call("PUT", `/api/channels/${id}`, ann, { config: { secret: `${SECRET}-2nd` } }),
      await create({ config: { type: "webhook", url: `https://${SECRET}:${SECRET}@127.0.0.2/${SECRET}` } }), await create({ config: { type: "ntfy", topic: `${SECRET}!`, url: "http://192.0.2.1" } }),
      await create({ config: { type: "telegram", bot_token: { [SECRET]: 1 }, chat_id: "1" } }), await call("GET", "/api/audit", ann), await call("DELETE", `/api/channels/${id}`, ann),
    );
    for (const { text } of answers) expect(text).not.toContain(SECRET);
    expect(JSON.stringify(test.told)).not.toContain(SECRET);
    const tables = await test.db.introspection.getTables();
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(["channels", "audit", "notices", "notifications"]));
    for (const { name } of tables) expect(JSON.stringify(await test.db.selectFrom(name as "audit").selectAll().execute()), name).not.toContain(SECRET);
    expect((await test.db.selectFrom("audit").select("action").where("object_type", "=", "channel").orderBy("id").execute()).map(({ action }) => action)).toEqual(["channel.create", "channel.create", "channel.update", "channel.delete"]);
  });

  it("are what a channel's config says they are", () => {
    // Whoever adds a type or a field decides here whether it may be shown.
    const fields = ChannelConfig.options.flatMap((option) => Object.keys(option.shape));
    expect([...new Set(fields)].sort()).toEqual(["api_url", "bot_token", "chat_id", "from", "secret", "smtp_url", "to", "token", "topic", "type", "url"]);
  });
});
