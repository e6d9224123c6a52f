import { createEffect, createSignal, on, onCleanup, type Accessor } from "solid-js";
import { onEvent } from "../../api/events.ts";
import type { Progress } from "../../api/types.ts";
import type { Restore } from "./types.ts";

const TICK_MS = 100;

type Named = Progress & { readonly restore_id: number | null; readonly verification_id: number | null };

/** The newest progress of restores, or of test restores, by their ids, while the page is open. */
export function createProgressOf(kind: "restore_id" | "verification_id"): (id: number) => Progress | undefined {
  const [newest, setNewest] = createSignal<Readonly<Record<number, Progress>>>({});
  onEvent("progress", (data) => {
    const progress = data as Named;
    const id = progress[kind];
    if (id !== null) setNewest((all) => ({ ...all, [id]: progress }));
  });
  return (id) => newest()[id];
}

/** How long a restore can still be canceled for nothing, counted by this machine's clock from the answer that said so; 0 when it is over. */
export function createCountdown(restore: Accessor<Pick<Restore, "starts_in_s"> | undefined>): Accessor<number> {
  const [left_ms, setLeft] = createSignal(0);
  let ends_ms = 0;
  const tick = (): void => { setLeft(Math.max(0, ends_ms - performance.now())); };
  const timer = setInterval(tick, TICK_MS);
  onCleanup(() => clearInterval(timer));
  createEffect(on(restore, (now) => {
    ends_ms = performance.now() + (now?.starts_in_s ?? 0) * 1000;
    tick();
  }));
  return left_ms;
}

export const isOpen = ({ status }: Pick<Restore, "status">): boolean => status === "pending" || status === "running";
