import { createHash } from "node:crypto";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { Hono } from "hono";
import type { Env } from "../context.ts";
import { DOCS_STYLE } from "../docs/style.ts";
import { docsPage } from "../docs/page.ts";
import { openApiDocument } from "../openapi.ts";

const STYLE_HASH = createHash("sha256").update(DOCS_STYLE).digest("base64");
const PAGE_CSP = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** The routes described, for programs and for people. Open to anybody: they hold nothing of anybody's. */
export function docsRoutes(app: OpenAPIHono<Env>, public_url: string | undefined) {
  let document: ReturnType<typeof openApiDocument> | undefined;
  let page: ReturnType<typeof docsPage> | undefined;
  const described = () => document ??= openApiDocument(app, public_url);
  return new Hono<Env>()
    .get("/api/openapi.json", (c) => c.json(described()))
    .get("/api/docs", (c) => c.html(page ??= docsPage(described()), 200, { "content-security-policy": PAGE_CSP }));
}
