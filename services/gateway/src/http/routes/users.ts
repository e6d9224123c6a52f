import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Account } from "../../catalog/users.ts";
import type { Core } from "../../jobs/deps.ts";
import { createUser } from "../../users/create.ts";
import { deleteUser } from "../../users/delete.ts";
import { listUsers } from "../../users/list.ts";
import { resetPassword } from "../../users/reset-password.ts";
import { updateUser } from "../../users/update.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, IdParam, Message, needs, ScopeQuery, Time } from "../schemas.ts";
import { Email, Role, UserView, viewUser } from "./auth-schemas.ts";

const tags = ["users"];
const AccountView = UserView.extend({
  disabled_at: Time.nullable().openapi({ description: "Since when nobody gets in with it" }),
  password_expires_at: Time.nullable().openapi({ description: "Until when the password holds that an admin gave out; null for one of the user's own" }),
  last_login_at: Time.nullable(), databases: z.int().openapi({ description: "How many it has" }),
}).openapi("Account");
const One = z.object({ user: AccountView });
const Given = z.object({ user: AccountView, password: z.string().openapi({ description: "Shown only here. It lets him in for a week, to choose one of his own" }) });

const list = createRoute({
  method: "get", path: "/", tags, summary: "List accounts (admins)", ...needs("administer"), request: { query: ScopeQuery },
  responses: { 200: answer(z.object({ users: z.array(AccountView) }), "Every account"), ...errors(401, 403) },
});

const create = createRoute({
  method: "post", path: "/", tags, summary: "Make an account for somebody (admins)", ...needs("administer"),
  description: "The answer has a password for the first login, which is to be changed then.",
  request: { query: ScopeQuery, ...body(z.strictObject({ email: Email, role: Role })) },
  responses: { 201: answer(Given, "The account, and its first password"), ...errors(400, 401, 403, 409, 413) },
});

const change = createRoute({
  method: "patch", path: "/{id}", tags, summary: "Change a role, disable an account or enable it (admins)", ...needs("administer"),
  description: "A disabled account ends its sessions and download links, and neither a password nor an API token of it gets in. Its schedules go on.",
  request: { params: IdParam, query: ScopeQuery, ...body(z.strictObject({ role: Role.optional(), disabled: z.boolean().optional() })) },
  responses: { 200: answer(One, "The account"), ...errors(400, 401, 403, 404, 409) },
});

const reset = createRoute({
  method: "post", path: "/{id}/password", tags, summary: "Give an account another password (admins)", ...needs("administer"),
  description: "Ends its sessions and download links. The password is to be changed at the next login. API tokens stay.",
  request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(Given, "The account, and its new password"), ...errors(400, 401, 403, 404, 409) },
});

const remove = createRoute({
  method: "delete", path: "/{id}", tags, summary: "Delete an account that owns nothing (admins)", description: "Records of what it once had become an admin's.", ...needs("administer"),
  request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(Message, "Gone"), ...errors(400, 401, 403, 404, 409) },
});

export function userRoutes(deps: Core) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => c.json({ users: (await listUsers(deps, c.get("actor"))).map(view) }, 200))
    .openapi(create, async (c) => {
      const { account, password } = await createUser(deps, c.get("actor"), c.req.valid("json"));
      return c.json({ user: view(account), password }, 201);
    })
    .openapi(change, async (c) => c.json({ user: view(await updateUser(deps, c.get("actor"), { ...c.req.valid("param"), ...c.req.valid("json") })) }, 200))
    .openapi(reset, async (c) => {
      const { account, password } = await resetPassword(deps, c.get("actor"), c.req.valid("param"));
      return c.json({ user: view(account), password }, 200);
    })
    .openapi(remove, async (c) => {
      await deleteUser(deps, c.get("actor"), c.req.valid("param"));
      return c.json({ message: "the account is deleted" }, 200);
    });
}

function view(row: Account): z.infer<typeof AccountView> {
  const { disabled_at, password_expires_at, last_login_at, databases } = row;
  return { ...viewUser(row), disabled_at, password_expires_at, last_login_at, databases };
}
