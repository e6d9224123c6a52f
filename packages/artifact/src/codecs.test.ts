import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { convert, runConversion } from "./convert.ts";
import { extension } from "./codecs.ts";
import { openPart } from "./read.ts";
import { runPipeline } from "./pipeline.ts";
import { onlyPart, STEM, shell, testStorage, TRAILER, writeOptions } from "./test-helpers.ts";
import { tapStage, verifyTrailer } from "./tap.ts";
import { writeArtifact } from "./write.ts";

const SQL = `-- é\nINSERT INTO t VALUES (1);\n${TRAILER} on 2026-05-04\n`;

describe("extensions", () => {
  it("are those that standard tools know", () => {
    const all = (["custom", "sql"] as const).map((format) => (["zstd", "gzip", "zip", "none"] as const).map((compression) => extension(format, compression)));
    expect(all).toEqual([[".dump.zst", ".dump.gz", ".zip", ".dump"], [".sql.zst", ".sql.gz", ".zip", ".sql"]]);
  });
});

describe("downloads of an SQL dump", () => {
  it.each(["zstd", "gzip", "zip", "none"] as const)("stored as %s, come out as SQL, zip and gz alike", async (compression) => {
    await using test = await testStorage();
    const manifest = await writeArtifact(writeOptions(test.storage, { compression, stages: [shell(`printf '%s' "$SQL"`, { env: { SQL } })] }));
    const name = STEM.slice(STEM.indexOf("/") + 1);
    for (const [form, ending, unpack] of [["sql", ".sql", "cat"], ["gz", ".sql.gz", "gzip -dc"], ["zip", ".zip", "bsdtar -xOf -"]] as const) {
      const conversion = convert(manifest, form, { pg_restore_path: "/no/pg_restore", identities: [] });
      expect(conversion.filename).toBe(name + ending);
      let sent: Buffer = Buffer.alloc(0);
      const sink = async (output: Readable): Promise<void> => { sent = Buffer.concat(await Array.fromAsync(output)); };
      if (conversion.stored !== null) await sink(await openPart(test.storage, onlyPart(manifest)));
      else await runConversion(conversion, test.storage, { sink });
      let text = "";
      await runPipeline({ stages: [shell(unpack)], input: Readable.from([sent]), sink: async (output) => { text = String(Buffer.concat(await Array.fromAsync(output))); } });
      expect(text).toBe(SQL);
    }
    expect(convert(manifest, "stored", { pg_restore_path: "/no/pg_restore", identities: [] })).toMatchObject({ filename: name + extension("sql", compression), stored: manifest.parts[0] });
  });
});

describe("the closing line", () => {
  const tail = async (script: string): Promise<Buffer | undefined> =>
    (await runPipeline({ stages: [shell(script), tapStage()], sink: async (output) => { output.resume(); await new Promise((end) => { output.once("end", end); }); } })).raw?.tail;

  it("is found at the end, also with what pg_dump writes after it", async () => {
    verifyTrailer(TRAILER, await tail(`seq 1 99999; echo '${TRAILER} on 2026'`));
    verifyTrailer(TRAILER, await tail(`echo '${TRAILER}'`));
    const pg = "-- PostgreSQL database dump complete";
    verifyTrailer(pg, await tail(`seq 1 99999; printf -- '--\\n${pg}\\n--\\n\\n\\\\unrestrict %064d\\n\\n' 7`));
  });

  it("is missed when it is not there, not at the end or only within a line", async () => {
    for (const script of ["true", "seq 1 99999", `echo '${TRAILER}'; seq 1 9999`, `seq 1 9999; echo 'INSERT ${TRAILER}'`]) {
      const seen = await tail(script);
      expect(() => verifyTrailer(TRAILER, seen)).toThrow("without its closing line");
    }
    expect(() => verifyTrailer(TRAILER, undefined)).toThrow("without its closing line");
  });
});
