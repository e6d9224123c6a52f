import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { RouteRight } from "../../auth/rights.ts";
import type { OpenApiDocument } from "../openapi.ts";
import { schemaText, type Components, type JsonSchema } from "./schema-text.ts";
import { DOCS_STYLE } from "./style.ts";

interface Content { content?: Record<string, { schema?: JsonSchema }>; description?: string }
interface Parameter { name: string; in: string; required?: boolean; schema?: JsonSchema }
interface Operation {
  method: string; path: string; tags?: string[]; summary?: string; description?: string; security?: unknown[]; "x-right"?: RouteRight;
  parameters?: Parameter[]; requestBody?: Content; responses: Record<string, Content>;
}
type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The API described on one page: no script, nothing loaded from anywhere. */
export function docsPage(document: OpenApiDocument): Html {
  const components = (document.components?.schemas ?? {}) as Components;
  const groups = Map.groupBy(operationsOf(document), (operation) => operation.tags?.[0] ?? "other");
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.info.title} API</title><style>${raw(DOCS_STYLE)}</style></head>
<body><header><h1>${document.info.title} API</h1>
<p class="dim">Version ${document.info.version} · <a href="/api/openapi.json">openapi.json</a></p><p>${document.info.description ?? ""}</p>
<p>Log in at <code>POST /auth/login</code> and send the token: <code>Authorization: Bearer …</code>.
What a route needs stands at its right: <code>read</code>, <code>operate</code>, <code>manage</code> and <code>administer</code> go with the role, <code>self</code> is what is about oneself.</p>
<nav aria-label="Groups">${[...groups.keys()].map((name) => html`<a href="#${name}">${name}</a>`)}</nav></header>
<main>${[...groups].map(([name, operations]) => html`<section><h2 id="${name}">${name}</h2>${operations.map((one) => operationHtml(one, components))}</section>`)}</main>
</body></html>`;
}

function operationsOf(document: OpenApiDocument): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Omit<Operation, "method" | "path">>).map(([method, operation]) => ({ ...operation, method, path })));
}

function operationHtml(operation: Operation, components: Components): Html {
  const { method, path, summary, description, parameters = [], requestBody, responses, "x-right": right = "public" } = operation;
  return html`<details><summary><span class="method">${method}</span><code>${path}</code><span class="dim">${summary ?? ""}</span>
${right === "public" ? "" : html`<span class="lock">${right}</span>`}</summary><div>
${description === undefined ? "" : html`<p>${description}</p>`}
${parameters.length === 0 ? "" : html`<h4>Parameters</h4><table>${parameters.map((one) => parameterHtml(one, components))}</table>`}
${requestBody === undefined ? "" : html`<h4>Body</h4>${contentHtml(requestBody, components)}`}
<h4>Answers</h4>${Object.entries(responses).map(([status, one]) => html`<p><strong>${status}</strong> ${one.description ?? ""}</p>
${Number(status) < 400 ? contentHtml(one, components) : ""}`)}
</div></details>`;
}

function parameterHtml({ name, in: where, required, schema }: Parameter, components: Components): Html {
  return html`<tr><td><code>${name}</code></td><td>${where}${required === true ? ", needed" : ""}</td>
<td><code>${schema === undefined ? "" : schemaText(schema, components)}</code> ${schema?.description ?? ""}</td></tr>`;
}

function contentHtml({ content = {} }: Content, components: Components): Html[] {
  return Object.entries(content).map(([type, { schema }]) =>
    html`<p class="dim"><code>${type}</code></p>${schema?.properties === undefined && schema?.$ref === undefined && schema?.anyOf === undefined && schema?.oneOf === undefined ? "" : html`<pre><code>${schemaText(schema, components)}</code></pre>`}`);
}
