import { VERSION } from "@safebase/runtime";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { SESSION_COOKIE } from "./authentication.ts";
import type { Env } from "./context.ts";

export type OpenApiDocument = ReturnType<OpenAPIHono<Env>["getOpenAPI31Document"]>;

/** The document of every route that is registered, from the schemas that validate it. */
export function openApiDocument(app: OpenAPIHono<Env>, public_url: string | undefined): OpenApiDocument {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "SafeBase", version: VERSION,
      description: "Backs up and restores PostgreSQL, MySQL and MariaDB. JSON in snake_case, times in ISO-8601 UTC. x-right says what a route asks for (docs/roles.md). Any route may also answer 403 to whoever may not do it, 413 for a body above 1 MiB, and 500.",
    },
    ...(public_url === undefined ? {} : { servers: [{ url: public_url }] }),
  });
}

/** How a caller proves who he is. */
export function registerSecurity(app: OpenAPIHono<Env>): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer", bearerFormat: "JWT" });
  app.openAPIRegistry.registerComponent("securitySchemes", "cookie", { type: "apiKey", in: "cookie", name: SESSION_COOKIE });
}
