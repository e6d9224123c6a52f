import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Deps } from "../../jobs/deps.ts";
import { createKey } from "../../keys/create.ts";
import { deleteKey } from "../../keys/delete.ts";
import { getKey } from "../../keys/get.ts";
import { giveIdentity } from "../../keys/give-identity.ts";
import { keepAway } from "../../keys/keep-away.ts";
import { keepIdentity } from "../../keys/keep-identity.ts";
import { listKeys } from "../../keys/list.ts";
import { updateKey } from "../../keys/update.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, IdParam, Message, ScopeQuery, needs, Time } from "../schemas.ts";

const tags = ["keys"];
const Name = z.string().trim().min(1).max(200);
const Recipient = z.string().trim().min(1).max(200).openapi({ description: "Of age, X25519; its identity stays with you", example: "age1…" });
const OneIdentity = z.string().min(1).max(8192).openapi({ description: "Of age, as age-keygen wrote it; kept sealed, never shown", example: "AGE-SECRET-KEY-1…" });
const KeyView = z.object({
  id: z.int(), user_id: z.int(), name: z.string(), recipient: z.string(),
  identity_kept: z.boolean().openapi({ description: "True: restores need nothing more. False: whoever restores gives the identity" }),
  identity_given_at: Time.nullable(), created_at: Time, retired_at: Time.nullable(),
}).openapi("Key");
const One = z.object({ key: KeyView });

const list = createRoute({
  method: "get", path: "/", tags, summary: "List encryption keys", ...needs("read"), request: { query: ScopeQuery },
  responses: { 200: answer(z.object({ keys: z.array(KeyView) }), "The keys"), ...errors(401, 403) },
});

const create = createRoute({
  method: "post", path: "/", tags, summary: "Add a key to encrypt backups with", ...needs("manage"),
  description: "With a recipient, its identity is kept away by you and given at each restore. With an identity that you have, it is sealed here. With generate: true, a new one is made and its identity is sealed here. Set a database to it with encryption_key_id.",
  request: { query: ScopeQuery, ...body(z.union([z.strictObject({ name: Name, recipient: Recipient }), z.strictObject({ name: Name, identity: OneIdentity }), z.strictObject({ name: Name, generate: z.literal(true) })])) },
  responses: { 201: answer(One, "The key"), ...errors(400, 401, 403, 409, 413) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a key", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(One, "The key, without its identity"), ...errors(400, 401, 404) },
});

const update = createRoute({
  method: "put", path: "/{id}", tags, summary: "Rename a key, retire it, or bring it back", ...needs("manage"),
  description: "No database can be set to a retired key. What it encrypted is restored as before.",
  request: { params: IdParam, query: ScopeQuery, ...body(z.strictObject({ name: Name.optional(), retired: z.boolean().optional() })) },
  responses: { 200: answer(One, "The key"), ...errors(400, 401, 404, 409, 413) },
});

const remove = createRoute({
  method: "delete", path: "/{id}", tags, summary: "Delete a key that no backup needs", ...needs("manage"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(Message, "Deleted"), ...errors(400, 401, 404, 409) },
});

const giveOut = createRoute({
  method: "post", path: "/{id}/identity", tags, summary: "Take a key's identity, to store it elsewhere", ...needs("manage"),
  description: "For its owner alone, and for his password once more. Kept outside of SafeBase, it opens every backup that was encrypted with this key, also when SafeBase is lost.",
  request: { params: IdParam, query: ScopeQuery, ...body(z.strictObject({ password: z.string().min(1).max(1024) })) },
  responses: { 200: answer(z.object({ identity: z.string(), recipient: z.string() }), "The identity: a secret"), ...errors(400, 401, 403, 404, 409, 413, 429) },
});

const keep = createRoute({
  method: "put", path: "/{id}/identity", tags, summary: "Keep a key's identity here", ...needs("manage"),
  description: "For its owner alone: after it was kept away, or lost with the master key. Restores need nothing more from then on.",
  request: { params: IdParam, query: ScopeQuery, ...body(z.strictObject({ identity: OneIdentity })) },
  responses: { 200: answer(One, "The key"), ...errors(400, 401, 404, 413) },
});

const forget = createRoute({
  method: "delete", path: "/{id}/identity", tags, summary: "Keep a key's identity away from here", ...needs("manage"),
  description: "It is forgotten for good; from then on it is given at each restore. Refused until it was taken once.",
  request: { params: IdParam, query: ScopeQuery }, responses: { 200: answer(One, "The key"), ...errors(400, 401, 404, 409) },
});

export function keyRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => c.json({ keys: await listKeys(deps, c.get("actor")) }, 200))
    .openapi(create, async (c) => c.json({ key: await createKey(deps, c.get("actor"), c.req.valid("json")) }, 201))
    .openapi(get, async (c) => c.json({ key: await getKey(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(update, async (c) => c.json({ key: await updateKey(deps, c.get("actor"), { ...c.req.valid("json"), ...c.req.valid("param") }) }, 200))
    .openapi(keep, async (c) => c.json({ key: await keepIdentity(deps, c.get("actor"), { ...c.req.valid("json"), ...c.req.valid("param") }) }, 200))
    .openapi(remove, async (c) => {
      const { id } = c.req.valid("param");
      await deleteKey(deps, c.get("actor"), { id });
      return c.json({ message: `key ${id} is deleted` }, 200);
    })
    .openapi(giveOut, async (c) => {
      const input = { ...c.req.valid("json"), ...c.req.valid("param") };
      const identity = await giveIdentity(deps, c.get("actor"), input);
      return c.json({ identity, recipient: (await getKey(deps, c.get("actor"), input)).recipient }, 200);
    })
    .openapi(forget, async (c) => c.json({ key: await keepAway(deps, c.get("actor"), c.req.valid("param")) }, 200));
}
