import { inboxPrefixOf, SafebaseError, type Command, subjects } from "@safebase/contracts";
import { JetStreamApiCodes, JetStreamApiError, jetstream, type JetStreamClient } from "@nats-io/jetstream";
import { Kvm, type KV } from "@nats-io/kv";
import { connect, NoRespondersError, RequestError, TimeoutError, type NatsConnection } from "@nats-io/transport-node";
import type { Log } from "./log.ts";
import { backoff_ms, pause } from "./lifecycle.ts";
import { connectionOptions, refusalOf, whyNoConnection, type NatsAccess } from "./nats-access.ts";
import { ensureTopology, isTopologyThere, updateTopology, type TopologyOptions } from "./topology.ts";

const SILENCE_MS = 45_000;
const SUBJECT_FULL = 10077; // "maximum messages per subject exceeded"
const WRONG_SEQUENCE: readonly number[] = [JetStreamApiCodes.StreamWrongLastSequence, JetStreamApiCodes.StreamWrongLastSequenceUnknown];

const LOOK_EVERY_MS = 500;

export interface BusOptions extends NatsAccess {
  readonly name: string;
  /** Under this name it is known to NATS, with the permissions of that name; default: `name`. */
  readonly nats_user?: string;
  /** Streams and buckets are made and changed by gateways alone: any other service waits until they are there. */
  readonly awaits_gateway?: boolean;
  /** A gateway of this version and these settings starts: streams and buckets of others are changed to them. */
  readonly updates?: boolean;
  /** On so many servers of a cluster each stream and bucket is kept. */
  readonly replicas?: number;
  readonly lease_ttl_ms: number;
  /** Without a heartbeat for so long one is lost; sets how often there is one. */
  readonly silence_ms?: number;
  readonly log: Log;
}

/**
 * The one way in which services talk. Survives the loss of the server and of all that it stored: calls that must
 * arrive are repeated until acknowledged or until their signal aborts.
 */
export class Bus implements AsyncDisposable {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly log: Log;
  readonly lease_ttl_ms: number;
  readonly silence_ms: number;
  /** Of the subjects on which answers come: nobody else may listen there. */
  readonly inboxPrefix: string;
  readonly awaitsGateway: boolean;
  /** Times that the connection came back, for metrics. */
  reconnects = 0;
  readonly #kvm: Kvm;
  readonly #replicas: number;
  readonly #buckets = new Map<string, Promise<KV>>();
  #ensuring: Promise<void> | undefined;
  #line = new AbortController();

  private constructor(nc: NatsConnection, options: BusOptions) {
    this.nc = nc;
    this.log = options.log;
    this.lease_ttl_ms = options.lease_ttl_ms;
    this.silence_ms = options.silence_ms ?? SILENCE_MS;
    this.inboxPrefix = inboxPrefixOf(options.nats_user ?? options.name);
    this.awaitsGateway = options.awaits_gateway ?? false;
    this.#replicas = options.replicas ?? 1;
    this.js = jetstream(nc, { timeout: 5_000, checkAPI: false });
    this.#kvm = new Kvm(this.js);
    void this.#watchConnection();
  }

