import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { listAudit } from "../../audit/list.ts";
import type { Core } from "../../jobs/deps.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, errors, Id, paged, pageOf, Pagination, scoped, needs, Time } from "../schemas.ts";

const Word = z.string().max(100).regex(/^[\w.-]*$/, "may hold letters, digits, _, - and .");
const OUTCOMES = ["ok", "refused", "failed"] as const;

const Entry = z.object({
  id: z.int(), at: Time, user_id: z.int().nullable(), actor: z.string(), action: z.string().openapi({ example: "backup.create" }),
  object_type: z.string().nullable(), object_id: z.int().nullable(), ip: z.string().nullable(), outcome: z.enum(OUTCOMES),
  detail: z.record(z.string(), z.unknown()).nullable(),
}).openapi("AuditEntry");

const list = createRoute({
  method: "get", path: "/", tags: ["audit"], summary: "Who did what, when and from where", ...needs("self"),
  request: {
    query: z.strictObject({
      ...scoped, ...paged, action: Word.optional(), object_type: Word.optional(), object_id: Id.optional(),
      outcome: z.enum(OUTCOMES).optional(),
    }),
  },
  responses: { 200: answer(z.object({ entries: z.array(Entry), pagination: Pagination }), "The newest first"), ...errors(400, 401, 403) },
});

export function auditRoutes(deps: Core) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => {
      const { scope: _, page, per_page, ...filter } = c.req.valid("query");
      return c.json(await listAudit(deps, c.get("actor"), { ...filter, ...pageOf({ page, per_page }) }), 200);
    });
}
