import { lastPlanned, type Plan } from "@safebase/runtime";
import { emissionOf, type Emission, type Known } from "./catch-up.ts";
import { planKey, type Reading } from "./schedules.ts";

/** Which schedules are new or have changed, and the ids of those that are gone or have. */
export interface Change { readonly fresh: readonly Known[]; readonly stale: readonly number[] }

/** All schedules that are known, and who shares which plan. */
export class Book {
  readonly #schedules = new Map<number, Known>();
  readonly #byPlan = new Map<string, { readonly plan: Plan; readonly sharing: Map<number, Known> }>();

  get size(): number {
    return this.#schedules.size;
  }

  get schedules(): Iterable<Known> {
    return this.#schedules.values();
  }

  get plans(): ReadonlyMap<string, Plan> {
    return new Map(Array.from(this.#byPlan, ([key, { plan }]) => [key, plan]));
  }

  /**
   * Takes a reading in. A bucket younger than `grace_ms` was made after a loss of everything in NATS and may not be
   * filled again yet: what it does not mention stays as it was, so that no planned time passes unseen.
   */
  take({ whole, entries, unset, age_ms }: Reading, grace_ms: number): Change {
    const stale: number[] = [];
    const gone = whole && age_ms > grace_ms ? [...this.#schedules.keys()].filter((id) => !entries.has(id)) : unset;
    for (const id of gone) if (this.#remove(id)) stale.push(id);
    const fresh = [...entries.values()].filter((each) => !sameAs(this.#schedules.get(each.schedule_id), each));
    for (const each of fresh) {
      if (this.#remove(each.schedule_id)) stale.push(each.schedule_id);
      this.#add(each);
    }
    return { fresh, stale };
  }

  /** What is to be emitted when a plan's time has come. */
  *dueAt(key: string, plannedAt: Date): Generator<Emission> {
    for (const schedule of this.#byPlan.get(key)?.sharing.values() ?? []) {
      const emission = emissionOf(schedule, plannedAt);
      if (emission !== undefined) yield emission;
    }
  }

  #add(schedule: Known): void {
    const key = planKey(schedule);
    const shared = this.#byPlan.get(key) ?? { plan: { cron: schedule.cron, timezone: schedule.timezone }, sharing: new Map<number, Known>() };
    const known = { ...schedule, ...shared.plan }; // the same text once, not ten thousand times
    this.#byPlan.set(key, shared);
    this.#schedules.set(schedule.schedule_id, known);
    shared.sharing.set(schedule.schedule_id, known);
  }

  #remove(id: number): boolean {
    const known = this.#schedules.get(id);
    if (known === undefined) return false;
    const key = planKey(known);
    const shared = this.#byPlan.get(key);
    shared?.sharing.delete(id);
    if (shared?.sharing.size === 0) this.#byPlan.delete(key);
    return this.#schedules.delete(id);
  }
}

/** The newest planned time of each schedule that has come by now: of several that were missed it stands for all. */
export function* newestOf(schedules: Iterable<Known>, now: Date): Generator<Emission> {
  const newest = new Map<string, Date | undefined>();
  for (const schedule of schedules) {
    const key = planKey(schedule);
    if (!newest.has(key)) newest.set(key, lastPlanned(schedule, now));
    const planned = newest.get(key);
    const emission = planned === undefined ? undefined : emissionOf(schedule, planned);
    if (emission !== undefined) yield emission;
  }
}

function sameAs(a: Known | undefined, b: Known): boolean {
  return a !== undefined && planKey(a) === planKey(b) && a.jitter_s === b.jitter_s && a.since_ms === b.since_ms;
}
