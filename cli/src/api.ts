import type { App } from "@safebase/gateway";
import { hc, type ClientResponse, type InferResponseType } from "hono/client";
import { EXIT, Problem, Unreachable } from "./problem.ts";
import type { Texts } from "./texts/texts.ts";

/** The REST API, typed by the gateway's own routes: one that changes does not compile here. */
export type Api = ReturnType<typeof hc<App>>;

type Routes = Api["api"];
export type Database = InferResponseType<Routes["databases"]["$get"], 200>["databases"][number];
export type Backup = InferResponseType<Routes["backups"][":id"]["$get"], 200>["backup"];
export type Restore = InferResponseType<Routes["restores"][":id"]["$get"], 200>["restore"];
export type Server = InferResponseType<Routes["servers"]["$get"], 200>["servers"][number];
type Found = InferResponseType<Routes["servers"][":id"]["test"]["$post"], 200>;
export type LeftBecause = NonNullable<Extract<Found, { ok: true }>["databases"][number]["left_because"]>;
export type Status = Backup["status"];

/** A client of the SafeBase at `url`. What is no success is thrown, as the API says it. */
export function connect(url: string, token: string | undefined, t: Texts): Api {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return hc<App>(url, { headers, fetch: (input: string | URL | Request, init?: RequestInit) => send(url, input, init, t) });
}

/** One request to the SafeBase at `url`, which must answer it well. */
export async function send(url: string, input: string | URL | Request, init: RequestInit | undefined, t: Texts): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: "manual" }).catch((error: unknown) => {
    throw new Unreachable(t.unreachable(url, reasonOf(error)), { hint: t.hints.url, cause: error });
  });
  if (response.status >= 300 && response.status < 400) {
    throw new Problem(EXIT.no_access, t.redirected(url, response.headers.get("location") ?? "?"), { hint: t.hints.url });
  }
  if (!response.ok) throw await problemOf(url, response, t);
  if (response.headers.get("content-type")?.startsWith("text/html") === true) throw new Unreachable(t.notSafebase(url, response.status), { hint: t.hints.url });
  return response;
}

/** fetch says only that it failed; why is in its cause, several of them when a name has several addresses. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause ?? error : error;
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}

async function problemOf(url: string, response: Response, t: Texts): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined); // then it is a proxy's page, not the API's JSON
  if (typeof body !== "object" || body === null || !("error" in body)) return new Unreachable(t.notSafebase(url, response.status), { hint: t.hints.url });
  const hint = "hint" in body ? String(body.hint) : undefined;
  if (response.status === 401) return new Problem(EXIT.no_access, String(body.error), { hint: t.hints.login });
  return new Problem(EXIT.failed, String(body.error), { hint });
}

type Success = 200 | 201 | 202;
type BodyOf<R> = R extends ClientResponse<infer Body, infer S> ? (S extends Success ? Body : never) : never;

/** The JSON of a success. */
export async function ask<R extends ClientResponse<unknown, number>>(request: Promise<R>): Promise<BodyOf<R>> {
  return await (await request).json() as BodyOf<R>; // what is no success was thrown
}
