import type { Data } from "./data/fill.ts";
import type { Json } from "../client.ts";
import { idleBytes } from "./memory.ts";
import type { BenchEngine, Options } from "./options.ts";
import { inTurn } from "./rounds.ts";
import { safebaseJobs, type Jobs } from "./safebase.ts";
import { startBenchServer, type BenchServer, type Subject } from "./subject.ts";
import { startSystem, type System } from "./system.ts";
import type { Series, Variant } from "./variant.ts";
import { warmUp } from "./warm-up.ts";

/** What every section is given. */
export interface Context { readonly options: Options; readonly signal: AbortSignal; readonly say: (line: string) => void }

/** Variants that did the same work in the same rounds. */
export interface Group { readonly title: string; readonly series: readonly Series[] }

/** A variant that could not be measured, and why. */
export interface LeftOut { readonly what: string; readonly reason: string }

/** One part of the bench and its figures. */
export interface Section {
  readonly name: string;
  readonly title: string;
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[];
  readonly server: string;
  readonly idle_bytes: number;
  readonly groups: readonly Group[];
  readonly left_out: readonly LeftOut[];
}

/** SafeBase, warm, and a server to measure with. */
export interface Lab extends AsyncDisposable {
  readonly system: System;
  /** Its engine and version. */
  readonly server: string;
  readonly idle_bytes: number;
  fill(data: Data): Promise<Subject>;
  /** SafeBase's jobs on a database, registered with these settings and ordered with these options; in one part, where they say no number. */
  jobs(subject: Subject, settings?: Json, order?: Json): Promise<Jobs>;
  rounds(title: string, variants: readonly Variant[]): Promise<Group>;
}

/** Large databases would come in several by themselves. */
const ONE_PART: Record<BenchEngine, Json> = { postgresql: { jobs: 1 }, mariadb: {} };

export async function openLab(engine: BenchEngine, context: Context): Promise<Lab> {
  await using stack = new AsyncDisposableStack();
  const { options, signal, say } = context;
  const [system, server] = [stack.use(await startSystem()), stack.use(await startBenchServer(engine))];
  await warmUp(system, server, signal);
  const idle_bytes = await idleBytes(system.pid, signal);
  const owned = stack.move();
  return {
    system, server: `${engine} ${server.info.version}`, idle_bytes,
    fill: (data) => fillAloud(server, data, context),
    jobs: async (subject, settings, order = ONE_PART[engine]) => safebaseJobs(system, subject, await system.register(subject, settings), signal, order),
    async rounds(title, variants) {
      await variants[0]?.run(); // so that the first round finds the data where the later ones do
      return { title, series: await inTurn(variants, options.repeat, signal, (line) => say(`${title}: ${line}`)) };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function fillAloud(server: BenchServer, data: Data, { options: { size_bytes }, signal, say }: Context): Promise<Subject> {
  const from_ms = performance.now();
  say(`${server.info.engine}: filling a database (${data}) with about ${size_bytes / 1e6} MB of SQL …`);
  const subject = await server.fill(data, size_bytes, signal);
  say(`${server.info.engine}: filled in ${((performance.now() - from_ms) / 1000).toFixed(0)} s`);
  return subject;
}
