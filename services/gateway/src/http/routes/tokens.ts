import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { RIGHTS } from "../../auth/rights.ts";
import type { ApiToken } from "../../catalog/schema.ts";
import type { Core } from "../../jobs/deps.ts";
import { createApiToken } from "../../tokens/create.ts";
import { deleteApiToken } from "../../tokens/delete.ts";
import { listApiTokens } from "../../tokens/list.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, IdParam, Message, ScopeQuery, needs, Time } from "../schemas.ts";

const tags = ["tokens"];
const Rights = z.enum(RIGHTS).openapi({ description: "Up to which right it may do what its user may; administer: all of it" });
const ApiTokenView = z.object({
  id: z.int(), user_id: z.int(), name: z.string(), rights: Rights, created_at: Time, expires_at: Time.nullable(),
  last_used_at: Time.nullable().openapi({ description: "To the minute" }), last_used_ip: z.string().nullable(),
}).openapi("ApiToken");

const Expiry = z.iso.datetime({ offset: true, error: "must be a time such as 2026-01-31T12:00:00Z" }).transform((text) => new Date(text).toISOString())
  .openapi({ type: "string", format: "date-time", description: "Default: it holds until it is revoked" });
const CreateBody = z.strictObject({ name: z.string().trim().min(1).max(100).openapi({ description: "What it is for" }), expires_at: Expiry.nullish(), rights: Rights.optional() });

const create = createRoute({
  method: "post", path: "/", tags, summary: "Make an API token for a script", ...needs("manage"),
  description: "It is sent as Authorization: Bearer, and has the rights of its user, whatever they become, or as many of them as `rights` says. It is shown only here. A session is needed to make one.",
  request: { query: ScopeQuery, ...body(CreateBody) },
  responses: { 201: answer(z.object({ token: z.string(), api_token: ApiTokenView }), "The token"), ...errors(400, 401, 403, 409) },
});

const list = createRoute({
  method: "get", path: "/", tags, summary: "List API tokens", ...needs("self"), request: { query: ScopeQuery },
  responses: { 200: answer(z.object({ api_tokens: z.array(ApiTokenView) }), "The oldest first"), ...errors(401, 403) },
});

const remove = createRoute({
  method: "delete", path: "/{id}", tags, summary: "Revoke an API token", ...needs("self"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(Message, "It holds no more"), ...errors(400, 401, 403, 404) },
});

export function tokenRoutes(deps: Core) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(create, async (c) => {
      const { name, expires_at = null, rights = "administer" } = c.req.valid("json");
      const { token, row } = await createApiToken(deps, c.get("actor"), c.get("claims"), { name, expires_at, rights });
      return c.json({ token, api_token: view(row) }, 201);
    })
    .openapi(list, async (c) => c.json({ api_tokens: (await listApiTokens(deps, c.get("actor"))).map(view) }, 200))
    .openapi(remove, async (c) => {
      await deleteApiToken(deps, c.get("actor"), c.req.valid("param"));
      return c.json({ message: "the API token is revoked" }, 200);
    });
}

function view(row: ApiToken): z.infer<typeof ApiTokenView> {
  const { token_hash: _, ...shown } = row;
  return shown;
}
