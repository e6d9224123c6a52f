import type { UiEvent } from "@safebase/contracts";
import { loadConfig, createLog, Secrets } from "@safebase/runtime";
import { Registry } from "prom-client";
import { openCatalog } from "../catalog/open.ts";
import type { Db } from "../catalog/scope.ts";
import { createOutcomeMetrics } from "../metrics/outcomes.ts";
import { createApp, type App, type AppDeps } from "./app.ts";

/** The app in memory on an own catalog, and what tests do with it over and over. */
export interface TestApp extends AsyncDisposable {
  readonly app: App;
  readonly db: Db;
  readonly deps: AppDeps;
  /** What was said to browsers. */
  readonly told: readonly UiEvent[];
  /** One request; a value as body goes out as JSON. Answers the status, the parsed body and the headers. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Registers an account and answers its token. The first is the admin. */
  account(email: string): Promise<string>;
}
export interface CallOptions { token?: string; json?: unknown; raw?: string; headers?: Record<string, string> }
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
export interface Answer { status: number; body: any; headers: Headers; text: string }

/** For tests that need no NATS: whatever of it they touch throws. */
const absent = (name: string, present: object = {}): never => new Proxy(present, {
  get: (_, property) => {
    if (Object.hasOwn(present, property)) return Reflect.get(present, property) as unknown;
    throw new Error(`${name}.${String(property)} is not there in this test`);
  },
}) as never;

export async function openTestApp(env: Record<string, string> = {}, parts: Partial<AppDeps> = {}): Promise<TestApp> {
  const catalog = await openCatalog("sqlite::memory:");
  const told: UiEvent[] = [];
  const [metrics, log] = [new Registry(), createLog("gateway", "silent")];
  const deps: AppDeps = {
    db: catalog.db, bus: absent("the bus", { broadcast: (_subject: string, event: UiEvent) => { told.push(event); } }), dispatcher: absent("the dispatcher"), progress: absent("the progress board"), background: absent("the background"),
    config: loadConfig(env), secrets: new Secrets(Buffer.alloc(32, 7)), log, metrics, outcomes: createOutcomeMetrics(metrics, catalog.db),
    storages: absent("the storages"), hub: absent("the hub"), watch: absent("the watch"), web: new Map(), now: () => new Date(),
    ...parts,
  };
  const app = createApp(deps);
  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const headers: Record<string, string> = { ...options.headers };
    if (options.token !== undefined) headers["authorization"] = `Bearer ${options.token}`;
    const body = options.raw ?? (options.json === undefined ? undefined : JSON.stringify(options.json));
    if (body !== undefined) headers["content-type"] ??= "application/json";
    const response = await app.request(path, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: response.status, text, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  const account = async (email: string): Promise<string> => {
    const { status, body, text } = await call("POST", "/auth/register", { json: { email, password: PASSWORD } });
    if (status !== 201) throw new Error(text);
    return body.token as string;
  };
  return { app, db: catalog.db, deps, told, call, account, [Symbol.asyncDispose]: () => catalog[Symbol.asyncDispose]() };
}

export const PASSWORD = "correct horse battery";
