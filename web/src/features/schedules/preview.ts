import { createEffect, createSignal, on, onCleanup, type Accessor } from "solid-js";
import { api, ApiError, ask } from "../../api/client.ts";
import type { SchedulePreview } from "../../api/types.ts";

const QUIET_MS = 300;

/** When something would run, as far as it is known at the moment. */
export interface Preview {
  readonly value: Accessor<SchedulePreview | undefined>;
  /** What the API says against it. */
  readonly refusal: Accessor<string | undefined>;
}

/** Asks the gateway when that would be, each time that a change has settled. */
export function createPreview(of: Accessor<{ readonly cron: string; readonly time_zone: string }>): Preview {
  const [value, setValue] = createSignal<SchedulePreview>();
  const [refusal, setRefusal] = createSignal<string>();
  let newest = 0;
  const load = async (mine: number): Promise<void> => {
    const { cron, time_zone: timezone } = of();
    try {
      const answer = await ask(api.schedules.preview.$post({ query: {}, json: { cron, timezone } }));
      if (mine === newest) { setValue(answer); setRefusal(undefined); }
    } catch (error) {
      if (mine !== newest) return;
      setValue(undefined);
      setRefusal(error instanceof ApiError && error.code === "bad_request" ? error.message : undefined); // a lost connection is told by the shell
    }
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(on(() => `${of().cron}\n${of().time_zone}`, (_, before) => {
    clearTimeout(timer);
    const mine = ++newest;
    timer = setTimeout(() => void load(mine), before === undefined ? 0 : QUIET_MS);
  }));
  onCleanup(() => { clearTimeout(timer); newest = Infinity; });
  return { value, refusal };
}
