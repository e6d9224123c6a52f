import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { JoinToken } from "../../catalog/join-tokens.ts";
import { createJoinToken } from "../../executors/joining/create-token.ts";
import { deleteJoinToken } from "../../executors/joining/delete-token.ts";
import { joinGroup } from "../../executors/joining/join.ts";
import { listJoinTokens } from "../../executors/joining/list-tokens.ts";
import type { Core } from "../../jobs/deps.ts";
import { clientIp, type Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { publicBase } from "../public-base.ts";
import { answer, body, errors, Group, IdParam, Message, needs, OPEN, ScopeQuery, Time } from "../schemas.ts";

const tags = ["executors"];
const DEFAULT_LIFE_S = 3_600, SHORTEST_LIFE_S = 60, LONGEST_LIFE_S = 86_400;

const JoinTokenView = z.object({
  id: z.int(), user_id: z.int(), group: z.string(), created_at: Time, expires_at: Time,
  used_at: Time.nullable(), used_ip: z.string().nullable(), used_host: z.string().nullable().openapi({ description: "What the machine that joined calls itself" }),
}).openapi("JoinToken");

const create = createRoute({
  method: "post", path: "/join-tokens", tags, summary: "Make a token with which one machine joins a group of executors", ...needs("administer"),
  description: "It is shown only here, good for one machine, and ends soon. A group that is not there is made with it. docs/executor-groups.md says what else is needed.",
  request: { query: ScopeQuery, ...body(z.strictObject({ group: Group, ttl_s: z.int().min(SHORTEST_LIFE_S).max(LONGEST_LIFE_S).optional().openapi({ description: `Default: ${DEFAULT_LIFE_S}` }) })) },
  responses: {
    201: answer(z.object({ join_token: z.string(), expires_at: Time, command: z.string().openapi({ description: "To be run on that machine; it asks for the token" }), token: JoinTokenView }), "The token"),
    ...errors(400, 401, 403, 409),
  },
});

const list = createRoute({
  method: "get", path: "/join-tokens", tags, summary: "List join tokens, and who has joined by them", ...needs("administer"), request: { query: ScopeQuery },
  responses: { 200: answer(z.object({ join_tokens: z.array(JoinTokenView) }), "The newest first"), ...errors(400, 401, 403) },
});

const remove = createRoute({
  method: "delete", path: "/join-tokens/{id}", tags, summary: "Revoke a join token", ...needs("administer"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(Message, "Nobody joins by it any more"), ...errors(400, 401, 403, 404) },
});

const JoinBody = z.strictObject({ token: z.string().min(1).max(200), host: z.string().trim().min(1).max(255).openapi({ description: "What the machine calls itself" }) });
const join = createRoute({
  method: "post", path: "/join", tags, summary: "Join a group of executors", ...OPEN,
  description: "For whoever has a join token: `safebase join` does it. Answers secrets that are shown only here.", request: body(JoinBody),
  responses: {
    200: answer(z.object({
      group: z.string(), nats_url: z.string(), nats_creds: z.string().openapi({ description: "The text of a .creds file" }), nats_ca: z.string().nullable().openapi({ description: "PEM" }),
      group_key: z.string(), version: z.string(), expires_at: Time.openapi({ description: "Until then NATS takes the credentials" }), settings: z.record(z.string(), z.string()),
    }), "What an executor of the group starts with"),
    ...errors(400, 404, 409, 410, 429),
  },
});

export function joiningRoutes(deps: Core) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(create, async (c) => {
      const { group, ttl_s = DEFAULT_LIFE_S } = c.req.valid("json");
      const { join_token, command, row } = await createJoinToken(deps, c.get("actor"), { group, ttl_s, base: () => publicBase(c, deps.config) });
      return c.json({ join_token, expires_at: row.expires_at, command, token: view(row) }, 201);
    })
    .openapi(list, async (c) => c.json({ join_tokens: (await listJoinTokens(deps, c.get("actor"))).map(view) }, 200))
    .openapi(remove, async (c) => {
      await deleteJoinToken(deps, c.get("actor"), c.req.valid("param"));
      return c.json({ message: "the join token is revoked" }, 200);
    })
    .openapi(join, async (c) => {
      const joined = await joinGroup(deps, { ...c.req.valid("json"), ip: clientIp(c, deps.config.trust_proxy) });
      return c.json({ ...joined, settings: { ...joined.settings } }, 200);
    });
}

function view(row: JoinToken): z.infer<typeof JoinTokenView> {
  const { token_hash: _, executor_group: group, ...shown } = row;
  return { ...shown, group };
}
