import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { Warning } from "@safebase/contracts";
import { createChannel } from "../../channels/create.ts";
import { deleteChannel } from "../../channels/delete.ts";
import { getChannel } from "../../channels/get.ts";
import { listChannels } from "../../channels/list.ts";
import { testChannel, testConfig } from "../../channels/test.ts";
import { updateChannel } from "../../channels/update.ts";
import type { Deps } from "../../jobs/deps.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { answer, body, errors, IdParam, Message, ScopeQuery, needs } from "../schemas.ts";
import { ChannelView, CreateBody, ListedChannel, TestBody, TestResult, UpdateBody } from "./channel-schemas.ts";

const tags = ["channels"];
const One = z.object({ channel: ChannelView });
const Saved = answer(One.extend({ warnings: z.array(Warning) }), "The channel, and what may keep it from working");
const Tested = answer(TestResult, "What the other side said, or why it did not take the message");

const list = createRoute({
  method: "get", path: "/", tags, summary: "List channels", ...needs("read"), request: { query: ScopeQuery },
  description: "Admins see those of the configuration with scope=all.",
  responses: { 200: answer(z.object({ channels: z.array(ListedChannel), email_server: z.boolean().openapi({ description: "Whether SAFEBASE_SMTP_URL is set: an email channel without it needs an smtp_url of its own" }) }), "The channels"), ...errors(401, 403) },
});

const create = createRoute({
  method: "post", path: "/", tags, summary: "Be told of things by mail, chat or webhook", ...needs("manage"), request: { query: ScopeQuery, ...body(CreateBody) },
  responses: { 201: Saved, ...errors(400, 401, 403, 413) },
});

const testUnsaved = createRoute({
  method: "post", path: "/test", tags, summary: "Send a test message over a channel that is not saved", ...needs("manage"), request: { query: ScopeQuery, ...body(TestBody) },
  responses: { 200: Tested, ...errors(400, 401, 413, 429, 503) },
});

const get = createRoute({
  method: "get", path: "/{id}", tags, summary: "Show a channel", ...needs("read"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: answer(One, "The channel"), ...errors(400, 401, 404) },
});

const update = createRoute({
  method: "put", path: "/{id}", tags, summary: "Change a channel", ...needs("manage"),
  description: "What is left out stays. Secrets are given again when the address changes that they are sent to. A disabled channel is told nothing, not even what waits for it.",
  request: { params: IdParam, query: ScopeQuery, ...body(UpdateBody) },
  responses: { 200: Saved, ...errors(400, 401, 403, 404, 409, 413) },
});

const remove = createRoute({
  method: "delete", path: "/{id}", tags, summary: "Remove a channel", ...needs("manage"), request: { params: IdParam, query: ScopeQuery },
  description: "What it was still to be told is given up.", responses: { 200: answer(Message, "Removed"), ...errors(400, 401, 404, 409) },
});

const test = createRoute({
  method: "post", path: "/{id}/test", tags, summary: "Send a test message over a channel", ...needs("operate"), request: { params: IdParam, query: ScopeQuery },
  responses: { 200: Tested, ...errors(400, 401, 404, 429, 503) },
});

export function channelRoutes(deps: Deps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(list, async (c) => c.json({ channels: await listChannels(deps, c.get("actor")), email_server: deps.config.smtp_url !== undefined }, 200))
    .openapi(create, async (c) => c.json(await createChannel(deps, c.get("actor"), c.req.valid("json")), 201))
    .openapi(testUnsaved, async (c) => c.json(await testConfig(deps, c.get("actor"), c.req.valid("json")), 200))
    .openapi(get, async (c) => c.json({ channel: await getChannel(deps, c.get("actor"), c.req.valid("param")) }, 200))
    .openapi(update, async (c) => {
      return c.json(await updateChannel(deps, c.get("actor"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200);
    })
    .openapi(remove, async (c) => {
      const { id } = c.req.valid("param");
      await deleteChannel(deps, c.get("actor"), { id });
      return c.json({ message: `channel ${id} is removed` }, 200);
    })
    .openapi(test, async (c) => c.json(await testChannel(deps, c.get("actor"), c.req.valid("param")), 200));
}
