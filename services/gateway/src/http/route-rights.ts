import type { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { RouteRight } from "../auth/rights.ts";
import type { Ctx, Env } from "./context.ts";

/** Finds what right the definition of each request's route asks for, and leaves it for `requireActor`: null where none is said, undefined where no route is. */
export function findRight(app: OpenAPIHono<Env>): MiddlewareHandler<Env> {
  let rights: Map<string, RouteRight> | undefined;
  return (c, next) => {
    rights ??= rightsOfRoutes(app); // with the first request: by then every route is there
    const route = routeOf(c);
    c.set("right", route === undefined ? undefined : rights.get(route) ?? null);
    return next();
  };
}

function rightsOfRoutes(app: OpenAPIHono<Env>): Map<string, RouteRight> {
  return new Map(app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== "route") return [];
    const { method, path, "x-right": right } = definition.route as typeof definition.route & { "x-right"?: RouteRight };
    return right === undefined ? [] : [[nameOf(method.toUpperCase(), path.replace(/\{(\w+)\}/g, ":$1")), right]];
  }));
}

/** Of several that match, the first is the one that answers. */
function routeOf(c: Ctx): string | undefined {
  const route = matchedRoutes(c).find(({ method, path }) => method !== "ALL" && !path.endsWith("*"));
  return route === undefined ? undefined : nameOf(route.method, route.path);
}

function nameOf(method: string, path: string): string {
  return `${method} ${path.replace(/(.)\/$/, "$1")}`;
}
