import { ERROR_CODES } from "@safebase/contracts";
import { z } from "@hono/zod-openapi";
import type { RouteRight } from "../auth/rights.ts";

export const ErrorBody = z.object({
  error: z.string().openapi({ description: "One sentence for people" }),
  code: z.enum(ERROR_CODES),
  hint: z.string().optional().openapi({ description: "What can be done about it" }),
}).openapi("Error");

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({ description, content: { "application/json": { schema } } });

const REASONS = {
  400: "The request is not understood", 401: "No token, or none that holds", 403: "Not allowed", 404: "No such thing, or not yours",
  409: "Something stands against it at the moment", 410: "The artifact is gone, or the link is", 413: "The body is too large", 416: "No such range",
  429: "Too many tries; see Retry-After", 503: "No executor or notifier answers, or the storage does not",
} as const;
type Reason = keyof typeof REASONS;
type ErrorAnswer = ReturnType<typeof json<typeof ErrorBody>>;

/** The errors that a route answers with, beside those that any route may. */
export function errors<const Statuses extends readonly Reason[]>(...statuses: Statuses): Record<Statuses[number], ErrorAnswer> {
  return Object.fromEntries(statuses.map((status) => [status, json(ErrorBody, REASONS[status])])) as Record<Statuses[number], ErrorAnswer>;
}

/** A JSON answer. */
export const answer = json;

/** A JSON body that must be there. */
export const body = <Schema extends z.ZodType>(schema: Schema) => ({ body: { required: true, content: { "application/json": { schema } } } });

/** A route that needs a token of somebody who may do this; `requireActor` sees to it. A route that says nothing is refused. */
export function needs(right: Exclude<RouteRight, "public">): { security: Record<string, string[]>[]; "x-right": RouteRight } {
  return { security: [{ bearer: [] }, { cookie: [] }], "x-right": right };
}

/** A route that is open to anybody. */
export const OPEN: { "x-right": RouteRight } = { "x-right": "public" };

/** Ids that no row can have, as they are beyond what a catalog gives, become 0: nothing is found under it. */
const LAST_ID = 2 ** 31 - 1;
export const Id = z.string().regex(/^-?\d{1,400}$/, "must be a whole number")
  .transform((text) => knownId(Number(text)))
  .openapi({ type: "integer", example: 7 });
/** An id in a body. */
export const BodyId = z.int().transform(knownId).openapi({ type: "integer" });
export const IdParam = z.object({ id: Id });

function knownId(id: number): number {
  return id > 0 && id <= LAST_ID ? id : 0;
}

const WholeNumber = (min: number, max: number) => z.string().regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
  .transform(Number).pipe(z.int().min(min, `must be a whole number from ${min} to ${max}`).max(max, `must be a whole number from ${min} to ${max}`))
  .openapi({ type: "integer", minimum: min, maximum: max });

const INSTANT = "must be an instant such as 2026-01-15T12:00:00Z";
/** A moment in a query, in any zone; what comes of it sorts like the catalog's. */
export const Instant = z.iso.datetime({ offset: true, error: INSTANT }).max(40, INSTANT).transform((text) => new Date(text).toISOString()).openapi({ type: "string", format: "date-time" });
/** Yes or no in a query. */
export const Flag = z.enum(["true", "false"], { error: "must be true or false" }).transform((text) => text === "true").openapi({ type: "boolean" });

const MAX_PER_PAGE = 200;
/** `?scope=all` shows and touches what belongs to others, as far as the role goes. */
export const scoped = { scope: z.enum(["own", "all"]).optional().openapi({ description: "all: everybody's, as far as the role goes" }) };
export const paged = { page: WholeNumber(1, 1_000_000).optional(), per_page: WholeNumber(1, MAX_PER_PAGE).optional() };
export const ScopeQuery = z.strictObject(scoped);

/** The page that was asked for. */
export function pageOf(query: { page?: number | undefined; per_page?: number | undefined }): { page: number; per_page: number } {
  return { page: query.page ?? 1, per_page: query.per_page ?? 50 };
}

export const Pagination = z.object({ page: z.int(), per_page: z.int(), total: z.int(), pages: z.int() }).openapi("Pagination");
/** A group of executors, by its name. */
export const Group = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "may hold letters, digits, - and _, 64 at most");
/** Storages, by their names. */
export const Storages = z.array(z.string().max(100)).min(1, "must name at least one").max(10);
export const Message = z.object({ message: z.string() });
export const Time = z.string().openapi({ format: "date-time" });
