import { setTimeout as pause } from "node:timers/promises";
import type { Api, Backup, Status } from "./api.ts";
import { bytes, duration } from "./output.ts";
import { EXIT, Problem, Unreachable } from "./problem.ts";
import type { World } from "./world.ts";

/** What backups, restores, verifications and checks have in common. */
export interface Work {
  readonly job_id: number;
  readonly status: Status;
  readonly progress: Backup["progress"];
  readonly duration_ms: number | null;
  readonly error_msg: string | null;
  readonly error_hint: string | null;
  /** Of restores: how long it can still be canceled for nothing. */
  readonly starts_in_s?: number | null;
}

/** Work that was ordered: what it is called, how it was then, and how it is seen again. */
export interface Ordered<W extends Work> { readonly label: string; readonly first: W; readonly look: () => Promise<W> }

const FIRST_PAUSE_MS = 100, LONGEST_PAUSE_MS = 1000, PLAIN_EVERY_MS = 30_000;
/** A gateway that is started anew is waited for. */
const PATIENCE_MS = 60_000;

const isOver = ({ status }: Work): boolean => status === "completed" || status === "failed" || status === "canceled";

/** Shows work until it is over; returns how each ended. Ctrl-C cancels it, a second one leaves it alone. */
export async function follow<W extends Work>(world: World, api: Api, ordered: readonly Ordered<W>[]): Promise<W[]> {
  using ctrlC = new CtrlC(world);
  const states = ordered.map(({ first }) => first);
  const shown = new Shown(world);
  const view = (): void => shown.update(ordered.map(({ label }, at) => ({ label, work: states[at]! })));
  view();
  for (let pause_ms = FIRST_PAUSE_MS; !states.every(isOver); pause_ms = Math.min(pause_ms * 1.5, LONGEST_PAUSE_MS)) {
    await ctrlC.orAfter(pause_ms);
    if (ctrlC.takeFirst()) await cancel(world, api, states);
    for (const [at, state] of states.entries()) if (!isOver(state)) states[at] = await patiently(ordered[at]!.look);
    view();
  }
  return states;
}

/** A look that outlives the gateway's restart. */
export async function patiently<W>(look: () => Promise<W>): Promise<W> {
  const since_ms = performance.now();
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof Unreachable) || performance.now() - since_ms > PATIENCE_MS) throw error;
      await pause(LONGEST_PAUSE_MS);
    }
  }
}

async function cancel(world: World, api: Api, states: readonly Work[]): Promise<void> {
  world.say(world.t.canceling);
  for (const { job_id } of states.filter((state) => !isOver(state))) {
    await api.api.jobs[":id"].cancel.$post({ param: { id: String(job_id) }, query: {} }).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.exit !== EXIT.failed) throw error;
      world.say(error.message); // it was over already, which the next look shows
    });
  }
}

/** Ctrl-C, while work is followed. */
class CtrlC implements Disposable {
  readonly #first = new AbortController();
  readonly #world: World;
  #taken = false;

  constructor(world: World) {
    this.#world = world;
    process.on("SIGINT", this.#pressed);
  }

  readonly #pressed = (): void => {
    if (!this.#first.signal.aborted) return this.#first.abort();
    this.#world.say(this.#world.t.leftAlone);
    process.exit(EXIT.interrupted);
  };

  /** Whether it was pressed, once. */
  takeFirst(): boolean {
    const now = this.#first.signal.aborted && !this.#taken;
    this.#taken ||= now;
    return now;
  }

  async orAfter(time_ms: number): Promise<void> {
    await pause(time_ms, undefined, this.#taken ? {} : { signal: this.#first.signal }).catch((error: Error) => {
      if (error.name !== "AbortError") throw error;
    });
  }

  [Symbol.dispose](): void {
    process.off("SIGINT", this.#pressed);
  }
}

interface Line { readonly label: string; readonly work: Work }

/** On a terminal a line for each that changes in place; elsewhere a line for each change. */
class Shown {
  readonly #world: World;
  readonly #said = new Map<string, { status: Status; at_ms: number }>();

  constructor(world: World) {
    this.#world = world;
  }

  update(lines: readonly Line[]): void {
    const { json, terminal } = this.#world;
    if (json) return;
    if (terminal.live) return terminal.draw(lines.filter(({ work }) => !isOver(work)).map((line) => this.#text(line)));
    for (const line of lines.filter((each) => this.#isNews(each))) this.#world.say(this.#text(line));
  }

  #isNews({ label, work }: Line): boolean {
    const said = this.#said.get(label);
    const now_ms = performance.now();
    if (isOver(work) || (said?.status === work.status && now_ms - said.at_ms < PLAIN_EVERY_MS)) return false;
    this.#said.set(label, { status: work.status, at_ms: now_ms });
    return true;
  }

  #text({ label, work }: Line): string {
    const { t } = this.#world;
    if (work.status === "pending" && (work.starts_in_s ?? 0) > 0) return t.countdown(label, Math.ceil(work.starts_in_s ?? 0));
    return `${label}: ${t.status[work.status]}${work.progress === null ? "" : `, ${progressText(work.progress, this.#world)}`}`;
  }
}

function progressText({ phase, bytes_in, total_bytes, rate_bytes_per_s }: NonNullable<Backup["progress"]>, { t }: World): string {
  const done = total_bytes === null || total_bytes === 0 ? "" : ` (${Math.min(99, Math.floor((bytes_in / total_bytes) * 100))} %)`;
  return `${phase} ${bytes(bytes_in, t)}${done}, ${bytes(rate_bytes_per_s, t)}/s`;
}

/** Says how work ended, in a line on stdout, or with the reason on stderr; `more` is what there is to say of a success. */
export function tellEnd(world: World, label: string, work: Work, more: readonly string[] = []): void {
  const { t, terminal, json } = world;
  if (json) return;
  if (work.status === "completed") {
    return terminal.result(`${label}: ${[t.status.completed, ...more].join(", ")} (${duration(work.duration_ms, t)})`);
  }
  world.say(`${label}: ${t.status[work.status]}${work.error_msg === null ? "" : `: ${work.error_msg}`}`);
  if (work.error_hint !== null) world.say(t.hint(work.error_hint));
}
