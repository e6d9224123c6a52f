import { freshDatabase, startPostgres } from "@safebase/testing";
import { join } from "node:path";
import { expect, it } from "vitest";
import { convert } from "./convert.ts";
import { runPipeline } from "./pipeline.ts";
import { dataPart, openArtifact } from "./read.ts";
import { STEM, testStorage, writeOptions } from "./test-helpers.ts";
import { writeArtifact } from "./write.ts";

it("hands a custom-format dump out as the SQL that pg_dump would have written", async () => {
  await using server = await startPostgres();
  await using database = await freshDatabase(server);
  await database.connection.query("CREATE TABLE t (id int PRIMARY KEY, name text); INSERT INTO t SELECT n, 'é' || n FROM generate_series(1, 50000) n");
  const env = { PGHOST: server.host, PGPORT: String(server.port), PGUSER: server.username, PGPASSWORD: server.password, PGDATABASE: database.db_name };
  await using test = await testStorage();
  const stages = [{ program: join(server.bin_dir, "pg_dump"), args: ["-Fc", "-Z0"], env }];
  const stem = STEM.replaceAll("mariadb", "postgresql");
  const manifest = await writeArtifact(writeOptions(test.storage, {
    stem, format: "custom", trailer: null, stages,
    draft: async () => ({ ...await writeOptions(test.storage).draft(), database: { id: 1, name: "shop", label: "The shop", type: "postgresql" } }),
  }));
  expect(dataPart(manifest).raw_size_bytes).toBeGreaterThan(500_000);
  const { filename, pipeline } = convert(manifest, "sql", { pg_restore_path: join(server.bin_dir, "pg_restore"), identities: [] });
  expect(filename.endsWith("_7.sql")).toBe(true);
  const sql = await textOf({ ...pipeline, stages: pipeline?.stages ?? [], input: await openArtifact(test.storage, manifest) });
  expect(sql).toContain("50000\té50000\n");
  const direct = await textOf({ stages: [{ program: join(server.bin_dir, "pg_dump"), args: [], env }] });
  expect(statements(sql)).toEqual(statements(direct));
});

async function textOf(options: Parameters<typeof runPipeline>[0]): Promise<string> {
  let text = "";
  await runPipeline({ ...options, sink: async (output) => { text = String(Buffer.concat(await Array.fromAsync(output))); } });
  return text;
}

/** Without comments and the random key of \restrict. */
function statements(sql: string): string[] {
  return sql.split("\n").filter((line) => !/^(--|\\(un)?restrict |$)/.test(line));
}
