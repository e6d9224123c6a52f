import { CHANNEL_TYPES, ChannelConfig, ERROR_CODES, LANGUAGES, NOTICE_KINDS } from "@safebase/contracts";
import { z } from "@hono/zod-openapi";
import { BodyId, Time } from "../schemas.ts";
import { NotificationView } from "./notice-schemas.ts";

const Name = z.string().trim().min(1).max(200).openapi({ example: "ops" });
const AT_LEAST_ONE = "must hold at least one";

const settings = {
  events: z.array(z.enum(NOTICE_KINDS)).min(1, AT_LEAST_ONE).max(NOTICE_KINDS.length).optional().openapi({ description: "What it is told of; default: what fits its type" }),
  database_ids: z.array(BodyId).min(1, `${AT_LEAST_ONE}, or be null for all`).max(1_000).nullable().optional(),
  all_users: z.boolean().optional().openapi({ description: "Is told of everybody's databases and of the installation. For admins" }),
  language: z.enum(LANGUAGES).optional(),
  group_s: z.number().min(0).max(3600).optional().openapi({ description: "What comes within so many seconds of the first is told in one message; default 60" }),
  enabled: z.boolean().optional(),
};

const Config = ChannelConfig.describe("Where it leads. Kept sealed; addresses and secrets never come back");

export const CreateBody = z.strictObject({ name: Name, config: Config, ...settings });
export const UpdateBody = z.strictObject({
  name: Name.optional(),
  config: z.record(z.string(), z.unknown()).optional().openapi({ description: "What is left out stays; null takes an optional field away; another type begins anew" }),
  ...settings,
});
export const TestBody = z.strictObject({ config: Config, language: z.enum(LANGUAGES).optional() });

export const ChannelView = z.object({
  id: z.int(), user_id: z.int().nullable(), name: z.string(), type: z.enum(CHANNEL_TYPES), target: z.string().openapi({ description: "Host or addresses", example: "hooks.slack.com" }),
  config: z.looseObject({ type: z.enum(CHANNEL_TYPES) }).openapi({ description: "What is no secret of it" }),
  secret_fields: z.array(z.string()).openapi({ description: "Fields of config that are set and not shown" }),
  events: z.array(z.enum(NOTICE_KINDS)), database_ids: z.array(z.int()).nullable(), all_users: z.boolean(), language: z.enum(LANGUAGES), group_s: z.number(),
  enabled: z.boolean(), source: z.enum(["api", "configuration"]), created_at: Time, updated_at: Time,
}).openapi("Channel");

export const ListedChannel = ChannelView.extend({
  user_email: z.string().nullable().openapi({ description: "Whose it is; null for those of the configuration" }),
  newest: NotificationView.nullable().openapi({ description: "What it was told last, and what became of it" }),
}).openapi("ListedChannel");

export const TestResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), answer: z.string(), elapsed_ms: z.number() }),
  z.object({ ok: z.literal(false), error: z.string(), code: z.enum(ERROR_CODES), hint: z.string().optional(), elapsed_ms: z.number() }),
]);
