import { once } from "node:events";
import type { Readable } from "node:stream";
import { runPipeline, StageFailure } from "@safebase/artifact";
import { freshDatabase } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { RetryableDumpError } from "../engine.ts";
import { connectionTo, dump, engineOf, familyServers, testContext } from "./fixture.ts";

/** Reads until the dump writes rows of the first table, lets something happen, and reads on. */
async function readWith(output: Readable, meanwhile: () => Promise<unknown>): Promise<void> {
  let head = "";
  while (!head.includes("INSERT INTO `a`")) {
    const chunk = output.read() as Buffer | null;
    if (chunk === null) await once(output, "readable");
    else head += chunk.toString("latin1");
  }
  await meanwhile();
  for await (const _ of output) { /* only the end matters */ }
}

describe.each(familyServers())("$name", ({ server }) => {
  it.each(["TRUNCATE TABLE b", "ALTER TABLE b ENGINE = InnoDB, FORCE", "ALTER TABLE b ADD COLUMN c int, ALGORITHM = COPY"])("says that a dump may be taken again when a table went through %s (trap 5)", async (statement) => {
    await using database = await freshDatabase(server, "rebuilt");
    // More rows than the pipes hold: the client waits in the midst of `a`, its snapshot taken and `b` not yet opened.
    await database.connection.query(`CREATE TABLE a (id int PRIMARY KEY AUTO_INCREMENT, s text); CREATE TABLE b (id int PRIMARY KEY);
      INSERT INTO b VALUES (1), (2); INSERT INTO a (s) SELECT REPEAT('x', 60000) FROM information_schema.COLLATIONS LIMIT 200`);
    await using context = await testContext();
    await using prepared = await engineOf(server).prepareDump(connectionTo(server, database.db_name), { format: "sql" }, context);
    const failure = await runPipeline({ stages: prepared.parts[0]!.stages, sink: (output) => readWith(output, () => database.connection.query(statement)) })
      .then(() => undefined, (error: unknown) => error);
    if (!(failure instanceof StageFailure)) throw new Error("the dump did not notice", { cause: failure });
    const explained = prepared.explain(failure);
    expect(explained).toBeInstanceOf(RetryableDumpError);
    expect(explained).toMatchObject({ code: "dump_failed", message: expect.stringContaining("1412") });
    expect((await dump(server, connectionTo(server, database.db_name), context)).text).toContain("-- Dump completed");
  });
});
