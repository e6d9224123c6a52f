import { createServer, type Server, type Socket } from "node:net";
import { subjects, type Notice } from "@safebase/contracts";
import { Bus, ConfigError, createLog, loadConfig } from "@safebase/runtime";
import { freePort, startNats, startSmtp, startWebhook, until } from "@safebase/testing";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { completedBackup, failedBackup } from "./notice.fixture.ts";
import { startNotifier } from "./service.ts";

const never = new AbortController().signal;

describe("the notifier", () => {
  it("tells of a failed backup by mail and webhook", async () => {
    await using smtp = await startSmtp();
    await using hook = await startWebhook();
    await using world = await start({ ...mail(smtp.url), SAFEBASE_ALERT_WEBHOOK_URL: hook.url });
    const notice = failedBackup();
    await world.publish(notice);
    const { from, to, raw } = await smtp.waitForMail();
    expect({ from, to }).toEqual({ from: "safebase@example.org", to: ["ops@example.org"] });
    expect(raw).toContain("Subject: [SafeBase] Backup failed: shop <prod> & co");
    expect(raw).toContain("Message-ID: <backup-12-failed@safebase>");
    expect(raw).toMatch(/the server refused the password of user/);
    expect(raw).toContain("check the password");
    expect(raw).toContain("shop &lt;prod&gt; &amp; co");
    expect(JSON.parse((await hook.waitForRequest()).body)).toEqual(notice);
  });

  it("mails failures only; the webhook is told of everything", async () => {
    await using smtp = await startSmtp();
    await using hook = await startWebhook();
    await using world = await start({ ...mail(smtp.url), SAFEBASE_ALERT_WEBHOOK_URL: hook.url });
    await world.publish(completedBackup());
    await world.publish(failedBackup());
    await smtp.waitForMail((each) => each.raw.includes("backup-12-failed"));
    await hook.waitForRequest((each) => each.body.includes("backup-12-failed"));
    expect(hook.requests).toHaveLength(2);
    expect(smtp.mails).toHaveLength(1);
  });

  it("delivers once when the other side comes back", async () => {
    await using hook = await startWebhook();
    hook.status = 503;
    const port = await freePort();
    await using world = await start({ ...mail(`smtp://127.0.0.1:${port}`), SAFEBASE_ALERT_WEBHOOK_URL: hook.url });
    await world.publish(failedBackup());
    await until("two refusals of the webhook", () => hook.requests.length >= 2);
    await until("a refused mail", () => world.outcome("email", "failed"));
    hook.status = 200;
    await using smtp = await startSmtp({ port });
    await smtp.waitForMail();
    await until("the webhook", () => world.outcome("webhook", "delivered"));
    await world.publish(failedBackup({ id: "second" }));
    await smtp.waitForMail((each) => each.raw.includes("<second@safebase>"));
    expect(smtp.mails).toHaveLength(2);
  });

  it("does not let a mail server that hangs hold up the webhook, nor its own end", async () => {
    await using hung = await startHung();
    await using hook = await startWebhook();
    const world = await start({ ...mail(`smtp://127.0.0.1:${hung.port}`), SAFEBASE_ALERT_WEBHOOK_URL: hook.url });
    for (const id of ["one", "two", "three"]) await world.publish(failedBackup({ id }));
    await until("the mail server to be called", () => hung.calls() > 0);
    await until("all three", () => hook.requests.length === 3, { timeout_ms: 5_000 });
    const stopping = performance.now();
    await world[Symbol.asyncDispose]();
    expect(performance.now() - stopping).toBeLessThan(3_000);
  });

  it("goes on after a restart where it was, and after NATS lost everything", async () => {
    await using hook = await startWebhook();
    await using world = await start({ SAFEBASE_ALERT_WEBHOOK_URL: hook.url });
    await world.publish(failedBackup({ id: "before" }));
    await until("the first", () => world.outcome("webhook", "delivered"));
    await world.stop();
    await world.publish(failedBackup({ id: "between" }));
    await world.begin();
    await hook.waitForRequest((each) => each.body.includes("between"));
    await world.nats.wipe();
    await world.publish(failedBackup({ id: "after" }));
    await hook.waitForRequest((each) => each.body.includes("after"));
    expect(hook.requests.map((each) => (JSON.parse(each.body) as Notice).id)).toEqual(["before", "between", "after"]);
  });

  it("refuses an address without a mail server", async () => {
    await expect(start({ SAFEBASE_ALERT_EMAIL: "ops@example.org" })).rejects.toThrow(ConfigError);
  });
});

function mail(smtpUrl: string): Record<string, string> {
  return { SAFEBASE_SMTP_URL: smtpUrl, SAFEBASE_ALERT_EMAIL: "ops@example.org", SAFEBASE_MAIL_FROM: "SafeBase <safebase@example.org>" };
}

async function start(env: Record<string, string>) {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await startNats());
  const log = createLog("notifier", "silent");
  const bus = stack.use(await Bus.connect({ url: nats.url, name: "test", lease_ttl_ms: 60_000, log }, never));
  let metrics: Registry, service: AsyncDisposable | undefined;
  const begin = async (): Promise<void> => {
    metrics = new Registry();
    service = await startNotifier(loadConfig(env), { bus, log, metrics }, never);
  };
  const stop = async (): Promise<void> => { await service?.[Symbol.asyncDispose](); service = undefined; };
  await begin();
  stack.defer(stop);
  const owned = stack.move();
  return {
    nats, begin, stop,
    publish: (notice: Notice) => bus.publish(subjects.notice(notice.kind), notice, { signal: never }),
    outcome: async (channel: string, outcome: string): Promise<boolean> => {
      const counted = await metrics.getSingleMetric("safebase_notifier_deliveries_total")!.get();
      return counted.values.some(({ labels }) => labels["channel"] === channel && labels["outcome"] === outcome);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Takes connections and never says a word. */
async function startHung(): Promise<{ port: number; calls: () => number } & AsyncDisposable> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port, calls: () => sockets.length,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    }),
  };
}
