import { subjects, UiEvent } from "@safebase/contracts";
import type { Bus } from "@safebase/runtime";
import type { Hearing } from "../catalog/scope.ts";

/** What one browser may fall behind before it is dropped: it reconnects and asks for the state anew. */
const BACKLOG_BYTES = 256 * 1024;
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 3_000;

export interface Subscription {
  readonly scope: Hearing;
  /** When the token ends, the stream ends. */
  readonly expires_at: Date;
  /** Asked with every heartbeat: is this session still one? */
  holds(): Promise<boolean>;
}

interface Listener { readonly scope: Hearing; send(text: string): void; end(): void }

/** Hears the events for browsers once and hands them to everybody whom they are for. Disposal ends all streams. */
export class EventHub implements Disposable {
  readonly #listeners = new Set<Listener>();
  readonly #stack = new DisposableStack();
  #count = 0;

  constructor(bus: Bus) {
    const boot = Date.now().toString(36);
    this.#stack.use(bus.listen(subjects.ui, (payload) => {
      const { user_id, event, data } = UiEvent.parse(payload);
      const text = `id: ${boot}-${++this.#count}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      for (const listener of this.#listeners) if (isFor(listener.scope, user_id)) listener.send(text);
    }));
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** A stream of server-sent events. It ends with the session, with the hub, or when its reader is too slow. */
  open(subscription: Subscription): ReadableStream<Uint8Array> {
    let listener: Listener | undefined;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        listener = this.#listen(controller, subscription);
        this.#listeners.add(listener);
        listener.send(`retry: ${RETRY_MS}\n: connected\n\n`);
      },
      cancel: () => listener?.end(),
    }, new ByteLengthQueuingStrategy({ highWaterMark: BACKLOG_BYTES }));
  }

  #listen(controller: ReadableStreamDefaultController<Uint8Array>, subscription: Subscription): Listener {
    const encoder = new TextEncoder();
    const end = (): void => {
      if (!this.#listeners.delete(listener)) return;
      clearInterval(heartbeat);
      clearTimeout(expiry);
      try {
        controller.close();
      } catch {
        // the reader canceled the stream: it is closed
      }
    };
    const send = (text: string): void => {
      if ((controller.desiredSize ?? 0) <= 0) return end();
      controller.enqueue(encoder.encode(text));
    };
    const listener: Listener = { scope: subscription.scope, send, end };
    const heartbeat = setInterval(() => {
      send(": alive\n\n");
      subscription.holds().then((holds) => { if (!holds) end(); }, end);
    }, HEARTBEAT_MS);
    const expiry = setTimeout(end, Math.max(0, subscription.expires_at.getTime() - Date.now()));
    return listener;
  }

  /** Ends every stream; new ones may be opened. */
  endAll(): void {
    for (const listener of this.#listeners) listener.end();
  }

  [Symbol.dispose](): void {
    this.#stack.dispose();
    this.endAll();
  }
}

/** What is nobody's concerns the whole installation. */
function isFor(scope: Hearing, user_id: number | null): boolean {
  if (scope === "all") return true;
  return scope === "users" ? user_id !== null : scope.user_id === user_id;
}
