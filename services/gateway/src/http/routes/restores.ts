import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Deps } from "../../jobs/deps.ts";
import { getRestore } from "../../restores/get.ts";
import { listRestores } from "../../restores/list.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, errors, Id, IdParam, paged, pageOf, Pagination, scoped, ScopeQuery, needs } from "../schemas.ts";
import { RestoreView, Status } from "./job-schemas.ts";

const tags = ["restores"];

const list = createRoute({
  method: "get", path: "/", tags, summary: "List restores", ...needs("read"),
  request: { query: z.strictObject({ ...scoped, ...paged, status: Status.optional(), database_id: Id.optional(), backup_id: Id.optional() }) },
  responses: { 200: answer(z.object({ restores: z.array(RestoreView), pagination: Pagination }), "The newest first"), ...errors(400, 401, 403) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a restore", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(z.object({ restore: RestoreView }), "The restore"), ...errors(400, 401, 404) },
});

export function restoreRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => {
      const { scope: _, page, per_page, ...filter } = c.req.valid("query");
      return c.json(await listRestores(deps, c.get("actor"), { ...filter, ...pageOf({ page, per_page }) }), 200);
    })
    .openapi(get, async (c) => c.json({ restore: await getRestore(deps, c.get("actor"), c.req.valid("param")) }, 200));
}
