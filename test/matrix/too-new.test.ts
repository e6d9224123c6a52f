import { freshDatabase } from "@safebase/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { discoverClients } from "../../services/executor/src/clients/index.ts";
import { type Lab, openLab } from "./lab.ts";

let lab: Lab | undefined;
beforeAll(async () => { lab = await openLab({ client_dirs: [] }); }); // the installed clients alone
afterAll(async () => { await lab?.[Symbol.asyncDispose](); });

test("a server that is too new for every installed client is refused with a sentence that names both versions", async (context) => {
  if (lab === undefined) return context.skip("no container engine");
  const newest = Math.max(...(await discoverClients([])).filter((client) => client.program === "pg_dump").map((client) => client.major));
  if (newest >= 18) return context.skip(`pg_dump ${newest} is installed here`);
  const server = await lab.server("postgresql", "18");
  await using database = await freshDatabase(server, "too_new");
  await database.connection.query("CREATE TABLE t (id int)");
  const failure = await lab.refused(server, database.db_name);
  expect(failure).toMatchObject({ code: "server_unsupported", hint: expect.stringContaining("postgresql-client-18") });
  expect(failure.message).toContain(`PostgreSQL ${server.version}`);
  expect(failure.message).toContain(`pg_dump here is ${newest}.`);
});
