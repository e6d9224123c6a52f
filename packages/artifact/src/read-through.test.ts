import { expect, it } from "vitest";
import { readThrough } from "./read-through.ts";
import { shell, testStorage, TRAILER, writeOptions } from "./test-helpers.ts";
import { writeArtifact } from "./write.ts";

async function readWith(script: string, code: "artifact_damaged" | "internal" = "artifact_damaged"): Promise<string> {
  await using test = await testStorage();
  const manifest = await writeArtifact(writeOptions(test.storage));
  const stages = [shell(script, { failure_code: code })];
  return await readThrough(test.storage, manifest, { readerOf: () => ({ stages, trailer: null }), identities: [] }).then(() => "good", (error: { code: string; message: string }) => `${error.code}: ${error.message}`);
}

it("a reader that fails or crashes at bytes that are those that were written has found damage", async () => {
  expect(await readWith("cat > /dev/null")).toBe("good");
  expect(await readWith("cat > /dev/null; exit 1")).toMatch(/^artifact_damaged: .* holds the bytes that were written, but sh cannot read them$/);
  expect(await readWith("cat > /dev/null; kill -SEGV $$")).toMatch(/^artifact_damaged: .* but sh cannot read them$/);
});

it("one that was ended from outside, that did not start, or whose failure says nothing of the dump, has found nothing", async () => {
  for (const end of ["kill -KILL $$", "kill -TERM $$", "exit 127"]) expect(await readWith(`cat > /dev/null; ${end}`), end).toMatch(/^internal: the check could not be finished: sh /);
  expect(await readWith("cat > /dev/null; exit 1", "internal")).toMatch(/^internal: /);
});

it("a canceled one says so", async () => {
  await using test = await testStorage();
  const manifest = await writeArtifact(writeOptions(test.storage));
  const reading = readThrough(test.storage, manifest, { readerOf: () => ({ stages: [], trailer: TRAILER }), identities: [], signal: AbortSignal.abort() });
  await expect(reading).rejects.toMatchObject({ code: "canceled" });
});

it("a dump of another length than its manifest says is damaged", async () => {
  await using test = await testStorage();
  const manifest = await writeArtifact(writeOptions(test.storage));
  const [part] = manifest.parts;
  const other = { ...manifest, parts: [{ ...part!, raw_size_bytes: 5 }] };
  await expect(readThrough(test.storage, other, { readerOf: () => ({ stages: [], trailer: TRAILER }), identities: [] })).rejects.toMatchObject({ code: "artifact_damaged", message: expect.stringMatching(/and its manifest says 5$/) });
  await expect(readThrough(test.storage, manifest, { readerOf: () => ({ stages: [], trailer: "-- another end" }), identities: [] })).rejects.toMatchObject({ code: "artifact_damaged", message: expect.stringContaining("without its closing line") });
  expect(await readThrough(test.storage, manifest, { readerOf: () => ({ stages: [], trailer: TRAILER }), identities: [] })).toEqual({ sealed: false });
});
