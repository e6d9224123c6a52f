import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { sessionHolds } from "../../auth/authenticate.ts";
import type { Core } from "../../jobs/deps.ts";
import { hearingOf } from "../../notices/hearing.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import type { EventHub } from "../event-hub.ts";
import { errors, ScopeQuery, needs } from "../schemas.ts";

const listen = createRoute({
  method: "get", path: "/", tags: ["events"], summary: "What happens, as it happens", ...needs("read"), request: { query: ScopeQuery },
  description: "Server-sent events: `channel`, `notification`, `notice`, `backup`, `restore`, `verification`, `check`, `schedule`, `database`, `server` with the thing as its own route shows it, `notices_seen`, and `progress`. What concerns the whole installation is for admins and operators, with scope=all. Nothing is repeated: after a reconnect ask for the state anew.",
  responses: { 200: { description: "A stream that does not end by itself", content: { "text/event-stream": { schema: z.string() } } }, ...errors(401, 403) },
});

export function eventRoutes(deps: Core & { readonly hub: EventHub }) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(listen, (c) => {
      const headers = { "content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no" };
      if (c.req.raw.method === "HEAD") return c.body(null, 200, headers);
      const actor = c.get("actor");
      const claims = c.get("claims");
      return c.body(deps.hub.open({ scope: hearingOf(actor), expires_at: claims.expires_at, holds: () => sessionHolds(deps, claims, actor.role) }), 200, headers);
    });
}
