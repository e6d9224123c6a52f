import { JOB_KINDS, SERVICES } from "@safebase/contracts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { deleteGroup } from "../../executors/groups/delete.ts";
import { putGroup } from "../../executors/groups/put.ts";
import { listExecutors } from "../../executors/list.ts";
import type { AppDeps } from "../app.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, Group, Message, ScopeQuery, needs, Time } from "../schemas.ts";

const tags = ["executors"];
const group = {
  group: z.string(), open: z.boolean().openapi({ description: "Whoever may register databases may register them in it; else only admins may, and change where they are" }),
  note: z.string().nullable().openapi({ description: "What it is for" }),
};
const Executors = z.object({
  version: z.string().openapi({ description: "The gateway's: executors are best of the same" }),
  groups: z.array(z.object({
    ...group, alive: z.int(), databases: z.int().openapi({ description: "In it: all, or one's own" }),
    own: z.boolean().openapi({ description: "The installation's own, which databases are in of which nothing else is said" }), usable: z.boolean().openapi({ description: "By whoever asks" }),
  })).openapi({ description: "For admins and operators every group that was made, has executors, or has databases; for others those that they may use or have databases in" }),
  services: z.array(z.object({ name: z.enum(SERVICES), alive: z.int() })),
  executors: z.array(z.object({
    id: z.string(), host: z.string(), group: z.string(), version: z.string(), clients: z.array(z.object({ name: z.string(), version: z.string() })),
    state: z.enum(["alive", "draining", "lost"]).openapi({ description: "draining: it was told to stop, and ends with what it runs. lost: it has fallen silent, and is shown for a day" }),
    running_jobs: z.array(z.int()),
    jobs: z.array(z.object({
      id: z.int(), kind: z.enum(JOB_KINDS), database_id: z.int().nullable(), database_name: z.string().nullable(), backup_id: z.int().nullable(), started_at: Time.nullable(),
    })).openapi({ description: "What they are about. For admins" }),
    concurrency: z.int().nullable().openapi({ description: "So many jobs it runs at once" }), started_at: Time.nullable(), last_seen_at: Time,
  })).nullable().openapi({ description: "For admins and operators" }),
}).openapi("Executors");

const list = createRoute({
  method: "get", path: "/", tags, summary: "Who lives, and in which groups", ...needs("read"), request: { query: ScopeQuery },
  responses: { 200: answer(Executors, "As their signs of life say"), ...errors(400, 401, 403) },
});

const GroupParam = z.object({ name: Group });
const putOne = createRoute({
  method: "put", path: "/groups/{name}", tags, summary: "Make a group of executors, or change whom it is open to", ...needs("administer"),
  description: "What is left out stays; a new one is not open.",
  request: { params: GroupParam, query: ScopeQuery, ...body(z.strictObject({ open: z.boolean().optional(), note: z.string().trim().max(200).nullable().optional() })) },
  responses: { 200: answer(z.object({ group: z.object(group) }), "The group"), ...errors(400, 401, 403) },
});

const removeOne = createRoute({
  method: "delete", path: "/groups/{name}", tags, summary: "Forget a group of executors", ...needs("administer"),
  description: "Refused while databases or servers are in it. Its unused join tokens end.", request: { params: GroupParam, query: ScopeQuery },
  responses: { 200: answer(Message, "Forgotten"), ...errors(400, 401, 403, 404, 409) },
});

export function executorRoutes(deps: AppDeps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => c.json(await listExecutors(deps, c.get("actor")), 200))
    .openapi(putOne, async (c) => c.json({ group: await putGroup(deps, c.get("actor"), c.req.valid("param").name, c.req.valid("json")) }, 200))
    .openapi(removeOne, async (c) => {
      const { name } = c.req.valid("param");
      await deleteGroup(deps, c.get("actor"), name);
      return c.json({ message: `the group ${name} is forgotten` }, 200);
    });
}
