import { randomUUID } from "node:crypto";
import { noticeOf } from "@safebase/contracts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RIGHTS, rightsOf, type Right, type RouteRight } from "../auth/rights.ts";
import { hashPassword } from "../auth/passwords.ts";
import { issueToken } from "../auth/tokens.ts";
import { insertNotice } from "../catalog/notices.ts";
import { ROLES, type Role } from "../catalog/schema.ts";
import { openTestApp, PASSWORD, type Answer, type TestApp } from "./app-fixture.ts";
import { requireActor } from "./authentication.ts";
import type { Env } from "./context.ts";
import { answerError } from "./errors.ts";
import { ROUTE_BODIES } from "./route-bodies-fixture.ts";
import { findRight } from "./route-rights.ts";
import { makeThing } from "./things-fixture.ts";

interface Operation { readonly method: string; readonly path: string; readonly right: RouteRight | undefined; readonly parameters: readonly { name: string; in: string }[] }

let test: TestApp;
let all: Operation[];
const tokens = {} as Record<Role, string>;
const ids = {} as Record<Role | "other", number>;

/** What would do the work: it is not done. */
const idle = (): never => new Proxy({}, { get: () => () => undefined }) as never;

beforeAll(async () => {
  test = await openTestApp({}, { dispatcher: idle(), progress: idle(), background: idle(), watch: idle() });
  const password_hash = await hashPassword(PASSWORD);
  for (const name of [...ROLES, "other"] as const) {
    const role = name === "other" ? "user" : name;
    const user = await test.db.insertInto("users").values({ email: `${name}@example.org`, password_hash, role, created_at: new Date().toISOString() }).returningAll().executeTakeFirstOrThrow();
    ids[name] = user.id;
    if (name !== "other") tokens[name] = await issueToken(test.deps.secrets, user);
  }
  const { body } = await test.call("GET", "/api/openapi.json");
  all = Object.entries(body.paths as Record<string, Record<string, { "x-right"?: RouteRight; parameters?: { name: string; in: string }[] }>>).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { "x-right": right, parameters = [] }]) => ({ method: method.toUpperCase(), path, right, parameters })));
});
afterAll(() => test[Symbol.asyncDispose]());

/** A broken body: whoever gets through is told of it, and nothing is done. */
const knock = (method: string, path: string, token: string): Promise<Answer> =>
  test.call(method, path.replace(/\{\w+\}/g, "4711"), { token, ...(method === "GET" ? {} : { raw: "{broken" }) });

it("each role may what docs/roles.md says", () => {
  expect(Object.fromEntries(ROLES.map((role) => [role, [rightsOf(role).own, rightsOf(role).others].map((rights) => rights.at(-1))])))
    .toEqual({ admin: ["administer", "administer"], operator: ["manage", "operate"], user: ["manage", undefined], viewer: ["read", "read"] });
});

it("every route says who may", () => {
  const known = new Set<unknown>([...RIGHTS, "self", "public"]);
  expect(all.filter(({ right }) => !known.has(right))).toEqual([]);
  expect(all.filter(({ right }) => right === "public").map(({ method, path }) => `${method} ${path}`).sort())
    .toEqual(["GET /auth/registration", "GET /download", "POST /api/executors/join", "POST /auth/login", "POST /auth/register"]);
  expect(new Set(all.map(({ right }) => right))).toEqual(known);
});

it("a route that does not say is refused to everybody", async () => {
  const app = new OpenAPIHono<Env>();
  const silent = createRoute({ method: "get", path: "/api/silent", responses: { 200: { description: "-", content: { "application/json": { schema: z.object({}) } } } } });
  app.onError((error, c) => answerError(test.deps.log, error, c));
  app.use(findRight(app));
  app.use("/api/*", requireActor(test.deps));
  app.openapi(silent, (c) => c.json({}, 200));
  const response = await app.request("/api/silent", { headers: { authorization: `Bearer ${tokens.admin}` } });
  expect([response.status, await response.json()]).toEqual([403, { code: "forbidden", error: "nobody may do this: the route does not say who may" }]);
});

const may = (role: Role, right: RouteRight | undefined, whose: "own" | "others"): boolean =>
  (right === "self" ? whose === "own" || role === "admin" : rightsOf(role)[whose].includes(right as Right));

