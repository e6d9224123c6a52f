import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { TRIGGERS } from "@safebase/contracts";
import { createBackup } from "../../backups/create.ts";
import { deleteBackup } from "../../backups/delete.ts";
import { getBackup } from "../../backups/get.ts";
import { listBackups } from "../../backups/list.ts";
import { pinBackup } from "../../backups/pin.ts";
import { createCheck } from "../../checks/create.ts";
import { getDatabase } from "../../databases/get.ts";
import type { Deps } from "../../jobs/deps.ts";
import { backupLog } from "../../jobs/log.ts";
import { createRestore } from "../../restores/create.ts";
import { planRestore } from "../../restores/plan.ts";
import { createVerification } from "../../verifications/create.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, BodyId, errors, Flag, Id, IdParam, Instant, Message, paged, pageOf, Pagination, scoped, ScopeQuery, needs, Storages } from "../schemas.ts";
import { BackupDetails, BackupView, CheckView, Compression, EngineType, Format, Identity, limits, LogLines, parts, RestorePlan, RestoreView, Status, VerificationView } from "./job-schemas.ts";

const tags = ["backups"];
const Page = z.object({ backups: z.array(BackupView), pagination: Pagination });

const CreateBody = z.strictObject({
  format: Format.optional().openapi({ description: "Default: custom for PostgreSQL, else sql" }), compression: Compression.optional().openapi({ description: "Default: zstd" }),
  storages: Storages.optional().openapi({ description: "By their names. Default: what the database says" }), ...parts, ...limits,
});

const create = createRoute({
  method: "post", path: "/database/{id}", tags, summary: "Back a database up now", ...needs("operate"),
  request: { params: IdParam, query: ScopeQuery, body: { content: { "application/json": { schema: CreateBody } } } },
  responses: { 202: answer(z.object({ message: z.string(), backup: BackupDetails }), "Ordered; it is pending"), ...errors(400, 401, 404) },
});

const filters = {
  status: Status.optional(), type: EngineType.optional(), database_id: Id.optional(), trigger: z.enum(TRIGGERS).optional(),
  since: Instant.optional().openapi({ description: "Ordered then or later" }), until: Instant.optional().openapi({ description: "Ordered before then" }),
  pinned: Flag.optional(), verified: Flag.optional().openapi({ description: "Proved by a test restore" }),
  storage: z.string().min(1).max(100).optional().openapi({ description: "By its name: those with a copy there" }),
  search: z.string().min(1).max(200).optional().openapi({ description: "Somewhere in the name of the database or of the file" }),
};

const list = createRoute({
  method: "get", path: "/", tags, summary: "List backups", ...needs("read"),
  request: { query: z.strictObject({ ...scoped, ...paged, ...filters }) },
  responses: { 200: answer(Page, "The newest first"), ...errors(400, 401, 403) },
});

const listOfDatabase = createRoute({
  method: "get", path: "/database/{id}", tags, summary: "List a database's backups", ...needs("read"),
  request: { params: IdParam, query: z.strictObject({ ...scoped, ...paged, status: Status.optional() }) },
  responses: { 200: answer(Page, "The newest first"), ...errors(400, 401, 403, 404) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a backup", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(z.object({ backup: BackupDetails }), "The backup"), ...errors(400, 401, 404) },
});

const log = createRoute({
  method: "get", path: "/{id}/log", tags, summary: "Show what happened to a backup", ...needs("read"),
  description: "In order: its own job, the checks, test restores, copies and restores of it, and who took it away. The newest thousand lines.",
  request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(z.object({ log: LogLines }), "The oldest line first"), ...errors(400, 401, 404) },
});

const change = createRoute({
  method: "put", path: "/{id}", tags, summary: "Pin a backup, or let it go", description: "A pinned backup is not removed, neither by retention nor by hand.",
  ...needs("operate"), request: { params: IdParam, query: ScopeQuery, ...body(z.strictObject({ pinned: z.boolean() })) },
  responses: { 200: answer(z.object({ backup: BackupDetails }), "The backup"), ...errors(400, 401, 404) },
});

const remove = createRoute({
  method: "delete", path: "/{id}", tags, summary: "Delete a backup and its artifact", ...needs("manage"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(Message, "Gone from the list; an executor removes the artifact"), ...errors(400, 401, 404, 409) },
});

const Target = z.strictObject({ database_id: BodyId.optional(), db_name: z.string().min(1).max(1024).optional() }).optional()
  .openapi({ description: "A registered database of the same type, and the name there. Default: the backup's own database" });
const SafetyBackup = z.boolean().optional().openapi({
  description: "In place, a backup of what is replaced first. MySQL and MariaDB: default true; false replaces the target without a way back, for a target that cannot be dumped any more. PostgreSQL: default false, for a failed restore leaves the target as it was; true keeps what was there. No effect for a new name",
});

