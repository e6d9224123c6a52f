import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { addCopy } from "../../copies/add.ts";
import { removeCopy } from "../../copies/remove.ts";
import { retryCopyNow } from "../../copies/retry.ts";
import type { Deps } from "../../jobs/deps.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, IdParam, ScopeQuery, needs } from "../schemas.ts";
import { BackupDetails } from "./job-schemas.ts";

const tags = ["backups"];
const Storage = z.string().min(1).max(100);
const CopyParam = IdParam.extend({ storage: Storage.openapi({ description: "By its name" }) });
const Changed = z.object({ message: z.string(), backup: BackupDetails });

const add = createRoute({
  method: "post", path: "/{id}/copies", tags, summary: "Copy a backup to one more storage", ...needs("manage"),
  description: "From a copy that is good, every byte compared on the way. Tried until it succeeds, ever more rarely.",
  request: { params: IdParam, query: ScopeQuery, ...body(z.strictObject({ storage: Storage })) },
  responses: { 202: answer(Changed, "Ordered; the copy is pending"), ...errors(400, 401, 404, 409) },
});

const remove = createRoute({
  method: "delete", path: "/{id}/copies/{storage}", tags, summary: "Remove a backup from one storage", ...needs("manage"),
  description: "Not the last good copy: that goes with the backup.", request: { params: CopyParam, query: ScopeQuery },
  responses: { 200: answer(Changed, "Gone from the list; an executor removes it"), ...errors(400, 401, 404, 409) },
});

const retry = createRoute({
  method: "post", path: "/{id}/copies/{storage}/retry", tags, summary: "Make a missing or damaged copy good now", ...needs("operate"),
  description: "It is tried by itself, too.", request: { params: CopyParam, query: ScopeQuery },
  responses: { 202: answer(Changed, "Ordered, or ordered to begin at once"), ...errors(400, 401, 404, 409) },
});

export function copyRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(add, async (c) => {
      const { storage } = c.req.valid("json");
      const backup = await addCopy(deps, c.get("actor"), { backup_id: c.req.valid("param").id, storage });
      return c.json({ message: `a copy of backup ${backup.id} in ${storage} is ordered`, backup }, 202);
    })
    .openapi(remove, async (c) => {
      const { id, storage } = c.req.valid("param");
      const backup = await removeCopy(deps, c.get("actor"), { backup_id: id, storage });
      return c.json({ message: `backup ${id} is removed from ${storage}`, backup }, 200);
    })
    .openapi(retry, async (c) => {
      const { id, storage } = c.req.valid("param");
      const backup = await retryCopyNow(deps, c.get("actor"), { backup_id: id, storage });
      return c.json({ message: `the copy of backup ${id} in ${storage} is made now`, backup }, 202);
    });
}
