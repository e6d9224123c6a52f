import { createServer } from "node:http";
import { startWebhook } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { failedBackup } from "../notice.fixture.ts";
import { createWebhookChannel } from "./webhook.ts";

const never = new AbortController().signal;

describe("the webhook", () => {
  it("posts the notice as JSON", async () => {
    await using hook = await startWebhook();
    await createWebhookChannel(hook.url).deliver(failedBackup(), never);
    expect(hook.requests).toHaveLength(1);
    const { method, path, headers, body } = hook.requests[0]!;
    expect({ method, path }).toEqual({ method: "POST", path: "/hook" });
    expect(headers).toMatchObject({ "content-type": "application/json", "safebase-notice-id": "backup-12-failed" });
    expect(headers["user-agent"]).toMatch(/^SafeBase\/\d/);
    expect(JSON.parse(body)).toMatchObject({ kind: "backup_failed", database: { name: "shop <prod> & co" }, error: { code: "auth_failed" } });
  });

  it.each([301, 307, 404, 500])("counts status %d as not delivered, and follows nothing", async (status) => {
    await using hook = await startWebhook();
    hook.status = status;
    await expect(createWebhookChannel(hook.url).deliver(failedBackup(), never)).rejects.toThrow(`status ${status}`);
    expect(hook.requests).toHaveLength(1);
  });

  it("sends a name and password of its address as a header, and tells neither", async () => {
    await using hook = await startWebhook();
    const address = hook.url.replace("http://", "http://bot:s3cr%40t@");
    await createWebhookChannel(address).deliver(failedBackup(), never);
    expect(hook.requests[0]!.headers.authorization).toBe(`Basic ${Buffer.from("bot:s3cr@t").toString("base64")}`);
    await hook.stop();
    const error: unknown = await createWebhookChannel(address).deliver(failedBackup(), never).catch((each: unknown) => each);
    expect(String((error as Error).stack) + String((error as Error).cause)).not.toContain("s3cr");
  });

  it("ends soon when it is told to stop, even when nothing answers", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    const stop = new AbortController();
    const delivered = createWebhookChannel(`http://127.0.0.1:${port}/`).deliver(failedBackup(), stop.signal);
    stop.abort();
    await expect(delivered).rejects.toThrow();
    silent.closeAllConnections();
    silent.close();
  });
});
