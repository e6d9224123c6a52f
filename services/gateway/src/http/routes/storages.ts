import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { Warning } from "@safebase/contracts";
import type { Core } from "../../jobs/deps.ts";
import { createStorage } from "../../storages/create.ts";
import { deleteStorage } from "../../storages/delete.ts";
import { getStorage } from "../../storages/get.ts";
import { listStorages } from "../../storages/list.ts";
import { testConfig, testStorage } from "../../storages/test.ts";
import { updateStorage } from "../../storages/update.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, IdParam, Message, scoped, ScopeQuery, needs } from "../schemas.ts";
import { CreateBody, StorageView, TestBody, TestResult, TestUnsavedBody, UpdateBody } from "./storage-schemas.ts";

const tags = ["storages"];
const Saved = answer(z.object({ storage: StorageView, warnings: z.array(Warning) }), "The storage, and what to know of it");

const list = createRoute({
  method: "get", path: "/", tags, summary: "List the storages, with how full they are", ...needs("read"), request: { query: ScopeQuery },
  description: "One's own and those that are shared. How full they are is as it was when an executor was last asked.",
  responses: { 200: answer(z.object({ storages: z.array(StorageView) }), "The storages"), ...errors(400, 401, 403) },
});

const create = createRoute({
  method: "post", path: "/", tags, summary: "Add a place for backups", ...needs("manage"), request: { query: ScopeQuery, ...body(CreateBody) },
  description: "A bucket of an S3-compatible server, a folder of an SFTP server, or (admins) a folder of the executors' machines. Its name never changes.",
  responses: { 201: Saved, ...errors(400, 401, 403, 404, 409, 413) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a storage", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(z.object({ storage: StorageView }), "The storage"), ...errors(400, 401, 404) },
});

const update = createRoute({
  method: "put", path: "/{id}", tags, summary: "Change a storage", ...needs("manage"),
  description: "What is left out stays. Copies do not move: where it leads now, they are expected.",
  request: { params: IdParam, query: ScopeQuery, ...body(UpdateBody) },
  responses: { 200: Saved, ...errors(400, 401, 403, 404, 409, 413) },
});

const remove = createRoute({
  method: "delete", path: "/{id}", tags, summary: "Remove a storage", ...needs("manage"),
  description: "Refused while databases or schedules name it, or copies lie in it. With forget=true these are forgotten, and stay where they are.",
  request: { params: IdParam, query: z.strictObject({ ...scoped, forget: z.enum(["true", "false"]).optional() }) },
  responses: { 200: answer(Message, "Removed"), ...errors(400, 401, 403, 404, 409) },
});

const Tried = answer(TestResult, "What it did with a small object, and why it did not do a step");
const tries = "An executor writes a small object, reads it back, lists and deletes it.";

const testUnsaved = createRoute({
  method: "post", path: "/test", tags, summary: "Try a storage that is not saved", description: tries, ...needs("manage"), request: { query: ScopeQuery, ...body(TestUnsavedBody) },
  responses: { 200: Tried, ...errors(400, 401, 403, 413, 429, 503) },
});

const test = createRoute({
  method: "post", path: "/{id}/test", tags, summary: "Try a storage", description: tries, ...needs("operate"),
  request: { params: IdParam, query: ScopeQuery, body: { content: { "application/json": { schema: TestBody } } } },
  responses: { 200: Tried, ...errors(400, 401, 403, 404, 413, 429, 503) },
});

export function storageRoutes(deps: Core) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => c.json({ storages: await listStorages(deps, c.get("actor")) }, 200))
    .openapi(create, async (c) => c.json(await createStorage(deps, c.get("actor"), c.req.valid("json")), 201))
    .openapi(testUnsaved, async (c) => c.json(await testConfig(deps, c.get("actor"), c.req.valid("json")), 200))
    .openapi(test, async (c) => c.json(await testStorage(deps, c.get("actor"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200))
    .openapi(get, async (c) => c.json({ storage: await getStorage(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(update, async (c) => c.json(await updateStorage(deps, c.get("actor"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200))
    .openapi(remove, async (c) => {
      const { id } = c.req.valid("param");
      const { name, forgotten } = await deleteStorage(deps, c.get("actor"), { id, forget: c.req.valid("query").forget === "true" });
      return c.json({ message: `the storage ${name} is removed${forgotten === 0 ? "" : `; ${forgotten} copies in it are forgotten, and stay where they are`}` }, 200);
    });
}
