import { freePort, startSmtp, startWebhook, until } from "@safebase/testing";
import { describe, expect, inject, test } from "vitest";
import type { Client } from "../client.ts";
import { filledDatabase, startSystem } from "./system.ts";

interface Notification { readonly id: number; readonly status: string; readonly attempts: number; readonly error: string | null; readonly answer: string | null; readonly group_size: number | null; readonly channel: { name: string } }
interface Message { readonly notices: readonly { kind: string; database: { name: string } | null }[] }

const SECRET = "s3cret-address-of-a-hook";
const postgres = inject("postgres");

async function addChannel(client: Client, name: string, config: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<number> {
  return (await client.call<{ channel: { id: number } }>("POST", "/api/channels", { name, config, group_s: 0, ...more })).channel.id;
}

async function notifications(client: Client, filter: string): Promise<Notification[]> {
  return (await client.call<{ notifications: Notification[] }>("GET", `/api/notifications?per_page=100&${filter}`)).notifications;
}

describe.concurrent("alerts", () => {
  test("a failure, and the first success after it, reach mail and webhook; each delivery is on record with its answer", async () => {
    await using smtp = await startSmtp();
    await using hook = await startWebhook();
    await using system = await startSystem({ SAFEBASE_SMTP_URL: smtp.url, SAFEBASE_ALLOWED_TARGETS: "127.0.0.1" });
    const { admin } = system;
    await using database = await filledDatabase(postgres, admin);
    await addChannel(admin, "mail", { type: "email", to: ["ops@example.org"] }, { language: "fr" });
    await addChannel(admin, "hook", { type: "webhook", url: `${hook.url}/${SECRET}`, secret: "a secret for signing" });

    await admin.call("PUT", `/api/databases/${database.id}`, { port: await freePort(), password: postgres.password });
    await admin.ended("backup", (await admin.backUp(database.id)).id);
    const mail = await smtp.waitForMail();
    expect(mail.to).toEqual(["ops@example.org"]);
    expect(decoded(mail.raw)).toMatch(/sauvegarde/i);
    const failed = await hook.waitForRequest();
    expect(JSON.parse(failed.body)).toMatchObject({ notices: [{ kind: "backup_failed", error: { code: "unreachable" } }] });
    expect(failed.headers["safebase-signature"]).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);

    await admin.call("PUT", `/api/databases/${database.id}`, { port: postgres.port, password: postgres.password });
    await admin.backedUp(database.id);
    await hook.waitForRequest(({ body }) => body.includes("backup_recovered"));
    await smtp.waitForMail(() => smtp.mails.length === 2);
    const told = await until("all to be delivered", async () => {
      const all = await notifications(admin, "status=delivered");
      return all.length === 4 && all;
    });
    for (const each of told) expect(each).toMatchObject({ attempts: 1, error: null, answer: expect.stringMatching(each.channel.name === "mail" ? /^250 / : /204/) });
    const shown = JSON.stringify([await admin.ask("GET", "/api/channels"), await admin.ask("GET", "/api/notifications"), await admin.ask("GET", "/api/audit"), await admin.ask("GET", "/api/notices")]) + system.program.output();
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain("a secret for signing");
  });

  test("fifty failures in a minute are one message with fifty lines", async () => {
    await using hook = await startWebhook();
    await using smtp = await startSmtp();
    await using system = await startSystem({ SAFEBASE_SMTP_URL: smtp.url, SAFEBASE_ALLOWED_TARGETS: "127.0.0.1", SAFEBASE_EXECUTOR_CONCURRENCY: "4" });
    const { admin } = system;
    await addChannel(admin, "hook", { type: "webhook", url: hook.url }, { group_s: 20, events: ["backup_failed"] });
    await addChannel(admin, "mail", { type: "email", to: ["ops@example.org"] }, { group_s: 20, events: ["backup_failed"] });
    const nowhere = { ...postgres, port: await freePort() };
    const ids = await Promise.all(Array.from({ length: 50 }, (_, n) => admin.addDatabase(nowhere, `db_${n}`)));
    const backups = await Promise.all(ids.map((id) => admin.backUp(id)));
    await Promise.all(backups.map(({ id }) => admin.ended("backup", id)));
    const [request] = [await hook.waitForRequest(undefined, 40_000)];
    const { notices } = JSON.parse(request.body) as Message;
    expect(new Set(notices.map(({ database }) => database?.name))).toEqual(new Set(ids.map((_, n) => `test db_${n}`)));
    const mail = await smtp.waitForMail(undefined, 40_000);
    const text = decoded(mail.raw);
    for (let n = 0; n < 50; n++) expect(text).toContain(`test db_${n}`);
    const all = await until("all to be on record", async () => {
      const delivered = await notifications(admin, "status=delivered");
      return delivered.length === 100 && delivered;
    });
    expect(all.every(({ group_size }) => group_size === 50)).toBe(true);
    expect([hook.requests.length, smtp.mails.length]).toEqual([1, 1]);
  });

  test("a webhook that answers 500 is tried again, one that never answers delays nobody, and all of it is seen", async () => {
    await using good = await startWebhook();
    await using failing = await startWebhook();
    await using hung = await startWebhook();
    failing.statuses = [500, 500];
    hung.manner = "hang";
    await using system = await startSystem({ SAFEBASE_ALLOWED_TARGETS: "127.0.0.1" });
    const { admin } = system;
    for (const [name, { url }] of Object.entries({ hung, failing, good })) await addChannel(admin, name, { type: "webhook", url });
    const id = await admin.addDatabase({ ...postgres, port: await freePort() }, "nowhere");
    await admin.backUp(id);
    await good.waitForRequest();
    const retrying = await until("the failure to be seen", async () => (await notifications(admin, "status=retrying")).find(({ channel }) => channel.name === "failing"));
    expect(retrying).toMatchObject({ error: expect.stringContaining("500"), status: "retrying" });
    await until("the failing one to be delivered", async () => (await notifications(admin, "status=delivered")).some(({ channel }) => channel.name === "failing"), { timeout_ms: 40_000 });
    expect(failing.requests).toHaveLength(3);
    await until("the hung one's failure to be seen", async () => (await notifications(admin, "status=retrying")).some(({ channel }) => channel.name === "hung"), { timeout_ms: 40_000 });
    const tested = await admin.call<{ ok: boolean; answer: string }>("POST", "/api/channels/test", { config: { type: "webhook", url: good.url } });
    expect(tested).toMatchObject({ ok: true, answer: expect.stringContaining("204") });
  });

  test("each sees only what is theirs; our own machine is no target", async () => {
    await using hook = await startWebhook();
    await using system = await startSystem();
    const eve = await system.newUser("eve@example.org");
    const refused = await eve.ask("POST", "/api/channels", { name: "x", config: { type: "webhook", url: hook.url } });
    expect(refused).toMatchObject({ status: 400, body: { error: expect.stringMatching(/config\.url.*127\.0\.0\.1/), hint: expect.stringContaining("SAFEBASE_ALLOWED_TARGETS") } });
    const id = await addChannel(system.admin, "mail", { type: "email", to: ["ops@example.org"] });
    for (const [method, path] of [["GET", ""], ["PUT", ""], ["DELETE", ""], ["POST", "/test"]] as const) {
      expect((await eve.ask(method, `/api/channels/${id}${path}`, method === "PUT" ? { name: "mine" } : undefined)).status).toBe(404);
    }
    expect((await eve.ask("POST", "/api/channels", { name: "x", config: { type: "email", to: ["eve@example.org"] }, all_users: true })).status).toBe(403);
    expect(hook.requests).toEqual([]);
  });
});

/** A mail's text, whatever encoding its parts have. */
function decoded(raw: string): string {
  const unfolded = raw.replaceAll(/=\r?\n/g, "").replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const parts = raw.split(/\r?\n\r?\n/).map((part) => Buffer.from(part.replaceAll(/\s/g, ""), "base64").toString());
  return [unfolded, ...parts].join("\n");
}
