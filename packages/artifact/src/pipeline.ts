import { asSafebaseError } from "@safebase/contracts";
import { abortError } from "@safebase/storage";
import { Transform, pipeline } from "node:stream";
import type { Readable, TransformCallback, Writable } from "node:stream";
import { prepareLaunches, StageProcess } from "./process.ts";
import type { Launch } from "./process.ts";
import { holdSecrets } from "./secret-file.ts";
import type { HeldSecrets } from "./secret-file.ts";
import { StageFailure } from "./stage.ts";
import type { RawReport, Stage, StageReport } from "./stage.ts";
import { Watch } from "./watch.ts";
import type { WatchOptions } from "./watch.ts";

export type PipelineOptions = WatchOptions & {
  /** At least one. Each reads what the one before it writes, over an OS pipe that our process never reads. */
  stages: readonly Stage[];
  /** Fed to the first stage, at its pace. Without it the first stage reads nothing. */
  input?: Readable | undefined;
  /**
   * Takes what the last stage writes, at its own pace. The stream ends only after every process exited 0, and fails
   * otherwise: who publishes at its end publishes nothing that is incomplete. Without a sink, the output is dropped.
   */
  sink?: ((output: Readable) => Promise<unknown>) | undefined;
  /** Framing around the last stage's output, for zip. */
  wrap?: ((raw: Promise<RawReport | undefined>) => Transform) | undefined;
  /** A last check of the raw dump before the output ends; what it throws fails the pipeline. */
  verify?: ((raw: RawReport | undefined) => void) | undefined;
  signal?: AbortSignal | undefined;
};

export type PipelineResult = {
  bytes_in: number;
  bytes_out: number;
  elapsed_ms: number;
  raw: RawReport | undefined;
  stages: StageReport[];
};

/** After the first failure the others may end by themselves for so long: their ends tell who is to blame. */
const GRACE_MS = 1_000;
const KILL_AFTER_MS = 5_000;

/**
 * Runs native processes joined by pipes and settles when all of them and all streams have ended. Rejects with the
 * failure that caused the others: a StageFailure, the sink's or the input's error, or `canceled`, `time_limit`, `stalled`.
 */
export async function runPipeline(options: PipelineOptions): Promise<PipelineResult> {
  try {
    const launches = await prepareLaunches(options.stages);
    await using secrets = await holdSecrets(options.stages);
    if (options.signal?.aborted) throw abortError(options.signal);
    return await new Run(options, launches, secrets).result();
  } finally {
    options.input?.destroy();
  }
}

class Run {
  readonly #options: PipelineOptions;
  readonly #processes: StageProcess[] = [];
  readonly #all_ended: Promise<unknown>;
  readonly #watch: Watch;
  #cause: Error | undefined;
  #gate: Gate | undefined;
  #kill_timer: NodeJS.Timeout | undefined;
  #grace_timer: NodeJS.Timeout | undefined;

