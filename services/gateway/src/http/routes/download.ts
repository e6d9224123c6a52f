import { DOWNLOAD_FORMS } from "@safebase/artifact";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { createLink, type LinkDeps } from "../../download/link.ts";
import { auditDownload, openDownload } from "../../download/open.ts";
import { redeemLink } from "../../download/redeem.ts";
import { clientIp, type Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { publicBase } from "../public-base.ts";
import { answer, ErrorBody, errors, IdParam, scoped, ScopeQuery, needs, OPEN, Time } from "../schemas.ts";
import { sendDownload } from "../send-download.ts";

const tags = ["backups"];
const Bytes = z.string().openapi({ format: "binary" });
const file = (description: string) => ({ description, content: { "application/octet-stream": { schema: Bytes } } });
const FILE = { 200: file("The file"), 206: file("The range that was asked for"), 416: { description: "No such range", content: { "application/json": { schema: ErrorBody } } } };

const Form = z.enum(DOWNLOAD_FORMS);
export const Part = z.string().min(1).max(32).openapi({ description: "Of a backup in several parts, the name of one" });

const download = createRoute({
  method: "get", path: "/{id}/download", tags, summary: "Download a backup", ...needs("manage"),
  description: "As stored (with ranges), or decompressed and converted on the way: `sql`, `zip` (the .sql in a zip), `gz` (the .sql in gzip). Only so many are converted at once (SAFEBASE_CONVERSIONS). A backup in several parts comes as one script, or a `part` at a time.",
  request: { params: IdParam, query: z.strictObject({ ...scoped, as: Form.default("stored"), part: Part.optional() }) },
  responses: { ...FILE, ...errors(400, 401, 404, 409, 410, 429) },
});

const DEFAULT_LIFE_S = 900, SHORTEST_LIFE_S = 60, LONGEST_LIFE_S = 86_400;
const LinkBody = z.strictObject({
  as: Form.optional().openapi({ description: "Default: stored" }),
  expires_s: z.int().min(SHORTEST_LIFE_S).max(LONGEST_LIFE_S).optional().openapi({ description: `Default: ${DEFAULT_LIFE_S}` }),
});
const LinkView = z.object({
  url: z.string(), expires_at: Time, filename: z.string(), size: z.int().optional().openapi({ description: "Of stored bytes" }), sha256: z.string().optional(),
  curl: z.string().openapi({ description: "The command that downloads it; with -C - it goes on where it stopped" }),
}).openapi("DownloadLink");

const link = createRoute({
  method: "post", path: "/{id}/link", tags, summary: "Make a link that downloads a backup once", ...needs("manage"),
  description: "For curl on another host: whoever has the URL downloads the backup, once, without a login, until it expires. It is shown only here. Its holder needs no other secret, so hand it on like one.",
  request: { params: IdParam, query: ScopeQuery, body: { content: { "application/json": { schema: LinkBody } } } },
  responses: { 201: answer(LinkView, "The link"), ...errors(400, 401, 404, 409, 410) },
});

const redeem = createRoute({
  method: "get", path: "/", tags, summary: "Download with a link", ...OPEN,
  description: "The first request that gets bytes uses the link up. A stored file that broke off is gone on with by a Range request, from the same address, until the last byte was sent or the link expires. HEAD uses nothing up.",
  request: { query: z.strictObject({ token: z.string() }) },
  responses: { ...FILE, ...errors(400, 404, 409, 410, 429) },
});

/** What is asked for at /api/backups. */
export function downloadRoutes(deps: LinkDeps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(download, async (c) => {
      const actor = c.get("actor");
      const { id } = c.req.valid("param");
      const { as: form, part } = c.req.valid("query");
      return sendDownload(c, await openDownload(deps, actor, { id, form, part }), {
        cache_control: "private, no-cache", stall_limit_s: deps.config.job_stall_limit_s,
        begin: () => auditDownload(deps, actor, id, { form, part, range: c.req.header("range") }),
      });
    })
    .openapi(link, async (c) => {
      const { as: form = "stored", expires_s = DEFAULT_LIFE_S } = c.req.valid("json");
      const order = { ...c.req.valid("param"), form, expires_s, base: () => publicBase(c, deps.config) };
      return c.json(await createLink(deps, c.get("actor"), order), 201);
    });
}

/** What links lead to: open to anybody who has one. */
export function linkRoutes(deps: LinkDeps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(redeem, async (c) => {
      const { token } = c.req.valid("query");
      const redeemed = await redeemLink(deps, { token, ip: clientIp(c, deps.config.trust_proxy), range: c.req.header("range") });
      return sendDownload(c, redeemed.download, {
        cache_control: "no-store", stall_limit_s: deps.config.job_stall_limit_s,
        begin: (range) => redeemed.claim(range !== undefined), beforeLast: redeemed.end,
      });
    });
}
