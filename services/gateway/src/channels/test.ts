import { ChannelTestReply, SafebaseError, subjects, type ChannelConfig, type ChannelTestRequest, type ErrorCode, type Language, type SealedChannel } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { limitUse } from "../auth/throttle.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { sealedChannel } from "./bucket.ts";
import { sealConfig } from "./config.ts";
import { requireChannel } from "./find.ts";
import { checkTargets } from "./target.ts";

/** A notifier ends a try within a minute. */
const TIMEOUT_MS = 65_000;
const LIMIT = { most: 10, window_ms: 60_000 };

/** What the other side said to a real message, or why it did not take it. */
export type ChannelTestResult =
  | { ok: true; answer: string; elapsed_ms: number }
  | { ok: false; error: string; code: ErrorCode; hint?: string | undefined; elapsed_ms: number };

/** Sends a test message over a channel. */
export async function testChannel(deps: Core, actor: Actor, { id }: { readonly id: number }): Promise<ChannelTestResult> {
  const channel = await requireChannel(deps.db, actor, id);
  return send(deps, actor, sealedChannel(channel), channel.target);
}

/** The same with a config that is not saved. */
export async function testConfig(
  deps: Core, actor: Actor, { config, language = "en" }: { readonly config: ChannelConfig; readonly language?: Language | undefined },
): Promise<ChannelTestResult> {
  await checkTargets(config, deps.config.allowed_targets);
  const { target, ...where } = sealConfig(deps.secrets, config);
  return send(deps, actor, { ...where, channel_id: 0, name: "test", language, group_s: 0, watches_gateway: false, trusted: false }, target);
}

async function send(deps: Core, actor: Actor, channel: SealedChannel, target: string): Promise<ChannelTestResult> {
  await limitUse(deps.db, `channel-test:${actor.user_id}`, LIMIT, "too many test messages, try again later");
  const request: ChannelTestRequest = { channel };
  const reply = ChannelTestReply.safeParse(await deps.bus.request(subjects.channelTest, request, TIMEOUT_MS, "notifier"));
  if (!reply.success) throw new SafebaseError("internal", "a notifier's answer to a test was not understood", { cause: reply.error });
  const result = reply.data;
  await recordAudit(deps.db, {
    actor, action: "channel.test", object: channel.channel_id === 0 ? undefined : { type: "channel", id: channel.channel_id },
    outcome: result.ok ? "ok" : "failed", detail: { type: channel.type, target, ...(result.ok ? {} : { code: result.failure.code }) },
  });
  if (result.ok) return result;
  const { message, code, hint } = result.failure;
  if (code === "internal") throw new SafebaseError("internal", message);
  return { ok: false, error: message, code, ...(hint === undefined ? {} : { hint }), elapsed_ms: result.elapsed_ms };
}
