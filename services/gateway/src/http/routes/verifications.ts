import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Deps } from "../../jobs/deps.ts";
import { getVerification } from "../../verifications/get.ts";
import { listVerifications } from "../../verifications/list.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, errors, Id, IdParam, paged, pageOf, Pagination, scoped, ScopeQuery, needs } from "../schemas.ts";
import { Status, VerificationView } from "./job-schemas.ts";

const tags = ["verifications"];

const list = createRoute({
  method: "get", path: "/", tags, summary: "List test restores", ...needs("read"),
  request: { query: z.strictObject({ ...scoped, ...paged, status: Status.optional(), database_id: Id.optional(), backup_id: Id.optional() }) },
  responses: { 200: answer(z.object({ verifications: z.array(VerificationView), pagination: Pagination }), "The newest first"), ...errors(400, 401, 403) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a test restore", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(z.object({ verification: VerificationView }), "The test restore"), ...errors(400, 401, 404) },
});

export function verificationRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => {
      const { scope: _, page, per_page, ...filter } = c.req.valid("query");
      return c.json(await listVerifications(deps, c.get("actor"), { ...filter, ...pageOf({ page, per_page }) }), 200);
    })
    .openapi(get, async (c) => c.json({ verification: await getVerification(deps, c.get("actor"), c.req.valid("param")) }, 200));
}
