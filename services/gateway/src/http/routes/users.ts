import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Core } from "../../jobs/deps.ts";
import { changeRole } from "../../users/change-role.ts";
import { deleteUser } from "../../users/delete.ts";
import { listUsers } from "../../users/list.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, IdParam, Message, ScopeQuery, SECURED } from "../schemas.ts";
import { Role, UserView, viewUser } from "./auth-schemas.ts";

const tags = ["users"];

const list = createRoute({
  method: "get", path: "/", tags, summary: "List accounts (admins)", security: SECURED, request: { query: ScopeQuery },
  responses: { 200: answer(z.object({ users: z.array(UserView) }), "Every account"), ...errors(401, 403) },
});

const change = createRoute({
  method: "patch", path: "/{id}", tags, summary: "Change a role (admins)", security: SECURED,
  request: { params: IdParam, query: ScopeQuery, ...body(z.strictObject({ role: Role })) },
  responses: { 200: answer(z.object({ user: UserView }), "The account"), ...errors(400, 401, 403, 404, 409) },
});

const remove = createRoute({
  method: "delete", path: "/{id}", tags, summary: "Delete an account that owns nothing (admins)", description: "Records of what it once had become an admin's.", security: SECURED,
  request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(Message, "Gone"), ...errors(400, 401, 403, 404, 409) },
});

export function userRoutes(deps: Core) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => c.json({ users: (await listUsers(deps, c.get("actor"))).map(viewUser) }, 200))
    .openapi(change, async (c) => {
      const user = await changeRole(deps, c.get("actor"), { ...c.req.valid("param"), ...c.req.valid("json") });
      return c.json({ user: viewUser(user) }, 200);
    })
    .openapi(remove, async (c) => {
      await deleteUser(deps, c.get("actor"), c.req.valid("param"));
      return c.json({ message: "the account is deleted" }, 200);
    });
}
