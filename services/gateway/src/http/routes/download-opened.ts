import { DOWNLOAD_FORMS } from "@safebase/artifact";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { auditDownload, openDownload, type DownloadDeps } from "../../download/open.ts";
import type { Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { errors, IdParam, ScopeQuery, needs } from "../schemas.ts";
import { sendDownload } from "../send-download.ts";
import { Part } from "./download.ts";
import { Identity } from "./job-schemas.ts";

const Body = z.strictObject({ as: z.enum(DOWNLOAD_FORMS).exclude(["stored"]).optional().openapi({ description: "Default: sql" }), part: Part.optional(), identity: Identity });

const opened = createRoute({
  method: "post", path: "/{id}/download", tags: ["backups"], summary: "Download an encrypted backup with an identity that is kept away", ...needs("manage"),
  description: "Decrypted and converted on the way. The identity is sent in the body, for what is in a URL gets written down; it is used for this download and kept nowhere.",
  request: { params: IdParam, query: ScopeQuery, body: { content: { "application/json": { schema: Body } } } },
  responses: { 200: { description: "The file", content: { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } } }, ...errors(400, 401, 404, 409, 410, 413, 429) },
});

export function openedDownloadRoutes(deps: DownloadDeps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(opened, async (c) => {
      const actor = c.get("actor");
      const { id } = c.req.valid("param");
      const { as: form = "sql", part, identity } = c.req.valid("json");
      return sendDownload(c, await openDownload(deps, actor, { id, form, part, identity }), {
        cache_control: "no-store", stall_limit_s: deps.config.job_stall_limit_s,
        begin: () => auditDownload(deps, actor, id, { form, part, range: undefined }),
      });
    });
}
