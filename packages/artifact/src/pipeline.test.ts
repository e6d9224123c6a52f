import type { Compression } from "@safebase/contracts";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { compressStages, decompressStages } from "./codecs.ts";
import { runPipeline } from "./pipeline.ts";
import { StageFailure } from "./stage.ts";
import { tapStage } from "./tap.ts";
import { oddSleep, processesWith, shell, STEM, until } from "./test-helpers.ts";
import type { PipelineProgress } from "./watch.ts";
import { zipFraming } from "./write.ts";

async function collect(output: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(output));
}

/** 30 MB that hardly compress, so that no pipe holds them, as they are stored. */
async function packed(compression: Compression): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  await runPipeline({
    stages: [shell("head -c 30000000 /dev/urandom"), tapStage(), ...compressStages(compression)],
    ...zipFraming(compression, STEM, null, "sql"),
    sink: async (output) => { for await (const chunk of output) chunks.push(chunk as Buffer); },
  });
  return chunks;
}

describe("pipeline", () => {
  it("joins processes, counts what moves and knows the raw size and the last bytes", async () => {
    let out: Buffer = Buffer.alloc(0);
    const result = await runPipeline({
      stages: [shell("seq 1 100000; echo end"), tapStage(), ...compressStages("zstd")],
      sink: async (output) => { out = await collect(output); },
    });
    const raw_bytes = 588_895 + 4;
    expect(result.raw?.size_bytes).toBe(raw_bytes);
    expect(result.raw?.tail?.toString()).toMatch(/^\d*\n(\d+\n)*99999\n100000\nend\n$/);
    expect(result.bytes_out).toBe(out.length);
    expect(result.stages.map((stage) => stage.exit_code)).toEqual([0, 0, 0]);
  });

  it("feeds a stored stream back, the same for every codec", async () => {
    const data = randomBytes(2_000_000).toString("base64");
    for (const compression of ["zstd", "gzip", "zip"] as const) {
      let stored: Buffer = Buffer.alloc(0);
      const packing = { stages: [tapStage(), ...compressStages(compression)], ...zipFraming(compression, STEM, null, "sql") };
      await runPipeline({ ...packing, input: Readable.from([Buffer.from(data)]), sink: async (output) => { stored = await collect(output); } });
      let raw = "";
      const size_bytes = stored.length;
      const result = await runPipeline({ stages: decompressStages(compression), input: Readable.from([stored]), sink: async (output) => { raw = String(await collect(output)); } });
      expect(raw === data).toBe(true);
      expect(result.bytes_in).toBe(size_bytes);
    }
  });

  it("tells the exact raw size for zstd alone", async () => {
    const result = await runPipeline({ stages: [shell("head -c 123456789 /dev/zero"), ...compressStages("zstd")], sink: collect });
    expect(result.raw).toEqual({ size_bytes: 123_456_789 });
  });

  it("says what to install when a program is missing, before anything starts", async () => {
    const marker = oddSleep();
    const missing = { program: "no-such-program", args: [], package: "no-such-package" };
    await expect(runPipeline({ stages: [shell(`sleep ${marker}`), missing], sink: collect })).rejects.toMatchObject({
      code: "client_missing", message: expect.stringContaining("no-such-program"), hint: expect.stringContaining("no-such-package"),
    });
    expect(await processesWith(marker)).toEqual([]);
  });

  it("does not hand our environment on", async () => {
    process.env["SAFEBASE_TEST_SECRET"] = "x";
    let env = "";
    await runPipeline({ stages: [shell("env", { env: { GIVEN: "yes" } })], sink: async (output) => { env = String(await collect(output)); } });
    delete process.env["SAFEBASE_TEST_SECRET"];
    expect(env).toContain("GIVEN=yes");
    expect(env).not.toContain("SECRET");
  });
});

