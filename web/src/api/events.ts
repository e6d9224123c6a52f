import type { UiEvent } from "@safebase/contracts";
import { createSignal, onCleanup } from "solid-js";
import { scoped } from "./scope.ts";
import type { Progress } from "./types.ts";

export type EventName = UiEvent["event"];
type Handler = (data: unknown) => void;

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
const NAMES = Object.keys({
  backup: 1, restore: 1, verification: 1, check: 1, database: 1, server: 1, schedule: 1, objective: 1, channel: 1, storage: 1, notice: 1, notices_seen: 1, notification: 1, progress: 1,
} satisfies Record<EventName, 1>) as EventName[];

const handlers = new Map<EventName | "back", Set<Handler>>();
const [connected, setConnected] = createSignal(true);
let source: EventSource | undefined;
let retry_ms = FIRST_RETRY_MS;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Whether events arrive at the moment. */
export { connected };

/** Listens to the gateway's events until `stopEvents`; a stream that breaks is opened again, later and later. */
export function startEvents(): void {
  if (source !== undefined) return;
  const opened = source = new EventSource(scoped("/api/events"));
  opened.addEventListener("open", () => {
    retry_ms = FIRST_RETRY_MS;
    if (!connected()) emit("back", undefined);
    setConnected(true);
  });
  opened.addEventListener("error", () => {
    setConnected(false);
    opened.close(); // by itself it would not come back from an answer that is an error
    if (source !== opened) return;
    source = undefined;
    timer = setTimeout(startEvents, retry_ms);
    retry_ms = Math.min(retry_ms * 2, LAST_RETRY_MS);
  });
  for (const name of NAMES) opened.addEventListener(name, (event) => emit(name, JSON.parse(event.data as string)));
}

/** Listens anew, to what belongs to the scope that is chosen now. */
export function restartEvents(): void {
  stopEvents();
  startEvents();
}

export function stopEvents(): void {
  clearTimeout(timer);
  source?.close();
  source = undefined;
  setConnected(true);
}

/** Calls the handler with every such event while its owner lives; `back`: events were missed, ask for the state anew. */
export function onEvent(name: EventName | "back", handler: Handler): void {
  const set = handlers.get(name) ?? new Set();
  handlers.set(name, set.add(handler));
  onCleanup(() => set.delete(handler));
}

/** The newest progress of the jobs of backups, by the backup's id. */
export function onBackupProgress(handler: (backup_id: number, progress: Progress) => void): void {
  onEvent("progress", (data) => {
    const progress = data as Progress & { backup_id: number | null };
    if (progress.backup_id !== null) handler(progress.backup_id, progress);
  });
}

function emit(name: EventName | "back", data: unknown): void {
  for (const handler of handlers.get(name) ?? []) handler(data);
}
