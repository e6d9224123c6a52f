import { ChannelTestReply, subjects, type SealedChannel } from "@safebase/contracts";
import { startSmtp } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { sealed, startReceiver, startWorld, type World } from "./notifier-fixture.ts";

describe("trying a channel out", () => {
  it("sends a real message that says that it is a test, and tells the answer", async () => {
    await using smtp = await startSmtp();
    await using hook = await startReceiver();
    await using world = await startWorld();
    await using _notifier = await world.notifier();
    const mailed = await ask(world, sealed(1, { type: "email", to: ["ops@example.org"], smtp_url: smtp.url }));
    expect(mailed).toMatchObject({ ok: true, answer: expect.stringMatching(/^250/), elapsed_ms: expect.any(Number) });
    expect(smtp.mails).toHaveLength(1);
    expect(await ask(world, sealed(2, { type: "webhook", url: hook.url }))).toMatchObject({ ok: true, answer: "HTTP 204" });
    expect(hook.requests).toMatchObject([{ test: true }]);
    expect(world.events).toEqual([]);
  });

  it("tells why it was not taken, without the channel's secrets", async () => {
    await using hook = await startReceiver(() => 403);
    await using world = await startWorld();
    await using _notifier = await world.notifier();
    const reply = await ask(world, sealed(1, { type: "webhook", url: hook.url, secret: "very-secret-words" }));
    expect(reply).toMatchObject({ ok: false, failure: { code: "auth_failed", message: expect.stringContaining("HTTP 403") } });
    const nobody = await ask(world, sealed(1, { type: "email", to: ["ops@example.org"], smtp_url: "smtp://me:pass-word@127.0.0.1:1" }));
    expect(nobody).toMatchObject({ ok: false, failure: { message: expect.stringContaining("refused the connection") } });
    expect(JSON.stringify([reply, nobody])).not.toMatch(/secret|pass-word/);
  });

  it("answers also what makes no sense", async () => {
    await using world = await startWorld();
    await using _notifier = await world.notifier();
    const moved: SealedChannel = { ...sealed(1, { type: "slack", url: "https://hooks.slack.com/x" }), config_sealed: "v1.nonsense" };
    expect(await ask(world, moved)).toMatchObject({ ok: false, failure: { code: "internal", message: "not a sealed secret" } });
    const reply = ChannelTestReply.parse(await world.bus.request(subjects.channelTest, { nonsense: true }, 5_000));
    expect(reply).toMatchObject({ ok: false, failure: { code: "internal" } });
  });
});

async function ask(world: World, channel: SealedChannel) {
  return ChannelTestReply.parse(await world.bus.request(subjects.channelTest, { channel }, 35_000));
}
