import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { exportAudit, MOST_EXPORTED } from "../../audit/export.ts";
import { listAudit } from "../../audit/list.ts";
import type { Core } from "../../jobs/deps.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, errors, Id, Instant, paged, pageOf, Pagination, scoped, needs, Time } from "../schemas.ts";

const Word = z.string().max(100).regex(/^[\w.-]*$/, "may hold letters, digits, _, - and .");
const OUTCOMES = ["ok", "refused", "failed"] as const;

const Entry = z.object({
  id: z.int(), at: Time, user_id: z.int().nullable(), actor: z.string(), action: z.string().openapi({ example: "backup.create" }),
  object_type: z.string().nullable(), object_id: z.int().nullable(), ip: z.string().nullable(), outcome: z.enum(OUTCOMES),
  detail: z.record(z.string(), z.unknown()).nullable(),
}).openapi("AuditEntry");

const filters = {
  action: Word.optional(), subject: z.string().max(40).regex(/^[a-z_]+$/, "may hold letters and _").optional().openapi({ description: "What actions begin with: backup for backup.create and the others" }),
  actor: z.string().min(1).max(254).optional().openapi({ description: "Part of the email" }), object_type: Word.optional(), object_id: Id.optional(), outcome: z.enum(OUTCOMES).optional(),
  since: Instant.optional(), until: Instant.optional().openapi({ description: "Before then" }),
};

const list = createRoute({
  method: "get", path: "/", tags: ["audit"], summary: "Who did what, when and from where", ...needs("self"),
  request: { query: z.strictObject({ ...scoped, ...paged, ...filters }) },
  responses: { 200: answer(z.object({ entries: z.array(Entry), pagination: Pagination }), "The newest first"), ...errors(400, 401, 403) },
});

const exported = createRoute({
  method: "get", path: "/export", tags: ["audit"], summary: "Take the entries along as CSV", ...needs("self"),
  description: `The newest ${MOST_EXPORTED} at most.`, request: { query: z.strictObject({ ...scoped, ...filters }) },
  responses: { 200: { description: "With a line of headings", content: { "text/csv": { schema: z.string() } } }, ...errors(400, 401, 403) },
});

export function auditRoutes(deps: Core) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(exported, async (c) => {
      const { scope: _, ...filter } = c.req.valid("query");
      return c.body(await exportAudit(deps, c.get("actor"), filter), 200, { "content-type": "text/csv; charset=utf-8", "content-disposition": 'attachment; filename="safebase-audit.csv"' });
    })
    .openapi(list, async (c) => {
      const { scope: _, page, per_page, ...filter } = c.req.valid("query");
      return c.json(await listAudit(deps, c.get("actor"), { ...filter, ...pageOf({ page, per_page }) }), 200);
    });
}