describe("the cause of a failure", () => {
  const failure = async (stages: Parameters<typeof runPipeline>[0]["stages"], input?: Readable): Promise<StageFailure> => {
    const error: unknown = await runPipeline({ stages, input, sink: collect }).then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(StageFailure);
    return error as StageFailure;
  };

  it("is the dump when it dies, though the compressor ends well", async () => {
    const error = await failure([shell("seq 1 1000; echo 'lost connection' >&2; exit 3", { failure_code: "dump_failed" }), ...compressStages("zstd")]);
    expect(error).toMatchObject({ code: "dump_failed", message: "sh ended with exit code 3", failed: { exit_code: 3, stderr: "lost connection\n" } });
    expect(error.stages.map((stage) => stage.exit_code)).toEqual([3, 0]);
    expect(error.message).not.toContain("lost");
  });

  it.each(["zstd", "gzip", "zip", "none"] as const)("is the client when it dies, though the one that feeds it (%s) dies of it", async (compression) => {
    const stored = await packed(compression);
    for (const client of ["exit 7", "echo 'SSL: Connection reset by peer' >&2; exit 7"]) {
      const stages = [...decompressStages(compression), shell(`head -c 1000 >/dev/null; ${client}`, { failure_code: "restore_failed" })];
      expect(await failure(stages, Readable.from(stored))).toMatchObject({ code: "restore_failed", failed: { exit_code: 7 } });
    }
    const error = await failure([shell("exec yes"), shell("head -c 1000 >/dev/null; exit 7", { failure_code: "restore_failed" })]);
    expect(error).toMatchObject({ code: "restore_failed", failed: { exit_code: 7 } });
  });

  it("is the one in the middle when it is killed, and the others end", async () => {
    const marker = oddSleep();
    const error = await failure([shell(`yes & sleep ${marker}`), shell("head -c 100000; kill -9 $$", { failure_code: "dump_failed" }), ...compressStages("zstd")]);
    expect(error).toMatchObject({ code: "dump_failed", failed: { signal: "SIGKILL" } });
    expect(await processesWith(marker)).toEqual([]);
  });

  it("is the decompressor when the stored stream is damaged, not the client that starves", async () => {
    const error = await failure([...decompressStages("zstd"), shell("cat >/dev/null; exit 1")], Readable.from([Buffer.from("this is not zstd at all")]));
    expect(error.code).toBe("artifact_damaged");
  });

  it("is a reader that stops early with exit 0, too", async () => {
    const error = await failure([shell("exec yes", { failure_code: "dump_failed" }), shell("head -c 10")]);
    expect(error).toMatchObject({ code: "dump_failed", failed: { program: "sh" } });
  });

  it("is the sink's or the input's error when they fail, and no process is left", async () => {
    const marker = oddSleep();
    const full = new Error("disk full");
    const sink = async (output: Readable): Promise<void> => { for await (const _ of output) throw full; };
    await expect(runPipeline({ stages: [shell(`yes & sleep ${marker}`), ...compressStages("none"), shell("cat")], sink })).rejects.toBe(full);
    const lost = new Error("storage lost");
    async function* breaks(): AsyncGenerator<Buffer> { yield Buffer.from("x"); throw lost; }
    await expect(runPipeline({ stages: [shell(`cat; sleep ${marker}`)], input: Readable.from(breaks()), sink: collect })).rejects.toBe(lost);
    expect(await processesWith(marker)).toEqual([]);
  });

  it("bounds what it keeps of stderr", async () => {
    const error = await failure([shell("head -c 300000 /dev/zero | tr '\\0' x >&2; echo >&2; seq 1 30000 >&2; exit 1")]);
    expect(error.failed.stderr.length).toBeLessThan(66_000);
    expect(error.failed.stderr.endsWith("30000\n")).toBe(true);
    const cut = await failure([shell("head -c 9000 /dev/zero | tr '\\0' x >&2; exit 1")]);
    expect(cut.failed.stderr).toBe(`${"x".repeat(500)}…`);
  });
});

