import { mintExecutorCreds } from "@safebase/runtime";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openTestApp, type TestApp } from "./app-fixture.ts";

/** Of no installation. */
const SIGNING = { seed: "SAAADWJBJXEZ2AMH674VPRBZO7WNWE5FVTQM465BYGSUMGLU7FVPNNV3YY", account: "AC7KPVUQCRUI5YRTHLBZILALU3LTGKLYX24BIZUPV45CNZEI7OILKJQX" };
const CA = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----";
const SECURED = {
  SAFEBASE_NATS_SIGNING_KEY: SIGNING.seed, SAFEBASE_NATS_CREDS: (await mintExecutorCreds(SIGNING, "any")).creds, SAFEBASE_NATS_CA: CA,
  SAFEBASE_NATS_PUBLIC_URL: "tls://nats.example.org:4222", SAFEBASE_PUBLIC_URL: "https://safebase.example.org/", SAFEBASE_TRUST_PROXY: "on", SAFEBASE_LEASE_TTL_S: "7",
};

let test: TestApp;
let admin: string;
beforeEach(async () => {
  test = await openTestApp(SECURED);
  admin = await test.account("admin@example.org");
});
afterEach(async () => { vi.useRealTimers(); await test[Symbol.asyncDispose](); });

const make = (json: object = {}, token = admin, app = test) => app.call("POST", "/api/executors/join-tokens", { token, json: { group: "east", ...json } });
const join = (token: string, more: object = {}, app = test) => app.call("POST", "/api/executors/join", { json: { token, host: "cellar", ...more }, headers: { "x-forwarded-for": "192.0.2.7" } });
const audit = async () => (await test.db.selectFrom("audit").select(["actor", "outcome", "detail", "ip"]).where("action", "=", "executor.join").orderBy("id").execute())
  .map(({ detail, ...row }) => ({ ...row, detail: JSON.parse(detail!) as unknown }));
const later = (ms: number) => vi.useFakeTimers({ now: Date.now() + ms, toFake: ["Date"] });

describe("a join token", () => {
  it("is shown once, with a command that does not hold it, and is good for one machine", async () => {
    const made = await make();
    expect(made).toMatchObject({
      status: 201, body: { join_token: expect.stringMatching(/^sbj_[\w-]{43}$/), command: "safebase join https://safebase.example.org --into safebase-east", token: { group: "east", used_at: null } },
    });
    expect(Date.parse(made.body.expires_at as string) - Date.now()).toBeGreaterThan(3_590_000);
    const token = made.body.join_token as string;
    const joined = await join(token);
    expect(joined).toMatchObject({
      status: 200, body: { group: "east", nats_url: "tls://nats.example.org:4222", nats_ca: CA, group_key: test.deps.secrets.forGroup("east").reveal(), settings: { SAFEBASE_LEASE_TTL_S: "7" } },
    });
    expect(joined.headers.get("cache-control")).toBe("no-store");
    expect(joined.body.nats_creds).toMatch(/-----BEGIN NATS USER JWT-----[^]+-----BEGIN USER NKEY SEED-----/);
    expect(await join(token)).toMatchObject({ status: 410, body: { error: "this join token was used already", code: "gone" } });
    expect(await audit()).toEqual([
      { actor: "admin@example.org", outcome: "ok", ip: "192.0.2.7", detail: { group: "east", host: "cellar", user_key: expect.stringMatching(/^U[A-Z2-7]{55}$/) } },
      { actor: "a join token", outcome: "refused", ip: "192.0.2.7", detail: { group: "east", host: "cellar", reason: "this join token was used already" } },
    ]);
    const listed = (await test.call("GET", "/api/executors/join-tokens", { token: admin })).body.join_tokens as unknown[];
    expect(listed).toMatchObject([{ group: "east", used_at: expect.any(String), used_ip: "192.0.2.7", used_host: "cellar" }]);
    const kept = JSON.stringify([listed, await test.db.selectFrom("join_tokens").selectAll().execute(), await test.db.selectFrom("audit").selectAll().execute()]);
    for (const secret of [token.slice(4), joined.body.group_key as string, /SEED-----\n(\S+)/.exec(joined.body.nats_creds as string)![1]!]) expect(kept).not.toContain(secret);
  });

  it("lets one of two machines in that join at once", async () => {
    const { join_token } = (await make()).body as { join_token: string };
    expect((await Promise.all([join(join_token), join(join_token, { host: "attic" })])).map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 410]);
  });

  it("ends when its time is over, when it is revoked, and with the rights of who made it", async () => {
    const [short, revoked, orphan] = [(await make({ ttl_s: 60 })).body, (await make()).body, (await make()).body];
    later(60_000);
    expect(await join(short.join_token as string)).toMatchObject({ status: 410, body: { error: expect.stringMatching(/^this join token expired at 20/) } });
    expect((await test.call("DELETE", `/api/executors/join-tokens/${revoked.token.id}`, { token: admin })).status).toBe(200);
    expect(await join(revoked.join_token as string)).toMatchObject({ status: 404, body: { error: "there is no such join token" } });
    await test.db.updateTable("users").set({ role: "operator" }).execute();
    expect(await join(orphan.join_token as string)).toMatchObject({ status: 410, body: { error: "this join token was revoked" } });
    expect(await test.db.selectFrom("join_tokens").select("used_at").where("used_at", "is not", null).execute()).toEqual([]);
  });

  it("is refused by name when what is asked for is not right, and to whoever is no admin", async () => {
    const user = await test.account("user@example.org");
    expect((await make({}, user)).status).toBe(403);
    for (const [json, error] of [[{ ttl_s: 59 }, /^ttl_s /], [{ ttl_s: 86_401 }, /^ttl_s /], [{ group: "a.b" }, /^group may hold/], [{ group: "" }, /^group may hold/]] as const) {
      expect(await make(json), JSON.stringify(json)).toMatchObject({ status: 400, body: { error: expect.stringMatching(error) } });
    }
    expect(await join("x", { host: "" })).toMatchObject({ status: 400, body: { error: expect.stringMatching(/^host /) } });
    const { token } = (await make()).body as { token: { id: number } };
    expect((await test.call("DELETE", `/api/executors/join-tokens/${token.id}`, { token: user })).status).toBe(403);
  });

  it("cannot be guessed for long", async () => {
    const { join_token } = (await make()).body as { join_token: string };
    for (let tries = 0; tries < 50; tries++) expect((await join(`sbj_${tries}`)).status).toBe(404);
    expect(await join(join_token)).toMatchObject({ status: 429, body: { error: "too many wrong join tokens, try again later" } });
  });
});

describe("an installation that is not set up for it", () => {
  it.each([
    ["without a signing key", { SAFEBASE_NATS_SIGNING_KEY: "" }, "no executor can join: SafeBase has no key to make credentials for its NATS with", "SAFEBASE_NATS_SIGNING_KEY"],
    ["without an address of NATS", { SAFEBASE_NATS_PUBLIC_URL: "" }, "no executor can join: it is not known at which address it would reach NATS", "SAFEBASE_NATS_PUBLIC_URL"],
    ["without credentials beside the key", { SAFEBASE_NATS_CREDS: "" }, "SAFEBASE_NATS_SIGNING_KEY needs SAFEBASE_NATS_CREDS beside it: they name the account that it signs for", "docs/executor-groups.md"],
  ])("%s says what is to be set, and where that is described", async (_, env, error, hint) => {
    await using bare = await openTestApp({ ...SECURED, ...env });
    expect(await make({}, await bare.account("admin@example.org"), bare)).toMatchObject({ status: 409, body: { error, hint: expect.stringContaining(hint) } });
  });
});
