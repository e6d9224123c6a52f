import type { DatabaseOverview, EngineType, StandingCounts } from "../../api/types.ts";
import type { Tone } from "../../ui/badge.tsx";
import { TYPES } from "../backups/filter.ts";

/** How a database's backups stand; one that is being made is seen first. */
export type Shown = DatabaseOverview["state"] | "running";
export const TONES: Record<Shown, Tone> = { running: "info", never: "bad", none: "none", met: "good", at_risk: "warn", missed: "bad" };

export function shownOf({ state, running }: Pick<DatabaseOverview, "state" | "running">): Shown {
  return running === null ? state : "running";
}

/** What the list may be narrowed to, the worst first. */
export const STATES = ["missed", "never", "failed", "at_risk", "running", "none", "met"] as const satisfies readonly (keyof StandingCounts)[];
export type StateFilter = (typeof STATES)[number];

const SORTS = ["name", "state", "newest", "size"] as const;
export type Sort = (typeof SORTS)[number];
type Order = "asc" | "desc";

/** How each column is first wanted: the worst, the newest and the largest above. */
const FIRST: Record<Sort, Order> = { name: "asc", state: "asc", newest: "desc", size: "desc" };

export interface ListQuery { readonly q?: string; readonly type?: EngineType; readonly state?: StateFilter; readonly sort: Sort; readonly order: Order; readonly page: string }

/** What the address asks for; anything that was never ours to ask is left out. */
export function queryOf(params: Readonly<Record<string, string | undefined>>): ListQuery {
  const type = TYPES.find((each) => each === params["type"]);
  const state = STATES.find((each) => each === params["state"]);
  const sort = SORTS.find((each) => each === params["sort"]) ?? "name";
  const order = (["asc", "desc"] as const).find((each) => each === params["order"]) ?? FIRST[sort];
  const q = (params["q"] ?? "").slice(0, 200);
  return { sort, order, page: /^[1-9]\d{0,5}$/.exec(params["page"] ?? "")?.[0] ?? "1", ...(q === "" ? {} : { q }), ...(type === undefined ? {} : { type }), ...(state === undefined ? {} : { state }) };
}

/** What the address says after a column was asked for: the same one again turns round. */
export function sortedBy(now: Pick<ListQuery, "sort" | "order">, sort: Sort): Record<"sort" | "order" | "page", string | undefined> {
  const order = now.sort !== sort ? FIRST[sort] : now.order === "asc" ? "desc" : "asc";
  return { sort: sort === "name" ? undefined : sort, order: order === FIRST[sort] ? undefined : order, page: undefined };
}

/** Whether the next backup is still awaited, or should have been there; nothing where there is nothing to hold it to. */
export function dueOf({ state, objective }: Pick<DatabaseOverview, "state" | "objective">, now_ms: number): "due" | "over" | undefined {
  if (objective.due_at === null || objective.state === "none") return undefined;
  return state === "missed" || Date.parse(objective.due_at) < now_ms ? "over" : "due";
}
