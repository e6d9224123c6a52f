import { createEffect, createSignal, on, onCleanup, type Accessor } from "solid-js";
import { onEvent, type EventName } from "./events.ts";

const QUIET_MS = 250;

/** What a page shows, and how it stands with getting it. The last data stays while newer is asked for. */
export interface Data<T> {
  readonly value: Accessor<T | undefined>;
  readonly error: Accessor<unknown>;
  readonly loading: Accessor<boolean>;
  readonly again: () => void;
}

/** Asks whenever what `key` reads changes, when one of these events comes, and when events may have been missed. */
export function createData<K, T>(key: Accessor<K>, get: (key: K) => Promise<T>, events: readonly EventName[] = []): Data<T> {
  const [value, setValue] = createSignal<T>();
  const [error, setError] = createSignal<unknown>();
  const [loading, setLoading] = createSignal(true);
  let newest = 0;
  const load = async (asked: K): Promise<void> => {
    const mine = ++newest;
    setLoading(true);
    try {
      const answer = await get(asked);
      if (mine === newest) { setValue(() => answer); setError(undefined); }
    } catch (thrown) {
      if (mine === newest) setError(thrown);
    }
    if (mine === newest) setLoading(false);
  };
  createEffect(on(key, (asked) => void load(asked)));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(key()), QUIET_MS); // events come in bursts
  };
  for (const name of [...events, "back"] as const) onEvent(name, soon);
  onCleanup(() => { clearTimeout(timer); newest = Infinity; });
  return { value, error, loading, again: () => void load(key()) };
}