describe.concurrent("ending a pipeline", () => {
  it("leaves no process when it is canceled, not even one that ignores SIGTERM or has children", async () => {
    const marker = oddSleep();
    const controller = new AbortController();
    const stages = [shell(`trap '' TERM; echo x; (sleep ${marker}) & sleep ${marker}; sleep ${marker}`), shell(`cat; sleep ${marker}`)];
    const running = runPipeline({ stages, signal: controller.signal, sink: collect });
    await until(async () => (await processesWith(`sleep\0${marker}`)).length >= 2);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "canceled" });
    expect(await processesWith(marker)).toEqual([]);
  }, 15_000);

  it("keeps the time limit", async () => {
    const started_ms = Date.now();
    await expect(runPipeline({ stages: [shell("exec yes")], sink: collectNothing, limits: { time_ms: 600 } })).rejects.toMatchObject({ code: "time_limit" });
    expect(Date.now() - started_ms).toBeLessThan(4_000);
  });

  it("ends what stalls, unless the server is at work", async () => {
    const stalls = { stages: [shell("echo x; exec sleep 600"), ...compressStages("zstd")], limits: { stall_ms: 700 }, sink: collectNothing };
    await expect(runPipeline(stalls)).rejects.toMatchObject({ code: "stalled" });
    await expect(runPipeline({ ...stalls, isBusy: async () => false })).rejects.toMatchObject({ code: "stalled" });
    let asked = 0;
    await runPipeline({ ...stalls, stages: [shell("sleep 3; echo x")], isBusy: async () => { asked++; return true; } });
    expect(asked).toBeGreaterThanOrEqual(2);
  }, 15_000);

  it("does not call slow what still moves", async () => {
    await runPipeline({ stages: [shell("for i in 1 2 3 4 5 6; do echo $i; sleep 0.4; done"), shell("cat")], limits: { stall_ms: 1_100 }, sink: collectNothing });
  }, 15_000);

  it("tells its progress at least once a second", async () => {
    const seen: PipelineProgress[] = [];
    await runPipeline({
      stages: [shell("for i in 1 2 3 4 5; do head -c 1000000 /dev/urandom; sleep 0.5; done"), tapStage(), ...compressStages("zstd")],
      sink: collectNothing, onProgress: (progress) => { seen.push(progress); },
    });
    expect(seen.length).toBeGreaterThanOrEqual(4);
    expect(seen.at(-1)?.bytes_in).toBeGreaterThanOrEqual(4_000_000);
    expect(seen.at(-1)?.bytes_in).toBeLessThan(5_100_000);
    expect(seen.some((progress) => progress.rate_bytes_per_s > 500_000)).toBe(true);
    for (const [index, progress] of seen.entries()) expect(progress.elapsed_ms - (seen[index - 1]?.elapsed_ms ?? 0)).toBeLessThan(1_000);
  }, 15_000);

  it("lets nothing outlive us, even when we are killed", async () => {
    const marker = oddSleep();
    const script = `import { runPipeline } from ${JSON.stringify(new URL("pipeline.ts", import.meta.url).href)};
      await runPipeline({ stages: [{ program: "sleep", args: ["${marker}"] }, { program: "sleep", args: ["${marker}"] }], sink: async (output) => { output.resume(); await new Promise(() => {}); } });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
    await until(async () => (await processesWith(`sleep\0${marker}`)).length === 2);
    child.kill("SIGKILL");
    await until(async () => (await processesWith(marker)).length === 0);
  }, 20_000);

  it("waits for a slow reader without growing", { concurrent: false, timeout: 60_000 }, async () => { // alone, for it weighs this process
    const before_bytes = process.memoryUsage.rss();
    let peak_bytes = 0;
    let size_bytes = 0;
    const hash = createHash("sha256");
    await runPipeline({
      stages: [{ program: "head", args: ["-c", "2000000000", "/dev/zero"] }],
      sink: async (output) => {
        for await (const chunk of output) {
          size_bytes += (chunk as Buffer).length;
          hash.update((chunk as Buffer).subarray(0, 64));
          if (size_bytes % 200 === 0) await sleep(1);
          peak_bytes = Math.max(peak_bytes, process.memoryUsage.rss());
        }
      },
    });
    expect(size_bytes).toBe(2_000_000_000);
    expect(peak_bytes - before_bytes).toBeLessThan(120_000_000);
  });
});

async function collectNothing(output: Readable): Promise<void> {
  for await (const _ of output) { /* dropped */ }
}