  /** Connects, waiting for the server as long as it takes, and until streams and buckets are there as they should be. */
  static async connect(options: BusOptions, signal: AbortSignal): Promise<Bus> {
    const access = connectionOptions(options, options.nats_user ?? options.name);
    for (let attempt = 1; ; attempt++) {
      try {
        const nc = await connect({
          ...access, name: options.name, maxReconnectAttempts: -1, reconnectTimeWait: 500, timeout: 5_000, pingInterval: 10_000, ignoreAuthErrorAbort: true,
        });
        const bus = new Bus(nc, options);
        await (bus.awaitsGateway ? bus.#awaitTopology(signal) : bus.#retry("prepare NATS", signal, () => bus.online(() => (options.updates === true ? updateTopology : ensureTopology)(nc, bus.#topology))));
        return bus;
      } catch (cause) {
        if (signal.aborted) throw new SafebaseError("canceled", "stopped while waiting for NATS", { cause });
        options.log.warn({ err: cause, attempt }, whyNoConnection(cause));
        await pause(backoff_ms(attempt), signal);
      }
    }
  }

  /** Makes streams and buckets that are missing, once for all who ask at the same time; who is no gateway sees whether they are there. */
  ensure(): Promise<void> {
    this.#ensuring ??= this.online(() => this.awaitsGateway ? this.#requireTopology() : ensureTopology(this.nc, this.#topology)).finally(() => { this.#ensuring = undefined; });
    return this.#ensuring;
  }

  get connected(): boolean {
    return !this.nc.isClosed() && !this.#line.signal.aborted;
  }

  /** Aborts when the connection is lost. Each connection has its own. */
  get line(): AbortSignal {
    return this.#line.signal;
  }

  /** Runs `act`, but fails at once when there is no connection or it breaks: nothing sent before that is answered after it. */
  async online<T>(act: () => Promise<T>): Promise<T> {
    const line = this.#line.signal;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const cut = (): void => reject(new Error("NATS is not connected"));
    if (line.aborted) cut();
    else {
      line.addEventListener("abort", cut, { once: true });
      act().then(resolve, reject);
    }
    return promise.finally(() => line.removeEventListener("abort", cut));
  }

  /** Stored in a stream and acknowledged by it. A repeated `msgId` is dropped by the server for two minutes. */
  async publish(subject: string, payload: unknown, options: { msgId?: string; signal: AbortSignal }): Promise<void> {
    const body = JSON.stringify(payload);
    await this.#retry(subject, options.signal, () =>
      this.online(() => this.js.publish(subject, body, options.msgId === undefined ? {} : { msgID: options.msgId })));
  }

  /** Puts a job into its queue. False when it is there already, waiting or in work: nothing is lost. One try. */
  enqueue(command: Command): Promise<boolean> {
    return this.publishOnce(subjects.command(command.group, command.job_id), command);
  }

