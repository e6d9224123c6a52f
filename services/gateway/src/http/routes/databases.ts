import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { Warning } from "@safebase/contracts";
import { createDatabase } from "../../databases/create.ts";
import { deleteDatabase } from "../../databases/delete.ts";
import { getDatabase } from "../../databases/get.ts";
import { listDatabases } from "../../databases/list.ts";
import { getDatabaseOverview, listDatabaseOverviews } from "../../databases/overview.ts";
import { testConnection, testDatabase } from "../../databases/test.ts";
import { updateDatabase } from "../../databases/update.ts";
import { warningsOf } from "../../databases/warnings.ts";
import type { Deps } from "../../jobs/deps.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, IdParam, Message, pageOf, Pagination, ScopeQuery, needs } from "../schemas.ts";
import { CreateBody, DatabaseView, OverviewQuery, OverviewView, StandingCounts, TestBody, TestResult, UpdateBody } from "./database-schemas.ts";

const tags = ["databases"];
const One = z.object({ database: DatabaseView, warnings: z.array(Warning) });

const list = createRoute({
  method: "get", path: "/", tags, summary: "List databases", ...needs("read"), request: { query: ScopeQuery },
  responses: { 200: answer(z.object({ databases: z.array(DatabaseView) }), "The databases"), ...errors(401, 403) },
});

const overview = createRoute({
  method: "get", path: "/overview", tags, summary: "List databases with how their backups stand", ...needs("read"),
  description: "Last results, newest backup, what it is held to, next run and what is stored, in one answer. The counts are of all that fit, whatever state is asked for.",
  request: { query: OverviewQuery },
  responses: {
    200: answer(z.object({ databases: z.array(OverviewView), counts: StandingCounts, schedules_paused: z.boolean(), pagination: Pagination }), "One page of them"), ...errors(400, 401, 403),
  },
});

const overviewOfOne = createRoute({
  method: "get", path: "/{id}/overview", tags, summary: "Show how a database's backups stand", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(z.object({ overview: OverviewView }), "How they stand"), ...errors(400, 401, 404) },
});

const create = createRoute({
  method: "post", path: "/", tags, summary: "Register a database", ...needs("manage"),
  description: "By its fields, or by a connection string: postgres://, postgresql://, mysql:// or mariadb://.",
  request: { query: ScopeQuery, ...body(CreateBody) },
  responses: { 201: answer(One, "The database"), ...errors(400, 401, 413) },
});

const testUnsaved = createRoute({
  method: "post", path: "/test", tags, summary: "Test a connection that is not registered", ...needs("manage"),
  request: { query: ScopeQuery, ...body(TestBody) },
  responses: { 200: answer(TestResult, "What the server says, or why it says nothing"), ...errors(400, 401, 503) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a database", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(One, "The database"), ...errors(400, 401, 404) },
});

const update = createRoute({
  method: "put", path: "/{id}", tags, summary: "Change a database", ...needs("manage"),
  description: "What is left out stays. The password is given again when type, host, port, user or TLS change.",
  request: { params: IdParam, query: ScopeQuery, ...body(UpdateBody) },
  responses: { 200: answer(One, "The database"), ...errors(400, 401, 403, 404, 413) },
});

const remove = createRoute({
  method: "delete", path: "/{id}", tags, summary: "Unregister a database", ...needs("manage"),
  description: "Its schedules end; its backups stay.", request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(Message, "Unregistered"), ...errors(400, 401, 404, 409) },
});

const test = createRoute({
  method: "post", path: "/{id}/test", tags, summary: "Test a registered database", ...needs("operate"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(TestResult, "What the server says, or why it says nothing"), ...errors(400, 401, 404, 503) },
});

export function databaseRoutes(deps: Deps) {
  const shown = (database: z.infer<typeof DatabaseView>) => ({ database, warnings: warningsOf(deps.config, database) });
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => c.json({ databases: await listDatabases(deps, c.get("actor")) }, 200))
    .openapi(overview, async (c) => {
      const { scope: _, page, per_page, ...asked } = c.req.valid("query");
      return c.json(await listDatabaseOverviews(deps, c.get("actor"), { ...asked, ...pageOf({ page, per_page }) }), 200);
    })
    .openapi(overviewOfOne, async (c) => c.json({ overview: await getDatabaseOverview(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(create, async (c) => c.json(shown(await createDatabase(deps, c.get("actor"), c.req.valid("json"))), 201))
    .openapi(testUnsaved, async (c) => c.json(await testConnection(deps, c.get("actor"), c.req.valid("json")), 200))
    .openapi(get, async (c) => c.json(shown(await getDatabase(deps, c.get("actor"), c.req.valid("param"))), 200))
    .openapi(update, async (c) => {
      const database = await updateDatabase(deps, c.get("actor"), { ...c.req.valid("json"), ...c.req.valid("param") });
      return c.json(shown(database), 200);
    })
    .openapi(remove, async (c) => {
      await deleteDatabase(deps, c.get("actor"), c.req.valid("param"));
      return c.json({ message: "the database is unregistered; its backups stay" }, 200);
    })
    .openapi(test, async (c) => c.json(await testDatabase(deps, c.get("actor"), c.req.valid("param")), 200));
}
