import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Deps } from "../../jobs/deps.ts";
import { getNotification } from "../../notifications/get.ts";
import { listNotifications } from "../../notifications/list.ts";
import { retryNotification } from "../../notifications/retry.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, errors, Id, IdParam, paged, pageOf, Pagination, scoped, ScopeQuery, needs } from "../schemas.ts";
import { NoticeKind, NotificationStatus, NotificationView } from "./notice-schemas.ts";

const tags = ["notifications"];
const One = z.object({ notification: NotificationView });

const list = createRoute({
  method: "get", path: "/", tags, summary: "What channels were told, and what became of it", ...needs("read"),
  request: {
    query: z.strictObject({ ...scoped, ...paged, status: NotificationStatus.optional(), channel_id: Id.optional(), kind: NoticeKind.optional(), database_id: Id.optional() }),
  },
  responses: { 200: answer(z.object({ notifications: z.array(NotificationView), pagination: Pagination }), "The newest first"), ...errors(400, 401, 403) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a notification", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(One, "The notification"), ...errors(400, 401, 404) },
});

const retry = createRoute({
  method: "post", path: "/{id}/retry", tags, summary: "Try a dead notification again", ...needs("operate"), request: { params: IdParam, query: ScopeQuery },
  responses: { 202: answer(One, "It is tried again at once"), ...errors(400, 401, 404, 409) },
});

export function notificationRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => {
      const { scope: _, page, per_page, ...filter } = c.req.valid("query");
      return c.json(await listNotifications(deps, c.get("actor"), { ...filter, ...pageOf({ page, per_page }) }), 200);
    })
    .openapi(get, async (c) => c.json({ notification: await getNotification(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(retry, async (c) => c.json({ notification: await retryNotification(deps, c.get("actor"), c.req.valid("param")) }, 202));
}