  /** The same for any subject of a stream that holds one message at most for each. A repeated `msgId` is taken, and dropped. */
  async publishOnce(subject: string, payload: unknown, msgId?: string): Promise<boolean> {
    try {
      await this.online(() => this.js.publish(subject, JSON.stringify(payload), msgId === undefined ? {} : { msgID: msgId }));
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === SUBJECT_FULL) return false;
      throw error;
    }
  }

  /** To whoever listens now; nobody is fine. */
  broadcast(subject: string, payload: unknown): void {
    if (!this.nc.isClosed()) this.nc.publish(subject, JSON.stringify(payload));
  }

  /** Calls `handle` for each broadcast until disposal. A handler that throws is logged: there is nobody to answer. */
  listen(subject: string, handle: (payload: unknown, subject: string) => void): Disposable {
    const subscription = this.nc.subscribe(subject, {
      callback: (error, message) => {
        try {
          if (error) throw error;
          handle(message.json(), message.subject);
        } catch (err) {
          this.log.warn({ err, subject }, "a broadcast could not be handled");
        }
      },
    });
    return { [Symbol.dispose]: () => subscription.unsubscribe() };
  }

  /** Asks one of those who answer on `subject`. Throws `no_executor` when there is none or it does not answer in time. */
  async request(subject: string, payload: unknown, timeout_ms: number, who: "executor" | "notifier" = "executor"): Promise<unknown> {
    try {
      return (await this.online(() => this.nc.request(subject, JSON.stringify(payload), { timeout: timeout_ms }))).json();
    } catch (cause) {
      if (!this.connected) throw new SafebaseError("no_executor", `no ${who} can be asked: NATS is not connected`, { cause });
      const nobody = cause instanceof NoRespondersError || (cause instanceof RequestError && cause.isNoResponders());
      if (!nobody && !(cause instanceof TimeoutError)) throw cause;
      throw new SafebaseError("no_executor", nobody ? `no ${who} is running` : `no ${who} answered within ${timeout_ms / 1000} s`, {
        hint: who === "executor" ? "start an executor for this group, or see its log" : "start a notifier, or see its log", cause,
      });
    }
  }

  /**
   * Answers requests, sharing them with the others of `queue`. `answer` must not throw. Returns when the server knows of
   * it; without a connection, at once: then the server learns it with the next one.
   */
  async respond(subject: string, queue: string, answer: (payload: unknown) => Promise<unknown>): Promise<Disposable> {
    const subscription = this.nc.subscribe(subject, {
      queue,
      callback: (error, message) => {
        if (error) return this.log.warn({ err: error, subject }, "a request could not be read");
        void Promise.resolve()
          .then(() => answer(message.json()))
          .then((reply) => message.respond(JSON.stringify(reply)))
          .catch((err: unknown) => this.log.error({ err, subject }, "a request could not be answered"));
      },
    });
    await this.online(() => this.nc.flush()).catch((err: unknown) => this.log.debug({ err, subject }, "not connected: the server learns later who answers"));
    return { [Symbol.dispose]: () => subscription.unsubscribe() };
  }

  /** Runs `use` on a bucket; when the bucket is gone, makes it again and tries once more. */
  async withBucket<T>(name: string, use: (kv: KV) => Promise<T>): Promise<T> {
    const open = (): Promise<KV> => {
      let bucket = this.#buckets.get(name);
      if (bucket === undefined) this.#buckets.set(name, bucket = this.#kvm.open(name));
      return bucket;
    };
    try {
      return await this.online(async () => use(await open()));
    } catch (error) {
      if (isConflict(error) || !this.connected) throw error;
      this.#buckets.delete(name);
      await this.ensure();
      return this.online(async () => use(await open()));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.nc.isClosed()) await this.nc.close();
  }

  get #topology(): TopologyOptions {
    return { lease_ttl_ms: this.lease_ttl_ms, replicas: this.#replicas, log: this.log };
  }

  async #requireTopology(): Promise<void> {
    if (!await isTopologyThere(this.nc)) throw new Error("NATS has no streams of SafeBase yet: a gateway makes them");
  }

  /** Says once what it waits for. */
  async #awaitTopology(signal: AbortSignal): Promise<void> {
    for (let said = false; !signal.aborted; said = true) {
      const there = await this.online(() => isTopologyThere(this.nc)).catch((err: unknown) => {
        this.log.warn({ err }, refusalOf(err) ?? "NATS does not say whether its streams are there, asking again");
        return false;
      });
      if (there) return;
      if (!said) this.log.info("waiting for a gateway to make the streams and buckets in NATS");
      await pause(LOOK_EVERY_MS, signal);
    }
    await this.nc.close();
    throw new SafebaseError("canceled", "stopped while waiting for a gateway");
  }

  async #retry<T>(what: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await act();
      } catch (cause) {
        if (signal.aborted || this.nc.isClosed()) throw new SafebaseError("canceled", `stopped before NATS took ${what}`, { cause });
        this.log.warn({ err: cause, attempt }, `NATS did not take ${what}, trying again`);
        await pause(backoff_ms(attempt, 100, 5_000), signal);
        await this.ensure().catch((err: unknown) => this.log.debug({ err }, "NATS is not ready"));
      }
    }
  }

  async #watchConnection(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === "disconnect") {
        this.#line.abort();
        this.log.warn("NATS is gone, reconnecting");
      } else if (status.type === "reconnect") {
        this.#line = new AbortController();
        this.reconnects++;
        this.#buckets.clear();
        this.log.info("NATS is back");
        this.ensure().catch((err: unknown) => this.log.warn({ err }, "NATS is back but not ready"));
      } else if (status.type === "error") {
        const err = status.error;
        this.log.warn({ err }, refusalOf(err) ?? (this.connected ? "NATS reports an error" : whyNoConnection(err)));
      }
    }
  }
}

/** Did a compare-and-set on a bucket lose? */
export function isConflict(error: unknown): boolean {
  return error instanceof JetStreamApiError && WRONG_SEQUENCE.includes(error.code);
}