const plan = createRoute({
  method: "post", path: "/{id}/restore/plan", tags: ["restores"], summary: "Show what a restore would do", ...needs("operate"),
  description: "Changes nothing. An executor is asked what is there now. What could never be ordered is refused as the order would be; `obstacles` are what stands against it as things are.",
  request: { params: IdParam, query: ScopeQuery, body: { content: { "application/json": { schema: z.strictObject({ target: Target, safety_backup: SafetyBackup, identity: Identity }) } } } },
  responses: { 200: answer(z.object({ plan: RestorePlan }), "The plan"), ...errors(400, 401, 404, 409) },
});

const restore = createRoute({
  method: "post", path: "/{id}/restore", tags: ["restores"], summary: "Restore a backup", ...needs("operate"),
  description: "Into the backup's own database, another registered one, or a new name on either's server. In the delay (10 s, 0 allowed) it can be canceled for nothing.",
  request: {
    params: IdParam, query: ScopeQuery,
    ...body(z.strictObject({
      confirm: z.string().openapi({ description: "The name of the database that is written to, once more" }),
      delay_s: z.number().min(0).max(3600).optional(),
      target: Target, safety_backup: SafetyBackup, identity: Identity, ...limits,
    })),
  },
  responses: { 202: answer(z.object({ message: z.string(), restore: RestoreView }), "Ordered; it is pending"), ...errors(400, 401, 404, 409) },
});

const VerifyBody = z.strictObject({
  target: z.strictObject({ database_id: BodyId.optional() }).optional().openapi({ description: "On whose server, of the same type; default: the backup's own database" }), identity: Identity, ...limits,
});

const verify = createRoute({
  method: "post", path: "/{id}/verify", tags: ["verifications"], summary: "Prove that a backup restores", ...needs("operate"),
  description: "A test restore: every stored byte is read, loaded into a database made for it, counted, and compared with what the backup held; that database is dropped again. One at a time for each server.",
  request: { params: IdParam, query: ScopeQuery, body: { content: { "application/json": { schema: VerifyBody } } } },
  responses: { 202: answer(z.object({ message: z.string(), verification: VerificationView }), "Ordered; it is pending"), ...errors(400, 401, 404, 409) },
});

const check = createRoute({
  method: "post", path: "/{id}/check", tags: ["checks"], summary: "See that a backup is stored as it was written", ...needs("operate"),
  description: "Every stored byte is read back, compared and decompressed, and the dump is read to its end. No database server is asked. One at a time for each group of executors.",
  request: { params: IdParam, query: ScopeQuery, body: { content: { "application/json": { schema: z.strictObject(limits) } } } },
  responses: { 202: answer(z.object({ message: z.string(), check: CheckView }), "Ordered; it is pending"), ...errors(400, 401, 404, 409) },
});

export function backupRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(create, async (c) => {
      const backup = await createBackup(deps, c.get("actor"), { ...c.req.valid("json"), database_id: c.req.valid("param").id });
      return c.json({ message: `backup ${backup.id} of ${backup.database_name} is ordered`, backup }, 202);
    })
    .openapi(list, async (c) => {
      const { scope: _, page, per_page, ...filter } = c.req.valid("query");
      return c.json(await listBackups(deps, c.get("actor"), { ...filter, ...pageOf({ page, per_page }) }), 200);
    })
    .openapi(listOfDatabase, async (c) => {
      const { status, ...page } = c.req.valid("query");
      const { id } = c.req.valid("param");
      const found = await listBackups(deps, c.get("actor"), { ...pageOf(page), status, database_id: id });
      // The history of a database that was unregistered can still be listed; one without any is not there.
      if (found.pagination.total === 0) await getDatabase(deps, c.get("actor"), { id });
      return c.json(found, 200);
    })
    .openapi(get, async (c) => c.json({ backup: await getBackup(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(log, async (c) => c.json({ log: await backupLog(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(change, async (c) => {
      const backup = await pinBackup(deps, c.get("actor"), { ...c.req.valid("param"), ...c.req.valid("json") });
      return c.json({ backup }, 200);
    })
    .openapi(remove, async (c) => {
      const { id } = c.req.valid("param");
      await deleteBackup(deps, c.get("actor"), { id });
      return c.json({ message: `backup ${id} is deleted` }, 200);
    })
    .openapi(plan, async (c) => c.json({ plan: await planRestore(deps, c.get("actor"), { ...c.req.valid("json"), backup_id: c.req.valid("param").id }) }, 200))
    .openapi(restore, async (c) => {
      const ordered = await createRestore(deps, c.get("actor"), { ...c.req.valid("json"), backup_id: c.req.valid("param").id });
      return c.json({ message: `restore ${ordered.id} to ${ordered.target_db_name} is ordered; ${ordered.note}`, restore: ordered }, 202);
    })
    .openapi(verify, async (c) => {
      const ordered = await createVerification(deps, c.get("actor"), { ...c.req.valid("json"), backup_id: c.req.valid("param").id });
      return c.json({ message: `a test restore of backup ${ordered.backup_id} is ordered`, verification: ordered }, 202);
    })
    .openapi(check, async (c) => {
      const ordered = await createCheck(deps, c.get("actor"), { ...c.req.valid("json"), backup_id: c.req.valid("param").id });
      return c.json({ message: `a check of backup ${ordered.backup_id} is ordered`, check: ordered }, 202);
    });
}
