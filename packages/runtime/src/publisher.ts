import { createInbox, headers, type Msg } from "@nats-io/transport-node";
import { z } from "zod";
import type { Bus } from "./bus.ts";

const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 500;

const Answer = z.object({ duplicate: z.boolean().optional(), error: z.object({ description: z.string() }).optional() });

interface Sent { readonly resolve: (fresh: boolean) => void; readonly reject: (error: Error) => void; readonly deadline_ms: number }

/**
 * Publishes into streams, thousands at a time: all answers come through one subscription, where the client's own way
 * makes a timer, a listener and the trace of an error for each, several times the memory of the message.
 */
export class Publisher implements Disposable {
  readonly #bus: Bus;
  readonly #inbox: string;
  readonly #subscription: { unsubscribe(): void };
  readonly #sent = new Map<string, Sent>();
  readonly #looking: NodeJS.Timeout;
  #line: AbortSignal;
  #count = 0;

  constructor(bus: Bus) {
    this.#bus = bus;
    this.#inbox = createInbox(bus.inboxPrefix);
    this.#line = bus.line;
    this.#subscription = bus.nc.subscribe(`${this.#inbox}.*`, { callback: (error, message) => { if (error === null) this.#settle(message); } });
    this.#looking = setInterval(() => this.#giveUp(), LOOK_EVERY_MS);
  }

  /** One try. True when the stream has stored it, false when it had it already; throws when it has not said so in time. */
  publish(subject: string, body: string, msgId: string): Promise<boolean> {
    this.#giveUp();
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    if (!this.#bus.connected) reject(new Error("NATS is not connected"));
    else {
      const token = String(this.#count++);
      const head = headers();
      head.set("Nats-Msg-Id", msgId);
      this.#sent.set(token, { resolve, reject, deadline_ms: performance.now() + PATIENCE_MS });
      this.#bus.nc.publish(subject, body, { headers: head, reply: `${this.#inbox}.${token}` });
    }
    return promise;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#looking);
    this.#subscription.unsubscribe();
    for (const { reject } of this.#sent.values()) reject(new Error("the publisher has ended"));
    this.#sent.clear();
  }

  #settle(message: Msg): void {
    const token = message.subject.slice(this.#inbox.length + 1);
    const sent = this.#sent.get(token);
    if (sent === undefined) return; // it was given up before
    this.#sent.delete(token);
    if (message.data.length === 0) return sent.reject(new Error("there is no stream for it"));
    const answer = Answer.safeParse(message.json());
    if (!answer.success) return sent.reject(new Error("the answer is none", { cause: answer.error }));
    if (answer.data.error !== undefined) return sent.reject(new Error(answer.data.error.description));
    sent.resolve(answer.data.duplicate !== true);
  }

  /** Nothing that was sent on a connection that broke is answered; and some answers get lost. */
  #giveUp(): void {
    const cut = this.#line !== this.#bus.line || this.#line.aborted;
    this.#line = this.#bus.line;
    if (this.#sent.size === 0) return;
    const now_ms = performance.now();
    for (const [token, { reject, deadline_ms }] of this.#sent) {
      if (!cut && deadline_ms > now_ms) return; // those after it were sent later
      this.#sent.delete(token);
      reject(new Error(cut ? "NATS is not connected" : "NATS did not answer in time"));
    }
  }
}
