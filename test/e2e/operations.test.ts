import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { freePort } from "@safebase/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { filledDatabase, startSystem, type System } from "./system.ts";

const [PAGE, DEPLOYMENT] = ["operations", "deployment"].map((name) => readFileSync(resolve(import.meta.dirname, `../../docs/${name}.md`), "utf8")) as [string, string];

/** What is printed to be run, under the heading that it stands below; in the second page, between points of a list as well. */
const BLOCKS = `${PAGE}\n${DEPLOYMENT}`.split(/^#+ /m).flatMap((section) => [...section.matchAll(/^ *```sh run\n(.*?)^ *```$/gms)].map(([, block]) => [section.split("\n")[0]!, block!] as const));

const stack = new AsyncDisposableStack();
let system: System;
beforeAll(async () => {
  system = stack.use(await startSystem());
  const { admin } = system;
  const database = stack.use(await filledDatabase(inject("postgres"), admin));
  await admin.call("POST", "/api/schedules", { database_id: database.id, name: "nightly", cron: "0 3 * * *" });
  await admin.backedUp(database.id);
  const nowhere = await admin.addDatabase({ ...inject("postgres"), port: await freePort() }, "nowhere");
  await admin.ended("backup", (await admin.backUp(nowhere)).id);
});
afterAll(() => stack.disposeAsync());

/** The block that all others need, with nothing changed but where SafeBase is and whose account it asks with. */
function setup(): string {
  const block = /^```sh setup\n(.*?)^```$/ms.exec(PAGE)?.[1] ?? "";
  const replaced = block.replace(/^SAFEBASE=.*$/m, () => `SAFEBASE=${system.url}`)
    .replace(/^ACCOUNT=.*$/m, () => `ACCOUNT='{"email": "admin@example.org", "password": "a long password"}'`);
  expect(replaced.split("\n").filter((line) => !block.includes(line))).toHaveLength(2);
  return replaced;
}

test("there is a block of commands for most alerts, and for upgrades", () => {
  expect(BLOCKS.length).toBeGreaterThan(12);
  expect(BLOCKS.map(([heading]) => heading)).toEqual(expect.arrayContaining(["Upgrades", "Before production"]));
});

test.each(BLOCKS)("what stands below %s runs as printed", async (_heading, block) => {
  const { code, output } = await bash(setup() + block);
  expect(code, output).toBe(0);
  expect(output).not.toMatch(/^(curl|jq|bash): /m);
});

test("the first look shows what failed, and who lives", async () => {
  const [, block] = BLOCKS.find(([heading]) => heading === "A first look")!;
  const { output } = await bash(setup() + block);
  expect(output).toMatch(/^ok$/m);
  expect(output).toContain('{"group":"default","alive":1,');
  expect(output).toContain('{"name":"scheduler","alive":1}');
  expect(output).toContain('"error_code":"unreachable"');
  expect(output).toContain('{"schedules_paused":false,');
});

interface Schema { $ref?: string; allOf?: Schema[]; properties?: Record<string, Schema>; items?: Schema }
interface OpenApi { paths: Record<string, { get?: { responses: { 200: { content: { "application/json": { schema: Schema } } } } } }>; components: { schemas: Record<string, Schema> } }

test("what the commands pick out of lists is there, also where no list had anything to show", async () => {
  const { paths, components } = await (await fetch(`${system.url}/api/openapi.json`)).json() as OpenApi;
  const resolved = (schema: Schema | undefined): Schema => (schema?.$ref === undefined ? schema ?? {} : components.schemas[schema.$ref.split("/").at(-1)!]!);
  const fieldsOf = (schema: Schema | undefined): string[] => {
    const { properties = {}, allOf = [] } = resolved(schema);
    return [...Object.keys(properties), ...allOf.flatMap(fieldsOf)];
  };
  const picks = [...PAGE.matchAll(/^api '?(\w+)\b.*\| jq -c '\.(\w+)\[\] \|.*\{([^}]*)\}'/gm)];
  expect(picks.length).toBeGreaterThan(12);
  for (const [line, route, list, fields] of picks) {
    const answer = resolved(paths[`/api/${route}`]?.get?.responses[200].content["application/json"].schema);
    const known = fieldsOf(resolved(answer.properties?.[list!]).items);
    expect(known, line).toEqual(expect.arrayContaining(fields!.split(", ").map((field) => field.split(":")[0]!)));
  }
});

function bash(script: string): Promise<{ code: number | null; output: string }> {
  const child = spawn("bash", ["-euo", "pipefail"], { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => { output += data.toString(); });
  child.stdin.end(script);
  return new Promise((done) => child.once("close", (code) => done({ code, output })));
}
