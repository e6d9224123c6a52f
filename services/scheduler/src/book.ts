import { lastPlanned, type Plan } from "@safebase/runtime";
import { emissionOf, type Emission, type Known } from "./catch-up.ts";
import { planKey } from "./schedules.ts";

/** All schedules that are known, and who shares which plan. */
export class Book {
  #schedules: ReadonlyMap<number, Known> = new Map();
  #byPlan: ReadonlyMap<string, readonly Known[]> = new Map();

  get schedules(): ReadonlyMap<number, Known> {
    return this.#schedules;
  }

  get plans(): ReadonlyMap<string, Plan> {
    return new Map([...this.#byPlan].flatMap(([key, [first]]) => (first === undefined ? [] : [[key, first]])));
  }

  /** Takes these for all there are; answers which of them are new or have changed, and the ids of those that are gone or have. */
  replace(schedules: ReadonlyMap<number, Known>): { fresh: Known[]; stale: number[] } {
    const before = this.#schedules;
    const fresh = [...schedules.values()].filter((each) => !sameAs(before.get(each.schedule_id), each));
    const stale = [...before.values()].filter((each) => !sameAs(schedules.get(each.schedule_id), each)).map((each) => each.schedule_id);
    this.#schedules = schedules;
    this.#byPlan = Map.groupBy(schedules.values(), planKey);
    return { fresh, stale };
  }

  /** What is to be emitted when a plan's time has come. */
  dueAt(key: string, plannedAt: Date): Emission[] {
    return emissions((this.#byPlan.get(key) ?? []).map((schedule) => [schedule, plannedAt]));
  }
}

/** The newest planned time of each schedule that has come by now: of several that were missed it stands for all. */
export function newestOf(schedules: Iterable<Known>, now: Date): Emission[] {
  const newest = [...Map.groupBy(schedules, planKey).values()].flatMap((sharing) => {
    const planned = sharing[0] === undefined ? undefined : lastPlanned(sharing[0], now);
    return planned === undefined ? [] : sharing.map((schedule): [Known, Date] => [schedule, planned]);
  });
  return emissions(newest);
}

function emissions(times: readonly (readonly [Known, Date])[]): Emission[] {
  return times.map(([schedule, planned_at]) => emissionOf(schedule, planned_at)).filter((each) => each !== undefined);
}

function sameAs(a: Known | undefined, b: Known): boolean {
  return a?.cron === b.cron && a.timezone === b.timezone && a.jitter_s === b.jitter_s && a.since === b.since;
}
