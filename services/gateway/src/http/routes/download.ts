import { Readable } from "node:stream";
import { DOWNLOAD_FORMS } from "@safebase/artifact";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { attachment } from "../../download/disposition.ts";
import { auditDownload, openDownload, type Download, type DownloadDeps } from "../../download/open.ts";
import { rangeFor, type ByteRange } from "../../download/range.ts";
import type { Ctx, Env } from "../context.ts";
import { refuseInvalid } from "../errors.ts";
import { ErrorBody, errors, IdParam, scoped, SECURED } from "../schemas.ts";

const Bytes = z.string().openapi({ format: "binary" });
const file = (description: string) => ({ description, content: { "application/octet-stream": { schema: Bytes } } });

const download = createRoute({
  method: "get", path: "/{id}/download", tags: ["backups"], summary: "Download a backup", security: SECURED,
  description: "As stored (with ranges), or decompressed and converted on the way: `sql`, `zip` (the .sql in a zip), `gz` (the .sql in gzip).",
  request: { params: IdParam, query: z.strictObject({ ...scoped, as: z.enum(DOWNLOAD_FORMS).default("stored") }) },
  responses: { 200: file("The file"), 206: file("The range that was asked for"), 416: { description: "No such range", content: { "application/json": { schema: ErrorBody } } }, ...errors(400, 401, 404, 409, 410) },
});

export function downloadRoutes(deps: DownloadDeps) {
  return new OpenAPIHono<Env>({ defaultHook: refuseInvalid })
    .openapi(download, async (c) => {
      const actor = c.get("actor");
      const { id } = c.req.valid("param");
      const { as: form } = c.req.valid("query");
      const found = await openDownload(deps, actor, { id, form });
      const range = found.stored === null ? undefined : rangeOf(c, found.stored);
      if (range === "unsatisfiable") {
        return c.json({ error: "the range lies outside of the file", code: "bad_request" as const }, 416, { "content-range": `bytes */${found.stored?.size_bytes}` });
      }
      const status = range === undefined ? 200 : 206;
      if (c.req.raw.method === "HEAD") return c.body(null, status, headersOf(found, range));
      await auditDownload(deps, actor, id, { form, range: c.req.header("range") });
      const body = await found.open(range, c.req.raw.signal);
      // Here and now: the server's own way would write a text of its own to the file before it closes the connection.
      body.once("error", (error) => c.env?.outgoing?.destroy(error));
      return c.body(Readable.toWeb(body) as ReadableStream, status, headersOf(found, range));
    });
}

/** Only for an answer that is the file: an error that came with its length or name would be taken for it. */
function headersOf({ filename, content_type, stored }: Download, range: ByteRange | undefined): Record<string, string> {
  const common = { "content-type": content_type, "content-disposition": attachment(filename), "cache-control": "private, no-cache" };
  if (stored === null) return common;
  const about = { ...common, etag: etagOf(stored), "accept-ranges": "bytes" };
  if (range === undefined) return { ...about, "content-length": String(stored.size_bytes) };
  return { ...about, "content-length": String(range.end - range.start + 1), "content-range": `bytes ${range.start}-${range.end}/${stored.size_bytes}` };
}

function rangeOf(c: Ctx, stored: NonNullable<Download["stored"]>): ReturnType<typeof rangeFor> {
  return rangeFor({ range: c.req.header("range"), if_range: c.req.header("if-range") }, etagOf(stored), stored.size_bytes);
}

function etagOf(stored: NonNullable<Download["stored"]>): string {
  return `"${stored.sha256}"`;
}
