import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import {
  BUCKETS, subjects, type ChannelConfig, type DeliveryEvent, type Notice, type NotificationCommand, type SealedChannel, type ServiceHeartbeat,
} from "@safebase/contracts";
import { Bus, CHANNEL_CONTEXT, createLog, loadConfig, Secrets } from "@safebase/runtime";
import { startNats, until, type NatsServer } from "@safebase/testing";
import { Registry } from "prom-client";
import { failedBackup } from "./notice.fixture.ts";
import { startNotifier } from "./service.ts";

const never = new AbortController().signal;
const MASTER_KEY = "ab".repeat(32);
/** What the test servers of this machine need: they are on loopback. */
export const SETTINGS = { SAFEBASE_MASTER_KEY: MASTER_KEY, SAFEBASE_ALLOWED_TARGETS: "127.0.0.0/8" };

/** A NATS of its own, a gateway's part done by hand, and notifiers. */
export interface World extends AsyncDisposable {
  readonly nats: NatsServer;
  readonly bus: Bus;
  /** Every event so far, in the order in which they came. */
  readonly events: DeliveryEvent[];
  /** Starts one more notifier; disposal stops it. */
  notifier(env?: Record<string, string>): Promise<Notifier>;
  putChannel(id: number, config: ChannelConfig, over?: Partial<SealedChannel>): Promise<SealedChannel>;
  removeChannel(id: number): Promise<void>;
  /** Queues one notification, unless it is queued already. */
  notify(channelId: number, id: number, notice?: Partial<Notice>): Promise<Notice>;
  eventsOf(id: number): DeliveryEvent[];
  /** Waits for a notification's event of that outcome. */
  outcome(id: number, outcome: DeliveryEvent["outcome"]): Promise<DeliveryEvent>;
  /** Lives as a gateway does, until disposal. */
  gateway(): Promise<AsyncDisposable>;
  /** Messages of the queue that are not settled. */
  queued(): Promise<number>;
}

export interface Notifier extends AsyncDisposable { metric(name: string, labels?: Record<string, string>): Promise<number> }

export async function startWorld(): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await startNats());
  const bus = stack.use(await connect(nats));
  const events: DeliveryEvent[] = [];
  stack.use(bus.listen(subjects.allDeliveries, (payload) => events.push(payload as DeliveryEvent)));
  const owned = stack.move();
  const eventsOf = (id: number): DeliveryEvent[] => events.filter(({ notification_id }) => notification_id === id);
  return {
    nats, bus, events, eventsOf,
    notifier: async (env = {}) => owned.use(await startOne(nats, env)),
    putChannel: (id, config, over = {}) => putChannel(bus, sealed(id, config, over)),
    removeChannel: async (id) => { await bus.withBucket(BUCKETS.channels, (kv) => kv.delete(`channel.${id}`)); },
    notify: (channelId, id, notice = {}) => notify(bus, channelId, id, notice),
    outcome: (id, outcome) => until(`notification ${id} to be ${outcome}`, () => eventsOf(id).find((event) => event.outcome === outcome)),
    gateway: () => startGateway(bus),
    queued: async () => (await (await bus.js.jetstreamManager()).streams.info("SAFEBASE_NOTIFICATIONS")).state.messages,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function connect(nats: { url: string }): Promise<Bus> {
  return Bus.connect({ url: nats.url, name: "test", lease_ttl_ms: 60_000, log: createLog("test", "silent") }, never);
}

async function startOne(nats: NatsServer, env: Record<string, string>): Promise<Notifier> {
  await using stack = new AsyncDisposableStack();
  const bus = stack.use(await connect(nats));
  const metrics = new Registry();
  stack.use(await startNotifier(loadConfig({ ...SETTINGS, ...env }), { bus, log: createLog("notifier", "silent"), metrics }, never));
  const owned = stack.move();
  return {
    metric: async (name, labels = {}) => {
      const { values } = await metrics.getSingleMetric(name)!.get();
      return values.filter((each) => Object.entries(labels).every(([label, value]) => each.labels[label] === value)).reduce((sum, { value }) => sum + value, 0);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A channel as the gateway puts it into the bucket; tells each notice alone unless `over` says otherwise. */
export function sealed(id: number, config: ChannelConfig, over: Partial<SealedChannel> = {}): SealedChannel {
  const secrets = new Secrets(Buffer.from(MASTER_KEY, "hex"));
  return {
    channel_id: id, name: `channel ${id}`, type: config.type, language: "en", group_s: 0, watches_gateway: false, trusted: false,
    config_sealed: secrets.seal(JSON.stringify(config), CHANNEL_CONTEXT), ...over,
  };
}

async function putChannel(bus: Bus, channel: SealedChannel): Promise<SealedChannel> {
  await bus.withBucket(BUCKETS.channels, (kv) => kv.put(`channel.${channel.channel_id}`, JSON.stringify(channel)));
  return channel;
}

async function notify(bus: Bus, channel_id: number, notification_id: number, over: Partial<Notice>): Promise<Notice> {
  const notice = failedBackup({ id: `notice-${notification_id}`, at: new Date().toISOString(), ...over });
  const command: NotificationCommand = { notification_id, channel_id, notice };
  await bus.publishOnce(subjects.notification(channel_id, notification_id), command);
  return notice;
}

async function startGateway(bus: Bus): Promise<AsyncDisposable> {
  const beat = async (): Promise<void> => {
    const heartbeat: ServiceHeartbeat = { service: "gateway", id: "test", host: "test", version: "0", at: new Date().toISOString() };
    await bus.withBucket(BUCKETS.heartbeats, (kv) => kv.put("gateway.test", JSON.stringify(heartbeat)));
  };
  await beat();
  const timer = setInterval(() => { beat().catch(() => undefined); }, 200); // NATS may be away, that is what is tested
  return { [Symbol.asyncDispose]: async () => clearInterval(timer) };
}

/** Takes connections and never says a word. */
export async function startHung(): Promise<{ port: number; calls: () => number } & AsyncDisposable> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port, calls: () => sockets.length,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    }),
  };
}

/** One request to the receiver: the notices in it, and the message's id. */
export interface Received { readonly delivery_id: string; readonly notices: Notice[]; readonly test: boolean }

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly requests: Received[];
  /** Decides on each request: a status, `close` to hang up, or `hang` to say nothing. */
  answer: (request: Received) => number | "close" | "hang";
  /** Headers of the answers from now on. */
  headers: Record<string, string>;
}

/** A receiver of the generic webhook that can be told how to behave. */
export async function startReceiver(answer: Receiver["answer"] = () => 204): Promise<Receiver> {
  const server = createHttpServer((request, response) => {
    text(request).then((body) => {
      const received = JSON.parse(body) as Received;
      receiver.requests.push(received);
      const what = receiver.answer(received);
      if (what === "close") response.destroy();
      else if (what !== "hang") response.writeHead(what, receiver.headers).end();
    }, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`, requests: [], answer, headers: {},
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}
