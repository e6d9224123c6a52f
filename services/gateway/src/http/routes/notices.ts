import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Core } from "../../jobs/deps.ts";
import { listNotices } from "../../notices/list.ts";
import { seeNotices } from "../../notices/see.ts";
import { unreadNotices } from "../../notices/unread.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, Id, paged, pageOf, Pagination, scoped, ScopeQuery, needs, Time } from "../schemas.ts";
import { NoticeKind, NoticeView, Severity } from "./notice-schemas.ts";

const Since = z.iso.datetime({ offset: true, error: "must be a time such as 2026-01-31T12:00:00Z" }).transform((text) => new Date(text).toISOString())
  .openapi({ type: "string", format: "date-time" });

const list = createRoute({
  method: "get", path: "/", tags: ["notices"], summary: "What there was to tell, told to a channel or not", ...needs("read"),
  description: "One's own; what concerns the whole installation is for admins, with scope=all.",
  request: { query: z.strictObject({ ...scoped, ...paged, kind: NoticeKind.optional(), severity: Severity.optional(), database_id: Id.optional(), since: Since.optional() }) },
  responses: { 200: answer(z.object({ notices: z.array(NoticeView), pagination: Pagination }), "The newest first"), ...errors(400, 401, 403) },
});

const unread = createRoute({
  method: "get", path: "/unread", tags: ["notices"], summary: "How many warnings and alarms are new to me", ...needs("read"), request: { query: ScopeQuery },
  responses: {
    200: answer(z.object({ unread: z.int().openapi({ description: "100 when there are more" }), seen_at: Time.nullable() }), "Those after `seen_at`, or after the account was made"), ...errors(400, 401, 403),
  },
});

const see = createRoute({
  method: "put", path: "/seen", tags: ["notices"], summary: "Remember that I have seen them", ...needs("self"),
  request: { query: ScopeQuery, ...body(z.strictObject({ until: Since })) },
  responses: { 200: answer(z.object({ unread: z.int() }), "How many are new now"), ...errors(400, 401, 403) },
});

export function noticeRoutes(deps: Core) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => {
      const { scope: _, page, per_page, ...filter } = c.req.valid("query");
      return c.json(await listNotices(deps, c.get("actor"), { ...filter, ...pageOf({ page, per_page }) }), 200);
    })
    .openapi(unread, async (c) => c.json(await unreadNotices(deps, c.get("actor")), 200))
    .openapi(see, async (c) => {
      await seeNotices(deps, c.get("actor"), c.req.valid("json"));
      return c.json({ unread: (await unreadNotices(deps, c.get("actor"))).unread }, 200);
    });
}
