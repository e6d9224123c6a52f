import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { cancelJob } from "../../jobs/cancel.ts";
import type { Deps } from "../../jobs/deps.ts";
import { getJob } from "../../jobs/get.ts";
import { jobLog } from "../../jobs/log.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, errors, IdParam, ScopeQuery, needs } from "../schemas.ts";
import { JobView, LogLines } from "./job-schemas.ts";

const tags = ["jobs"];

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a job", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(z.object({ job: JobView }), "The job"), ...errors(400, 401, 404) },
});

const log = createRoute({
  method: "get", path: "/{id}/log", tags, summary: "Show what happened to a job", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(z.object({ log: LogLines }), "The oldest line first"), ...errors(400, 401, 404) },
});

const cancel = createRoute({
  method: "post", path: "/{id}/cancel", tags, summary: "Cancel a job", ...needs("operate"), request: { params: IdParam, query: ScopeQuery },
  description: "Of a backup or a restore: `job_id` names it. What runs is ended and leaves nothing.",
  responses: { 202: answer(z.object({ message: z.string(), job: JobView }), "Asked for; over as soon as nobody works on it"), ...errors(400, 401, 404, 409) },
});

export function jobRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(get, async (c) => c.json({ job: await getJob(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(log, async (c) => c.json({ log: await jobLog(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(cancel, async (c) => {
      const job = await cancelJob(deps, c.get("actor"), c.req.valid("param"));
      return c.json({ message: job.status === "canceled" ? `job ${job.id} is canceled` : `job ${job.id} is being canceled`, job }, 202);
    });
}
