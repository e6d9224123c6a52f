import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Core } from "../../jobs/deps.ts";
import { listStorages } from "../../storages/list.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, errors, ScopeQuery, SECURED, Time } from "../schemas.ts";

const bytes = z.number().nullable().openapi({ description: "For admins" });
const StorageView = z.object({
  storage: z.string(), group: z.string().openapi({ description: "The executors that keep it" }),
  used_percent: z.number().nullable().openapi({ description: "Of the disk below it, whoever filled it; null where it has no end" }), nearly_full: z.boolean(),
  used_bytes: bytes, free_bytes: bytes, total_bytes: bytes, checked_at: Time,
}).openapi("Storage");

const list = createRoute({
  method: "get", path: "/", tags: ["storages"], summary: "How full the storages are", security: SECURED, request: { query: ScopeQuery },
  responses: { 200: answer(z.object({ storages: z.array(StorageView) }), "As they were when an executor was last asked"), ...errors(400, 401, 403) },
});

export function storageRoutes(deps: Core) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => c.json({ storages: await listStorages(deps, c.get("actor")) }, 200));
}
