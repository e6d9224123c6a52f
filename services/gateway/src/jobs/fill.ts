import type { JobKind } from "@safebase/contracts";
import { unclaimJob } from "../catalog/jobs.ts";
import type { Job } from "../catalog/schema.ts";
import { groupsWaiting, jobsOut, nextInLane, usersWaiting, type Busy, type OutJob } from "../catalog/turns.ts";
import type { Capacities, Capacity } from "./capacity.ts";
import { claim } from "./claim.ts";
import type { Core } from "./deps.ts";
import { publish } from "./publish.ts";

/** Places that only what is urgent may take: it is in the queue before one of a thousand backups has ended. */
const URGENT_PLACES = 2;

/**
 * Publishes commands of jobs whose time has come: in each group so many as keep its executors busy, what is urgent first,
 * then user by user. Says whether any had been waiting. Several gateways may do it at once: each job is claimed by one,
 * and a group may get a few more commands than its window has places, which does no harm.
 */
export async function fillWindows(core: Core, capacities: Capacities, stop: AbortSignal): Promise<boolean> {
  const groups = await groupsWaiting(core.db, core.now().toISOString());
  for (const group of groups) {
    const window = new Window(core, group, await capacities.of(group));
    for (const urgent of [1, 0]) await window.fill(urgent, stop);
  }
  return groups.length > 0;
}

/** A user in the round, and up to where his jobs were looked at. */
interface Turn { readonly user_id: number; since: string; after: Job | undefined }

class Window {
  readonly #core: Core;
  readonly #group: string;
  readonly #capacity: Capacity;
  #out: readonly OutJob[] = [];

  constructor(core: Core, group: string, capacity: Capacity) {
    this.#core = core;
    this.#group = group;
    this.#capacity = capacity;
  }

  /** Gives a place to one job after another, until there is none left of either. */
  async fill(urgent: number, stop: AbortSignal): Promise<void> {
    const now = this.#core.now().toISOString();
    this.#out = await jobsOut(this.#core.db, this.#group);
    const places = this.#capacity.window + (urgent === 1 ? URGENT_PLACES : 0);
    if (this.#taken() >= places) return;
    const turns: Turn[] = (await usersWaiting(this.#core.db, { group: this.#group, urgent, now })).map((user) => ({ ...user, after: undefined }));
    while (turns.length > 0 && this.#taken() < places && !stop.aborted) {
      const turn = this.#next(turns);
      if (await this.#serve(turn, urgent, now)) this.#out = await jobsOut(this.#core.db, this.#group);
      else turns.splice(turns.indexOf(turn), 1);
    }
  }

  /** What executors have that live no more comes back to the others, and takes no place until then. */
  #taken(): number {
    const { executor_ids } = this.#capacity;
    return this.#out.filter(({ status, executor_id }) => status === "pending" || executor_id === null || executor_ids.has(executor_id)).length;
  }

  /** Whoever has the fewest jobs out; of these, who has waited for the longest time. */
  #next(turns: readonly Turn[]): Turn {
    const out = Map.groupBy(this.#out, ({ user_id }) => user_id);
    const of = ({ user_id }: Turn): number => out.get(user_id)?.length ?? 0;
    return turns.reduce((first, other) => ((of(other) - of(first) || (other.since < first.since ? -1 : 1)) < 0 ? other : first));
  }

  /** Publishes the user's next job that nothing stands against. False when he has none. */
  async #serve(turn: Turn, urgent: number, now: string): Promise<boolean> {
    const { db, config } = this.#core;
    for (;;) {
      const job = await nextInLane(db, { group: this.#group, urgent, user_id: turn.user_id, now, after: turn.after, busy: this.#busy() });
      if (job === undefined) return false;
      turn.after = job;
      turn.since = this.#core.now().toISOString();
      const { since } = turn;
      if (!await db.transaction().execute((tx) => claim(tx, job, since, config.dumps_per_server))) continue;
      await this.#publish(job, since);
      return true;
    }
  }

  async #publish(job: Job, claimed_at: string): Promise<void> {
    try {
      await publish(this.#core, job);
    } catch (error) {
      await unclaimJob(this.#core.db, job.id, claimed_at);
      throw error;
    }
  }

  #busy(): Busy {
    const dumps = Map.groupBy(this.#serversOf("backup"), (server) => server);
    return {
      kinds: (["check", "copy"] as const).filter((kind) => this.#out.some((each) => each.kind === kind)),
      dumps: [...dumps].filter(([, at]) => at.length >= this.#core.config.dumps_per_server).map(([server]) => server),
      verifications: [...new Set(this.#serversOf("verify"))],
    };
  }

  #serversOf(kind: JobKind): string[] {
    return this.#out.flatMap((each) => (each.kind === kind && each.server !== null ? [each.server] : []));
  }
}
