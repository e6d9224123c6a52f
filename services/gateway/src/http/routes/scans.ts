import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { ERROR_CODES } from "@safebase/contracts";
import type { Deps } from "../../jobs/deps.ts";
import { createScan } from "../../scans/create.ts";
import { getScan } from "../../scans/get.ts";
import { listScans } from "../../scans/list.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, Group, Id, IdParam, ScopeQuery, needs, Time } from "../schemas.ts";

const tags = ["storages"];
const ScanView = z.object({
  id: z.int(), storage: z.string(), status: z.enum(["running", "completed", "failed"]),
  artifacts: z.int().openapi({ description: "Manifests that were read" }), known: z.int().openapi({ description: "Of copies that the catalog has" }),
  adopted: z.object({ backups: z.int(), copies: z.int().openapi({ description: "More copies of backups that the catalog has" }), databases: z.int() }),
  left_out: z.int(), problems: z.array(z.object({ key: z.string(), problem: z.string() })).openapi({ description: "Why artifacts were left out: the first hundred" }),
  error_code: z.enum(ERROR_CODES).nullable(), error_msg: z.string().nullable(), error_hint: z.string().nullable(),
  created_at: Time, updated_at: Time, finished_at: Time.nullable(),
}).openapi("Scan");
const One = z.object({ scan: ScanView });

const create = createRoute({
  method: "post", path: "/{id}/scan", tags, summary: "Take up what lies in a storage and the catalog does not know", ...needs("manage"),
  description: "Reads every manifest. Databases come without their passwords, to be entered again. May be repeated: what is known stays as it is.",
  request: { params: IdParam, query: ScopeQuery, ...body(z.strictObject({ executor_group: Group.optional() })) },
  responses: { 202: answer(One, "It has begun"), ...errors(400, 401, 403, 404, 409) },
});
const list = createRoute({
  method: "get", path: "/{id}/scans", tags, summary: "List the last scans of a storage", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(z.object({ scans: z.array(ScanView) }), "Newest first"), ...errors(400, 401, 403, 404) },
});
const get = createRoute({
  method: "get", path: "/{id}/scans/{scan_id}", tags, summary: "Show a scan", ...needs("read"),
  request: { params: z.object({ id: Id, scan_id: Id }), query: ScopeQuery }, responses: { 200: answer(One, "The scan, as far as it is"), ...errors(400, 401, 403, 404) },
});

export function scanRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(create, async (c) => c.json({ scan: await createScan(deps, c.get("actor"), { ...c.req.valid("param"), ...c.req.valid("json") }) }, 202))
    .openapi(list, async (c) => c.json({ scans: await listScans(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(get, async (c) => c.json({ scan: await getScan(deps, c.get("actor"), c.req.valid("param")) }, 200));
}
