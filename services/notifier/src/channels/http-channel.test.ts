import type { ChannelConfig } from "@safebase/contracts";
import { freePort, startWebhook, until } from "@safebase/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { contextOf, digestOf, failureOf, never, startMute, trustedCertificates, unknownCertificates } from "./channel-fixture.ts";
import { openChannel } from "./registry.ts";

const KEY = "T0123456/B0123456/s3cr3tK3yOfTheHook";
const TOKEN = "123456789:AAs3cr3tK3yOfTheBot-x_y";
const PASSWORD = "s3cr3tPassw0rd";

/** Every type that is told by HTTP, with a secret wherever one can be. */
const TYPES: Record<string, (base: string) => ChannelConfig> = {
  slack: (base) => ({ type: "slack", url: `${base}/services/${KEY}` }),
  discord: (base) => ({ type: "discord", url: `${base}/api/webhooks/${KEY}` }),
  teams: (base) => ({ type: "teams", url: `${base}/workflows/x?sig=${KEY}` }),
  telegram: (base) => ({ type: "telegram", bot_token: TOKEN, chat_id: "-100", api_url: base }),
  ntfy: (base) => ({ type: "ntfy", url: base, topic: "alerts", token: TOKEN }),
  webhook: (base) => ({ type: "webhook", url: `${base.replace("://", `://bot:${PASSWORD}@`)}/hook?key=${KEY}`, secret: PASSWORD }),
  healthchecks: (base) => ({ type: "healthchecks", url: `${base}/${KEY}` }),
};
const SECRETS = [KEY, "s3cr3tK3y", TOKEN, PASSWORD, Buffer.from(`bot:${PASSWORD}`).toString("base64")];
const open = (type: string, base: string, over = {}) => openChannel(TYPES[type]!(base), contextOf(over));
const baseOf = ({ port }: { port: number }): string => `http://127.0.0.1:${port}`;

afterEach(() => { vi.useRealTimers(); });

describe.each(Object.keys(TYPES))("%s", (type) => {
  it("is delivered when the answer is 2xx, and says what was answered", async () => {
    await using hook = await startWebhook();
    Object.assign(hook, { status: 200, body: "ok\n" });
    await using channel = open(type, baseOf(hook));
    expect(await channel.deliver(digestOf(), never)).toBe("HTTP 200 ok");
    expect(hook.requests).toHaveLength(1);
    expect(hook.requests[0]).toMatchObject({ method: "POST", headers: { "user-agent": expect.stringMatching(/^SafeBase\/\d/) as string } });
  });

  it.each([[301, true], [307, true], [400, true], [404, true], [410, true], [408, false], [429, false], [500, false], [503, false]])(
    "is not delivered when the answer is %d, and follows nothing", async (status, permanent) => {
      await using hook = await startWebhook();
      Object.assign(hook, { status, headers: { location: `${baseOf(hook)}/elsewhere` } });
      const failure = await failureOf(open(type, baseOf(hook)), digestOf(), SECRETS);
      expect(failure.message).toContain(`HTTP ${status}`);
      expect([failure.permanent, failure.retry_after_ms]).toEqual([permanent, undefined]);
      expect(hook.requests).toHaveLength(1);
    });

  it("repeats no secret that the other side repeats", async () => {
    await using hook = await startWebhook();
    await using channel = open(type, baseOf(hook));
    await channel.deliver(digestOf(), never);
    const { path, headers } = hook.requests[0]!;
    const credentials = headers.authorization?.split(" ")[1] ?? "none";
    Object.assign(hook, { status: 200, body: `you asked ${path} with ${credentials}` });
    const answer = await channel.deliver(digestOf(), never);
    expect(answer).toMatch(/^HTTP 200 you asked /);
    for (const secret of [credentials, ...SECRETS].filter((each) => each !== "none")) expect(answer).not.toContain(secret);
    hook.status = 500;
    expect((await failureOf(channel, digestOf(), SECRETS)).message).toContain("HTTP 500 you asked");
  });

  it("says that nothing listens, that the connection was cut, and that the host is not known", async () => {
    await using hook = await startWebhook();
    hook.manner = "reset";
    expect((await failureOf(open(type, baseOf(hook)), digestOf(), SECRETS)).message).toBe(`127.0.0.1:${hook.port} closed the connection before it answered (ECONNRESET)`);
    const port = await freePort();
    expect((await failureOf(open(type, `http://127.0.0.1:${port}`), digestOf(), SECRETS)).message).toBe(`127.0.0.1:${port} refused the connection: nothing listens there (ECONNREFUSED)`);
    expect((await failureOf(open(type, "http://no-such-host.invalid"), digestOf(), SECRETS)).message).toMatch(/^no-such-host\.invalid (is not known|could not be looked up)/);
  });

  it("goes nowhere near the machine itself unless that is allowed", async () => {
    await using hook = await startWebhook();
    for (const host of ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"]) {
      const failure = await failureOf(open(type, `http://${host}:${hook.port}`, { allowed_targets: [] }), digestOf(), SECRETS);
      expect([failure.code, failure.permanent, failure.message]).toEqual(["bad_request", true, expect.stringContaining("neither a channel nor a storage may lead there")]);
    }
    expect(hook.requests).toHaveLength(0);
    await using trusted = open(type, baseOf(hook), { allowed_targets: [], trusted: true });
    await trusted.deliver(digestOf(), never);
    expect(hook.requests).toHaveLength(1);
  });

  it("ends soon when it is told to stop", async () => {
    await using hook = await startWebhook();
    hook.manner = "hang";
    const stop = new AbortController();
    await using channel = open(type, baseOf(hook));
    const delivered = channel.deliver(digestOf(), stop.signal);
    await hook.waitForRequest();
    stop.abort();
    await expect(delivered).rejects.toThrow("stopped before it was delivered");
  });
});

describe("an HTTP channel", () => {
  it.each([["120", 120_000], ["0", 0], ["1.5", 1_500], ["99999999", 24 * 3600_000], ["Fri, 02 Jan 1970 00:00:00 GMT", 0], ["soon", undefined]])(
    "waits as long as it is told to: Retry-After: %s", async (header, retry_after_ms) => {
      await using hook = await startWebhook();
      Object.assign(hook, { statuses: [429, 503], headers: { "retry-after": header } });
      const channel = open("slack", baseOf(hook));
      expect((await failureOf(channel)).retry_after_ms).toBe(retry_after_ms);
      expect((await failureOf(channel)).retry_after_ms).toBe(retry_after_ms);
    });

  it("reads a date in Retry-After", async () => {
    await using hook = await startWebhook();
    Object.assign(hook, { status: 503, headers: { "retry-after": new Date(Date.now() + 600_000).toUTCString() } });
    const { retry_after_ms } = await failureOf(open("slack", baseOf(hook)));
    expect(retry_after_ms).toBeGreaterThan(590_000 - 10_000);
    expect(retry_after_ms).toBeLessThanOrEqual(600_000);
  });

  it("gives an answer 15 seconds", async () => {
    await using hook = await startWebhook();
    hook.manner = "hang";
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    const failure = failureOf(open("webhook", baseOf(hook)));
    await until("the request", () => hook.requests.length === 1);
    vi.advanceTimersByTime(15_100);
    expect((await failure).message).toBe(`127.0.0.1:${hook.port} did not answer within 15 s`);
  });

  it("gives a connection 15 seconds", async () => {
    await using mute = await startMute();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    const failure = failureOf(open("webhook", `https://127.0.0.1:${mute.port}`)); // it connects, and its TLS never begins
    await until("the connection", () => mute.calls() === 1);
    vi.advanceTimersByTime(15_100);
    expect((await failure).message).toBe(`127.0.0.1:${mute.port} could not be connected to within 15 s`);
  });

  it("takes a status for an answer, even when its body never ends or has no end", async () => {
    await using hook = await startWebhook();
    Object.assign(hook, { status: 200, body: "x".repeat(1_000_000) });
    expect(await open("webhook", baseOf(hook)).deliver(digestOf(), never)).toMatch(/^HTTP 200 x{199}…$/);
    Object.assign(hook, { manner: "hang_in_body", body: "queued" });
    expect(await open("webhook", baseOf(hook)).deliver(digestOf(), never)).toBe("HTTP 200 queued");
  });

  it("speaks TLS with whom it can trust, and says why it does not trust another", async () => {
    using trusted = trustedCertificates();
    using unknown = unknownCertificates();
    await using good = await startWebhook({ tls: trusted });
    await using bad = await startWebhook({ tls: unknown });
    await using plain = await startWebhook();
    expect(await open("slack", `https://localhost:${good.port}`).deliver(digestOf(), never)).toBe("HTTP 204");
    const failure = await failureOf(open("slack", `https://localhost:${bad.port}`), digestOf(), SECRETS);
    expect([failure.code, failure.message]).toEqual(["tls_failed", expect.stringMatching(/^the certificate of localhost:\d+ is signed by an authority that is not trusted \(/)]);
    expect((await failureOf(open("slack", `https://localhost:${plain.port}`), digestOf(), SECRETS)).message).toContain("does not speak TLS there");
    expect(bad.requests).toHaveLength(0);
  });

  it("says that what answers is not HTTP", async () => {
    await using mute = await startMute("220 mail.example.org ESMTP\r\n");
    expect((await failureOf(open("slack", baseOf(mute)), digestOf(), SECRETS)).message).toContain("does not answer in HTTP");
  });

  it("counts what Teams and Telegram say beyond the status", async () => {
    await using hook = await startWebhook();
    Object.assign(hook, { status: 200, body: "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429" });
    expect((await failureOf(open("teams", baseOf(hook)))).message).toContain("Teams did not take the message: HTTP 200 Webhook message delivery failed");
    Object.assign(hook, { status: 429, body: JSON.stringify({ ok: false, error_code: 429, description: "Too Many Requests", parameters: { retry_after: 35 } }) });
    expect((await failureOf(open("telegram", baseOf(hook)))).retry_after_ms).toBe(35_000);
    Object.assign(hook, { status: 429, body: JSON.stringify({ message: "You are being rate limited.", retry_after: 0.65, global: false }) });
    expect((await failureOf(open("discord", baseOf(hook)))).retry_after_ms).toBe(650);
  });
});

describe("what is sent", () => {
  it("goes to Telegram's method for the bot, for the chat", async () => {
    await using hook = await startWebhook();
    await open("telegram", `${baseOf(hook)}/proxy/`).deliver(digestOf(), never);
    const { path, body } = hook.requests[0]!;
    expect(path).toBe(`/proxy/bot${TOKEN}/sendMessage`);
    expect(JSON.parse(body)).toMatchObject({ chat_id: "-100", parse_mode: "HTML", link_preview_options: { is_disabled: true } });
  });

  it("goes to ntfy with topic, priority and token", async () => {
    await using hook = await startWebhook();
    await open("ntfy", baseOf(hook)).deliver(digestOf(), never);
    expect(hook.requests[0]).toMatchObject({ path: "/", headers: { authorization: `Bearer ${TOKEN}` } });
    expect(JSON.parse(hook.requests[0]!.body)).toMatchObject({ topic: "alerts", title: "Backup failed: shop <prod> & co", priority: 5, tags: ["rotating_light"], click: "https://safebase.example.org" });
  });

  it("goes to Teams as an adaptive card", async () => {
    await using hook = await startWebhook();
    await open("teams", baseOf(hook)).deliver(digestOf(), never);
    expect(JSON.parse(hook.requests[0]!.body)).toMatchObject({ type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: { type: "AdaptiveCard" } }] });
  });
});