describe.each(ROLES)("every route as %s", (role) => {
  it("lets through what the role may, and refuses the rest before it looks at what was sent", async () => {
    for (const { method, path, right } of all.filter((one) => one.right !== "public")) {
      const { status, body } = await knock(method, path, tokens[role]);
      expect(status === 403 && body.error !== "the password is wrong", `${method} ${path}: ${status} ${body.error}`).toBe(!may(role, right, "own"));
    }
  });

  it("with everybody's things goes as far as the role does", async () => {
    for (const { method, path, right } of all.filter((one) => one.path.startsWith("/api/") && one.right !== "public")) {
      const { status, body } = await knock(method, `${path}?scope=all`, tokens[role]);
      const refused = role === "user" || !may(role, right, "own");
      expect(status === 403 && !String(body.error).includes("with what belongs to others"), `${method} ${path}: ${status} ${body.error}`).toBe(refused);
    }
  });

  const about = (): Operation[] => all.filter(({ path, method }) => path.includes("{id}") && `${method} ${path}` !== "DELETE /api/users/{id}");
  /** Of its owner alone, whatever the role; checked in the verb. */
  const OWNERS = /^(POST|PUT) \/api\/keys\/\{id\}\/identity$/;

  async function ask({ method, path }: Operation, owner: number, query: string): Promise<Answer> {
    const [, first = "", second = ""] = path.split("/").slice(1);
    const thing = await makeThing(test.db, second === "database" ? `${first}/database` : first, owner);
    const body = `${method} ${path}` === "POST /api/keys/{id}/identity" ? { password: PASSWORD } : ROUTE_BODIES[`${method} ${path}`];
    return test.call(method, path.replace(/\{(\w+)\}/g, (_, name: string) => String(thing[name])) + query, { token: tokens[role], ...(body === undefined ? {} : { json: body }) });
  }

  /** What does not go as expected, of all of them. */
  async function wrong(operations: readonly Operation[], owner: number, query: string, fits: (status: number, one: Operation) => boolean): Promise<string[]> {
    const found: string[] = [];
    for (const one of operations) {
      const { status, body } = await ask(one, owner, query);
      if (!fits(status, one)) found.push(`${one.method} ${one.path}: ${status} ${body.error}`);
    }
    return found;
  }

  it("reaches its own things", async () => {
    expect(await wrong(about(), ids[role], "", (status, { right }) => [403, 404].includes(status) === !may(role, right, "own"))).toEqual([]);
  });

  it("finds nothing of others' among its own", async () => {
    const owned = about().filter(({ path }) => !path.startsWith("/api/users"));
    expect(await wrong(owned, ids.other, "", (status, { right }) => status === (may(role, right, "own") ? 404 : 403))).toEqual([]);
  });

  it("reaches others' things with scope=all as far as the role goes, and is told when not", async () => {
    expect(await wrong(about(), ids.other, "?scope=all", (status, { method, path, right }) => {
      if (!may(role, right, "others")) return status === 403;
      return OWNERS.test(`${method} ${path}`) ? status === 404 : ![403, 404].includes(status);
    })).toEqual([]);
  });
});

describe("an operator restores what belongs to others", () => {
  it("in place and with its safety backup, and takes it nowhere else", async () => {
    const { id } = await makeThing(test.db, "backups", ids.other);
    const [{ id: own }, { id: others }] = [await makeThing(test.db, "databases", ids.operator), await makeThing(test.db, "databases", ids.other)];
    await test.db.updateTable("backups").set({ status: "completed" }).where("id", "=", Number(id)).execute();
    const ask = async (json: object) => {
      const { status, body } = await test.call("POST", `/api/backups/${id}/restore?scope=all`, { token: tokens.operator, json: { confirm: "x", ...json } });
      return [status, body.error as string];
    };
    const refused = [403, "with your role, what belongs to others is restored in place only, and with its safety backup"];
    for (const target of [{ db_name: "elsewhere" }, { database_id: own }, { database_id: others }]) expect(await ask({ target }), JSON.stringify(target)).toEqual(refused);
    expect(await ask({})).toEqual([400, "confirm: type the name of the database that is written to: shop"]);
    for (const table of ["databases", "backups"] as const) await test.db.updateTable(table).set({ type: "mysql" }).where("user_id", "=", ids.other).execute();
    expect(await ask({ safety_backup: false })).toEqual(refused);
    expect((await ask({}))[0]).toBe(400);
  });
});

it("what concerns the whole installation is told to those who see to it", async () => {
  await insertNotice(test.db, noticeOf("scheduler_lost", randomUUID(), new Date().toISOString()));
  const told = async (role: Role, scope: string) => ((await test.call("GET", `/api/notices?kind=scheduler_lost${scope}`, { token: tokens[role] })).body.notices as object[]).length;
  expect([await told("admin", "&scope=all"), await told("operator", "&scope=all"), await told("viewer", "&scope=all"), await told("operator", "")]).toEqual([1, 1, 0, 0]);
});
