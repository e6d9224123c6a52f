import { createMemo, createSignal, createEffect, on, onCleanup, type Accessor } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData, type Data } from "../../api/data.ts";
import type { Backup } from "../../api/types.ts";
import { targetOf, type Target } from "./target.ts";
import type { Plan } from "./types.ts";

const TYPED_MS = 400;

/** What is ordered, but for the name that confirms it. */
export interface Order { readonly target?: { database_id?: number; db_name?: string }; readonly safety_backup?: boolean; readonly identity?: string }

export interface Planned {
  readonly data: Data<Plan | undefined>;
  /** What the plan that is shown was asked for: the order goes out as it was planned. */
  readonly order: Accessor<Order | undefined>;
  /** Is the plan that of what is chosen now? */
  readonly current: Accessor<boolean>;
}

/** The plan of what is chosen, asked for again when that changes, or when a restore begins or ends anywhere. */
export function createPlanned(chosen: { backup: Accessor<Backup | undefined>; target: Accessor<Target>; safe: Accessor<boolean>; identity: Accessor<string> }): Planned {
  const order = createMemo<Order | undefined>(() => {
    const target = targetOf(chosen.target());
    if (chosen.backup() === undefined || target === undefined) return undefined;
    return {
      target, ...(chosen.target().kind === "new" ? {} : { safety_backup: chosen.safe() }), ...(chosen.identity().trim() === "" ? {} : { identity: chosen.identity() }),
    };
  });
  const wanted = createMemo(() => { const json = order(); return json === undefined ? "" : JSON.stringify({ id: chosen.backup()?.id, json }); });
  const asked = createSlow(wanted);
  const data = createData(asked, async (text) => {
    if (text === "") return undefined;
    const { id, json } = JSON.parse(text) as { id: number; json: Order };
    return (await ask(api.backups[":id"].restore.plan.$post({ param: { id: String(id) }, query: {}, json }))).plan;
  }, ["restore"]);
  return { data, order, current: () => wanted() === asked() && !data.loading() && data.error() === undefined };
}

/** A value some time after it was last changed: names and keys are typed letter by letter. */
function createSlow<T>(fast: Accessor<T>): Accessor<T> {
  const [slow, setSlow] = createSignal(fast());
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(on(fast, (value) => {
    clearTimeout(timer);
    timer = setTimeout(() => setSlow(() => value), TYPED_MS);
  }, { defer: true }));
  onCleanup(() => clearTimeout(timer));
  return slow;
}
