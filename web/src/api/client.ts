import type { ErrorCode } from "@safebase/contracts";
import type { App } from "@safebase/gateway";
import { hc, type ClientResponse } from "hono/client";
import type { SuccessStatusCode } from "hono/utils/http-status";
import { scoped } from "./scope.ts";

/** The REST API, typed by the gateway's own routes: one that changes does not compile here. */
export const { api, auth } = hc<App>("/", { fetch: send });

/** What the API, or the way to it, refused: its sentence is for the user. */
export class ApiError extends Error {
  readonly code: ErrorCode | "offline";
  readonly hint: string | undefined;
  constructor(code: ErrorCode | "offline", message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Called when an answer says that nobody is logged in any more. */
let lost: () => void = () => undefined;
export function onSessionLost(handler: () => void): void {
  lost = handler;
}

async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(inScope(input), { ...init, credentials: "same-origin" }).catch((error: unknown) => {
    throw new ApiError("offline", error instanceof Error ? error.message : String(error));
  });
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.code === "unauthorized" && !new URL(response.url).pathname.startsWith("/auth/")) lost();
  throw problem;
}

function inScope(input: RequestInfo | URL): RequestInfo | URL {
  return typeof input === "string" && input.startsWith("/api/") ? scoped(input) : input;
}

async function problemOf(response: Response): Promise<ApiError> {
  try {
    const { error, code, hint } = await response.json() as { error: string; code: ErrorCode; hint?: string };
    return new ApiError(code, error, hint);
  } catch {
    return new ApiError("offline", `HTTP ${response.status}`); // what answers is no gateway: a proxy before one that is away
  }
}

/** The JSON of an answer that is a success: any other was thrown as an ApiError. */
export async function ask<R extends { json(): Promise<unknown> }>(response: Promise<R>): Promise<Success<R>> {
  return await (await response).json() as Success<R>;
}

/** The body of those answers of a route that are no errors. */
type Success<R> = R extends ClientResponse<infer T, infer Status> ? (Status extends SuccessStatusCode ? T : never) : never;
