import { ENGINE_TYPES, RetentionPolicy, TRIGGERS } from "@safebase/contracts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Deps } from "../../jobs/deps.ts";
import { previewRetention } from "../../retention/preview.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, BodyId, errors, ScopeQuery, needs, Time } from "../schemas.ts";

const Judged = z.object({
  id: z.int(), filename: z.string().nullable(), type: z.enum(ENGINE_TYPES), trigger: z.enum(TRIGGERS), schedule_id: z.int().nullable(), size: z.number().nullable(),
  pinned: z.boolean(), verified_at: Time.nullable(), created_at: Time, started_at: Time.nullable(), finished_at: Time.nullable(),
});

const Preview = z.object({
  remove: z.array(Judged.extend({ reason: z.string() })), keep: z.array(Judged.extend({ reasons: z.array(z.string()) })),
  freed_bytes: z.number(), kept_bytes: z.number(),
}).openapi("RetentionPreview");

const preview = createRoute({
  method: "post", path: "/preview", tags: ["retention"], summary: "Show what retention would remove", ...needs("read"),
  description: "And why each of the other completed backups stays. With schedule_id, of the backups of that schedule. With policy, as if that were saved: in the schedule, or without one in the database. Nothing is changed.",
  request: {
    query: ScopeQuery,
    ...body(z.strictObject({ database_id: BodyId, schedule_id: BodyId.optional(), policy: RetentionPolicy.nullable().optional() })),
  },
  responses: { 200: answer(Preview, "The newest first"), ...errors(400, 401, 404) },
});

export function retentionRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(preview, async (c) => c.json(await previewRetention(deps, c.get("actor"), c.req.valid("json")), 200));
}
