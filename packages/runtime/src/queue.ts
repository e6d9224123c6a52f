import { Command, STREAMS, subjects } from "@safebase/contracts";
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import type { Bus } from "./bus.ts";

const SEQUENCE_NOT_FOUND = 10043;

/** A job's command as it lies in the queue, waiting or in an executor's hands. */
export interface Queued { readonly seq: number; readonly cleanup_only: boolean }

/** The command of a job that is not done with, if NATS has it. */
export async function findQueued(bus: Bus, group: string, jobId: number): Promise<Queued | undefined> {
  const message = await manage(bus, (manager) => manager.streams.getMessage(STREAMS.commands, { last_by_subj: subjects.command(group, jobId) }));
  if (message === null) return undefined;
  const command = Command.safeParse(message.json());
  return { seq: message.seq, cleanup_only: command.success && command.data.cleanup_only };
}

/** Takes a command out of the queue. An executor that has it already is not stopped by that. */
export function dropQueued(bus: Bus, queued: Queued): Promise<void> {
  return dropMessage(bus, STREAMS.commands, queued.seq);
}

/** Takes a message out of a stream; none there is fine. */
export async function dropMessage(bus: Bus, stream: string, seq: number): Promise<void> {
  try {
    await manage(bus, (manager) => manager.streams.deleteMessage(stream, seq, false));
  } catch (error) {
    const gone = error instanceof JetStreamApiError && (error.code === JetStreamApiCodes.NoMessageFound || error.code === SEQUENCE_NOT_FOUND);
    if (!gone) throw error; // else it was acknowledged in the meantime
  }
}

/** A message as a stream keeps it. */
export interface Stored { readonly seq: number; readonly text: string }

/** The newest message of a subject, if the stream has one. */
export async function lastOf(bus: Bus, stream: string, subject: string): Promise<Stored | undefined> {
  const message = await manage(bus, (manager) => manager.streams.getMessage(stream, { last_by_subj: subject }));
  return message === null ? undefined : { seq: message.seq, text: message.string() };
}

/** The subjects that match and have messages in the stream. */
export async function subjectsIn(bus: Bus, stream: string, filter: string): Promise<string[]> {
  const info = await manage(bus, (manager) => manager.streams.info(stream, { subjects_filter: filter }));
  return Object.keys(info.state.subjects ?? {});
}

/** Removes a durable consumer; what it has not settled stays in the stream. None there is fine. */
export async function removeConsumer(bus: Bus, stream: string, durable: string): Promise<void> {
  try {
    await manage(bus, (manager) => manager.consumers.delete(stream, durable));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Takes every message of the subjects that match out of a stream. */
export async function dropAll(bus: Bus, stream: string, filter: string): Promise<void> {
  await manage(bus, (manager) => manager.streams.purge(stream, { filter }));
}

/** How many messages a durable consumer has not settled yet; undefined while there is no such consumer. */
export async function unsettled(bus: Bus, stream: string, durable: string): Promise<number | undefined> {
  try {
    const info = await manage(bus, (manager) => manager.consumers.info(stream, durable));
    return info.num_pending + info.num_ack_pending;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const codes: readonly number[] = [JetStreamApiCodes.ConsumerNotFound, JetStreamApiCodes.StreamNotFound];
  return error instanceof JetStreamApiError && codes.includes(error.code);
}

function manage<T>(bus: Bus, act: (manager: JetStreamManager) => Promise<T>): Promise<T> {
  return bus.online(async () => act(await jetstreamManager(bus.nc, { timeout: 5_000, checkAPI: false })));
}