  constructor(options: PipelineOptions, launches: readonly Launch[], secrets: HeldSecrets) {
    this.#options = options;
    this.#spawn(launches, secrets);
    this.#all_ended = Promise.all(this.#processes.map((one) => one.ended));
    for (const one of this.#processes) void one.ended.then(() => this.#processEnded(one));
    this.#watch = new Watch(options, this.#processes, (error) => this.#fail(error));
  }

  async result(): Promise<PipelineResult> {
    const { signal } = this.#options;
    const abort = (): void => this.#fail(abortError(signal as AbortSignal));
    signal?.addEventListener("abort", abort, { once: true });
    try {
      const parts = [this.#all_ended, this.#feed(), this.#drain()];
      await Promise.all(parts.map((part) => part.catch((error: unknown) => this.#fail(error))));
      await this.#watch.stop();
    } finally {
      signal?.removeEventListener("abort", abort);
      clearTimeout(this.#kill_timer);
      clearTimeout(this.#grace_timer);
    }
    const error = this.#cause ?? this.#stageFailure();
    if (error !== undefined) throw error;
    return { ...this.#watch.totals(), raw: this.#raw(), stages: this.#reports() };
  }

  /** The last one first: its stdin becomes the stdout of the one before it, and is then closed on our side. */
  #spawn(launches: readonly Launch[], secrets: HeldSecrets): void {
    let stdout: "pipe" | "ignore" | Writable = this.#options.sink ? "pipe" : "ignore";
    try {
      for (const launch of launches.toReversed()) {
        const reads = launch !== launches[0] || this.#options.input !== undefined;
        const started: StageProcess = new StageProcess(launch, reads ? "pipe" : "ignore", stdout, secrets.fdOf(launch.stage));
        this.#processes.unshift(started);
        if (typeof stdout !== "string") stdout.destroy();
        stdout = started.child.stdin as Writable;
      }
    } catch (error) {
      for (const one of this.#processes) one.signal("SIGKILL");
      throw error;
    }
  }

  /** Our side of the first stdin. When nobody reads any more, the input is still read to its end, for its verdict. */
  async #feed(): Promise<void> {
    const { input } = this.#options;
    const stdin = this.#processes[0]?.child.stdin;
    if (!input || !stdin) return;
    stdin.on("error", () => {}); // The reader is gone: how it ended says more than our EPIPE.
    for await (const chunk of input as AsyncIterable<Uint8Array>) {
      this.#watch.fed(chunk.length);
      if (!stdin.destroyed && !stdin.write(chunk)) await drained(stdin);
    }
    stdin.end();
  }

  /** Gives the last stdout to the sink, through the gate that opens its end only when all went well. */
  async #drain(): Promise<void> {
    const { sink, wrap } = this.#options;
    const stdout = this.#processes.at(-1)?.child.stdout;
    if (!sink || !stdout) return;
    const gate = new Gate((size_bytes) => this.#watch.stored(size_bytes), () => this.#verdict());
    this.#gate = gate;
    const framing = wrap ? [wrap(this.#all_ended.then(() => this.#raw()))] : [];
    const piped = new Promise<void>((resolve) => { pipeline([stdout, ...framing, gate], () => resolve()); });
    try {
      await sink(gate);
    } finally {
      gate.destroy();
      await piped;
    }
  }

  async #verdict(): Promise<void> {
    await this.#all_ended;
    const error = this.#cause ?? this.#stageFailure();
    if (error !== undefined) throw error;
    this.#options.verify?.(this.#raw());
  }

  #processEnded(ended: StageProcess): void {
    if (!ended.failed) return;
    this.#grace_timer ??= setTimeout(() => this.#stop(), GRACE_MS);
    void this.#all_ended.then(() => this.#options.input?.destroy(this.#stageFailure()));
  }

  /** Records the cause, unless a process has already failed by itself, and ends everything. */
  #fail(error: unknown): void {
    if (this.#cause === undefined && !this.#processes.some((one) => one.failed && !one.stopped && !one.failedWriting)) {
      this.#cause = error instanceof Error ? error : asSafebaseError(error);
    }
    this.#stop();
  }

  #stop(): void {
    for (const one of this.#processes) one.signal("SIGTERM");
    this.#kill_timer ??= setTimeout(() => { for (const one of this.#processes) one.signal("SIGKILL"); }, KILL_AFTER_MS);
    this.#options.input?.destroy(this.#cause);
    if (this.#cause) this.#gate?.destroy(this.#cause);
  }

  /** The stage to blame: the first that failed, save those that failed only because the next one did not read on. */
  #stageFailure(): StageFailure | undefined {
    const failed = this.#processes.filter((one) => one.failed && !one.stopped);
    const blamed = failed.find((one) => !one.failedWriting) ?? failed.at(-1);
    return blamed && new StageFailure(blamed.stage.failure_code ?? "internal", blamed.report(), this.#reports());
  }

  #reports(): StageReport[] {
    return this.#processes.map((one) => one.report());
  }

  #raw(): RawReport | undefined {
    const reports = this.#processes.map((one) => one.stage.rawReport?.(one.report().stderr));
    return reports.find((report) => report?.tail) ?? reports.find((report) => report !== undefined);
  }
}

async function drained(stdin: Writable): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stdin.off("drain", done);
      stdin.off("close", done);
      resolve();
    };
    stdin.on("drain", done);
    stdin.on("close", done);
  });
}

/** Passes bytes on and counts them; its end waits for the verdict. */
class Gate extends Transform {
  readonly #count: (size_bytes: number) => void;
  readonly #verdict: () => Promise<void>;

  constructor(count: (size_bytes: number) => void, verdict: () => Promise<void>) {
    super();
    this.#count = count;
    this.#verdict = verdict;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#count(chunk.length);
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    this.#verdict().then(() => done(), (error: unknown) => done(error as Error));
  }
}
