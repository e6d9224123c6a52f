import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Deps } from "../../jobs/deps.ts";
import { getRecovery } from "../../recovery/get.ts";
import { makeRecoveryKit } from "../../recovery/kit.ts";
import { orderCatalogBackup } from "../../recovery/order.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, ScopeQuery, needs, Time } from "../schemas.ts";

const tags = ["recovery"];
const CatalogBackup = z.object({
  at: Time, key: z.string().nullable().openapi({ description: "Of the file in each storage; null when nothing could be written" }),
  size_bytes: z.number().nullable(), sha256: z.string().nullable(), recipient: z.string(),
  storages: z.array(z.object({ storage: z.string(), ok: z.boolean(), error: z.string().nullable() })),
}).openapi("CatalogBackup");
const RecoveryView = z.object({
  recipient: z.string().openapi({ description: "What copies of the catalog are encrypted to; the kit holds what opens them" }),
  places: z.array(z.object({ name: z.string(), type: z.string(), target: z.string() })), last_backup: CatalogBackup.nullable(),
}).openapi("Recovery");

const get = createRoute({
  method: "get", path: "/", tags, summary: "How this installation could be recovered (admins)", ...needs("administer"), request: { query: ScopeQuery },
  responses: { 200: answer(z.object({ recovery: RecoveryView }), "Where copies of the catalog are, and how the last one went"), ...errors(401, 403) },
});
const backup = createRoute({
  method: "post", path: "/backup", tags, summary: "Back the catalog up now (admins)", ...needs("administer"), request: { query: ScopeQuery },
  responses: { 200: answer(z.object({ catalog_backup: CatalogBackup }), "One storage at least has it"), ...errors(401, 403, 409, 503) },
});
const kit = createRoute({
  method: "post", path: "/kit", tags, summary: "Download the recovery kit (admins)", ...needs("administer"),
  description: "A text that holds the master key and what opens copies of the catalog. The account's password is asked for once more.",
  request: { query: ScopeQuery, ...body(z.strictObject({ password: z.string().min(1).max(1024) })) },
  responses: { 200: { description: "The kit, also an identity file of age", content: { "text/plain": { schema: z.string() } } }, ...errors(400, 401, 403, 429) },
});

export function recoveryRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(get, async (c) => c.json({ recovery: await getRecovery(deps, c.get("actor")) }, 200))
    .openapi(backup, async (c) => c.json({ catalog_backup: await orderCatalogBackup(deps, c.get("actor")) }, 200))
    .openapi(kit, async (c) => {
      const text = await makeRecoveryKit(deps, c.get("actor"), c.req.valid("json"));
      c.header("content-disposition", 'attachment; filename="safebase-recovery-kit.txt"');
      c.header("cache-control", "no-store");
      return c.text(text, 200);
    });
}
