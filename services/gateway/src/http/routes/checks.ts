import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { getCheck } from "../../checks/get.ts";
import { listChecks } from "../../checks/list.ts";
import type { Deps } from "../../jobs/deps.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, errors, Id, IdParam, paged, pageOf, Pagination, scoped, ScopeQuery, needs } from "../schemas.ts";
import { CheckView, CopyState, Status } from "./job-schemas.ts";

const tags = ["checks"];

const list = createRoute({
  method: "get", path: "/", tags, summary: "List checks", ...needs("read"),
  request: { query: z.strictObject({ ...scoped, ...paged, status: Status.optional(), result: CopyState.optional(), database_id: Id.optional(), backup_id: Id.optional() }) },
  responses: { 200: answer(z.object({ checks: z.array(CheckView), pagination: Pagination }), "The newest first"), ...errors(400, 401, 403) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a check", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(z.object({ check: CheckView }), "The check"), ...errors(400, 401, 404) },
});

export function checkRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => {
      const { scope: _, page, per_page, ...filter } = c.req.valid("query");
      return c.json(await listChecks(deps, c.get("actor"), { ...filter, ...pageOf({ page, per_page }) }), 200);
    })
    .openapi(get, async (c) => c.json({ check: await getCheck(deps, c.get("actor"), c.req.valid("param")) }, 200));
}
