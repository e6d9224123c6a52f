import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Deps } from "../../jobs/deps.ts";
import { createServer } from "../../servers/create.ts";
import { deleteServer } from "../../servers/delete.ts";
import { getServer } from "../../servers/get.ts";
import { listServers } from "../../servers/list.ts";
import { syncNow } from "../../servers/sync.ts";
import { testKnownServer, testServer } from "../../servers/test.ts";
import { updateServer } from "../../servers/update.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, IdParam, Message, scoped, ScopeQuery, needs } from "../schemas.ts";
import { CreateBody, ServerDetails, ServerView, TestBody, TestKnownBody, TestResult, UpdateBody } from "./server-schemas.ts";

const tags = ["servers"];

const list = createRoute({
  method: "get", path: "/", tags, summary: "List servers", ...needs("read"), request: { query: ScopeQuery },
  responses: { 200: answer(z.object({ servers: z.array(ServerView) }), "The servers"), ...errors(401, 403) },
});

const create = createRoute({
  method: "post", path: "/", tags, summary: "Register all databases of a server", ...needs("manage"),
  description: "Those that are there, and from now on every ten minutes those that are new. A server that cannot be asked is registered all the same: last_sync.problem says why.",
  request: { query: ScopeQuery, ...body(CreateBody) },
  responses: { 201: answer(ServerDetails, "The server and its databases"), ...errors(400, 401, 404, 409, 413) },
});

const test = createRoute({
  method: "post", path: "/test", tags, summary: "See which databases a server has and which would be taken", ...needs("manage"),
  request: { query: ScopeQuery, ...body(TestBody) },
  responses: { 200: answer(TestResult, "The databases, or why the server does not tell them"), ...errors(400, 401, 503) },
});

const testKnown = createRoute({
  method: "post", path: "/{id}/test", tags, summary: "See which databases a registered server has and which these patterns would take", ...needs("manage"),
  description: "What is left out is as it is registered. Changes nothing.", request: { params: IdParam, query: ScopeQuery, ...body(TestKnownBody) },
  responses: { 200: answer(TestResult, "The databases, or why the server does not tell them"), ...errors(400, 401, 404, 503) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a server with its databases", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(ServerDetails, "The server and its databases"), ...errors(400, 401, 404) },
});

const update = createRoute({
  method: "put", path: "/{id}", tags, summary: "Change a server and the connections of all its databases", ...needs("manage"),
  description: "What is left out stays. The password is given again when host, port, user or TLS change. Patterns count from the next sync on, schedule, retention and key for databases that are new then; nothing that is registered goes by this.",
  request: { params: IdParam, query: ScopeQuery, ...body(UpdateBody) },
  responses: { 200: answer(ServerDetails, "The server and its databases"), ...errors(400, 401, 404, 409, 413) },
});

const remove = createRoute({
  method: "delete", path: "/{id}", tags, summary: "Follow a server no more", ...needs("manage"),
  description: "Its databases stay registered, with their schedules; with databases=true they are unregistered, all or none. Backups stay in any case.",
  request: { params: IdParam, query: z.strictObject({ ...scoped, databases: z.enum(["true", "false"]).optional() }) },
  responses: { 200: answer(Message, "Unregistered"), ...errors(400, 401, 404, 409) },
});

const sync = createRoute({
  method: "post", path: "/{id}/sync", tags, summary: "Look now which databases a server has", ...needs("operate"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(ServerDetails, "The server and its databases; last_sync says what was found"), ...errors(400, 401, 404) },
});

export function serverRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => c.json({ servers: await listServers(deps, c.get("actor")) }, 200))
    .openapi(create, async (c) => c.json(await createServer(deps, c.get("actor"), c.req.valid("json")), 201))
    .openapi(test, async (c) => c.json(await testServer(deps, c.get("actor"), c.req.valid("json")), 200))
    .openapi(testKnown, async (c) => c.json(await testKnownServer(deps, c.get("actor"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200))
    .openapi(get, async (c) => c.json(await getServer(deps, c.get("actor"), c.req.valid("param")), 200))
    .openapi(update, async (c) => c.json(await updateServer(deps, c.get("actor"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200))
    .openapi(remove, async (c) => {
      const databases = c.req.valid("query").databases === "true";
      await deleteServer(deps, c.get("actor"), { ...c.req.valid("param"), databases });
      return c.json({ message: `the server is followed no more; its databases ${databases ? "are unregistered, their backups stay" : "stay registered"}` }, 200);
    })
    .openapi(sync, async (c) => c.json(await syncNow(deps, c.get("actor"), c.req.valid("param")), 200));
}
