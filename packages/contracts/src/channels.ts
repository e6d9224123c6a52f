import { z } from "zod";
import { Failure } from "./events.ts";
import { Notice } from "./notices.ts";
import { smtpUrlProblem } from "./smtp-url.ts";

export const CHANNEL_TYPES = ["email", "slack", "discord", "teams", "telegram", "ntfy", "webhook", "healthchecks"] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

/** The languages in which people are told. */
export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http:// or https:// address" }).max(2_000);
const secret = z.string().min(1).max(2_000);

/**
 * Where a channel leads. All of it is sealed in the catalog and in messages: the address of a Slack webhook is a secret
 * as a password is.
 */
export const ChannelConfig = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("email"), to: z.array(z.email().max(320)).min(1).max(50),
    /** A server of its own, `smtp://` (STARTTLS when offered) or `smtps://`; without one SAFEBASE_SMTP_URL. */
    smtp_url: z.string().max(2_000).superRefine((address, context) => {
      const message = smtpUrlProblem(address);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    }).optional(),
    from: z.string().max(320).regex(/[^\s<>@]@[^\s<>@]/, "must hold an address, such as Backups <backups@example.org>").optional(),
  }),
  z.strictObject({ type: z.literal("slack"), url: httpUrl }),
  z.strictObject({ type: z.literal("discord"), url: httpUrl }),
  z.strictObject({ type: z.literal("teams"), url: httpUrl }),
  z.strictObject({
    type: z.literal("telegram"), bot_token: secret, chat_id: z.string().min(1).max(200), api_url: httpUrl.default("https://api.telegram.org"),
  }),
  z.strictObject({ type: z.literal("ntfy"), url: httpUrl.default("https://ntfy.sh"), topic: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "may hold letters, digits, - and _"), token: secret.optional() }),
  /** JSON, see docs/channels.md. With a secret, signed: HMAC-SHA256 over timestamp and body. */
  z.strictObject({ type: z.literal("webhook"), url: httpUrl, secret: z.string().min(8).max(500).optional() }),
  /** A dead man's switch: pinged after each success, and at `/fail` after each failure. */
  z.strictObject({ type: z.literal("healthchecks"), url: httpUrl }),
], { error: ({ code }) => (code === "invalid_union" ? `must be ${CHANNEL_TYPES.join(", ").replace(/, ([^,]*)$/, " or $1")}` : undefined) });
export type ChannelConfig = z.infer<typeof ChannelConfig>;

/** A channel on its way to the notifier: one value of the KV bucket, under `channel.<id>`. */
export const SealedChannel = z.object({
  channel_id: z.int(),
  name: z.string(),
  type: z.enum(CHANNEL_TYPES),
  language: z.enum(LANGUAGES),
  /** What comes within so much of the first is told in one message; 0 tells each alone. */
  group_s: z.number().min(0),
  /** JSON of a ChannelConfig; opens with the master key, see runtime's secrets. */
  config_sealed: z.string(),
  /** Is told by the notifier itself when the gateway falls silent. */
  watches_gateway: z.boolean(),
  /** From our own configuration: its target is trusted. */
  trusted: z.boolean(),
});
export type SealedChannel = z.infer<typeof SealedChannel>;

/** One notice for one channel. At most one message for each in its stream, as with jobs. */
export const NotificationCommand = z.object({ notification_id: z.int(), channel_id: z.int(), notice: Notice });
export type NotificationCommand = z.infer<typeof NotificationCommand>;

export const DELIVERY_OUTCOMES = ["delivered", "retrying", "dead"] as const;

/** What became of a try to deliver. `delivered` and `dead` are final. */
export const DeliveryEvent = z.object({
  notification_id: z.int(),
  channel_id: z.int(),
  at: z.iso.datetime(),
  outcome: z.enum(DELIVERY_OUTCOMES),
  attempt: z.int(),
  /** Notifications told in one message share it. */
  group_id: z.string(),
  group_size: z.int(),
  /** What the other side said, without secrets: "250 2.0.0 Ok: queued as 1A2B", "HTTP 200 ok". */
  answer: z.string().nullable(),
  error: z.string().nullable(),
  next_try_at: z.iso.datetime().nullable(),
});
export type DeliveryEvent = z.infer<typeof DeliveryEvent>;

/** Asked of one notifier, which sends a real message at once and tells what the other side said. */
export const ChannelTestRequest = z.object({ channel: SealedChannel });
export type ChannelTestRequest = z.infer<typeof ChannelTestRequest>;

export const ChannelTestReply = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), answer: z.string(), elapsed_ms: z.number() }),
  z.object({ ok: z.literal(false), failure: Failure, elapsed_ms: z.number() }),
]);
export type ChannelTestReply = z.infer<typeof ChannelTestReply>;
