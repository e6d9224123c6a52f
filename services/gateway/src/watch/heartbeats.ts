import { BUCKETS, ExecutorHeartbeat, ServiceHeartbeat } from "@safebase/contracts";
import { readBucket, type Bus } from "@safebase/runtime";
import type { z } from "zod";
import type { Entry } from "./sightings.ts";

export interface Heartbeats { readonly services: Entry<ServiceHeartbeat>[]; readonly executors: Entry<ExecutorHeartbeat>[] }

/** All heartbeats and good-byes that NATS holds now. */
export async function readHeartbeats(bus: Bus): Promise<Heartbeats> {
  return { services: await readAll(bus, BUCKETS.heartbeats, ServiceHeartbeat), executors: await readExecutors(bus) };
}

/** Those of executors alone. */
export async function readExecutors(bus: Bus): Promise<Entry<ExecutorHeartbeat>[]> {
  return (await readAll(bus, BUCKETS.executors, ExecutorHeartbeat)).flatMap(ofItsGroup);
}

/** Under its own id; one that claims to be of a group whose keys it may not write is passed over. */
function ofItsGroup({ key, stamp, beat }: Entry<ExecutorHeartbeat>): Entry<ExecutorHeartbeat>[] {
  const [group, id] = key.split(".");
  if (id === undefined || (beat !== undefined && beat.group !== group)) return [];
  return [{ key: id, stamp, beat }];
}

/** What cannot be read, as of a newer version, is left out: it is not known to live. */
async function readAll<Beat>(bus: Bus, bucket: string, schema: z.ZodType<Beat>): Promise<Entry<Beat>[]> {
  const { writes } = await readBucket(bus, bucket);
  return writes.flatMap(({ key, revision, created, text }): Entry<Beat>[] => {
    const stamp = `${revision}@${created.getTime()}`;
    if (text === null) return [{ key, stamp, beat: undefined }];
    return parsed(schema, text).map((beat) => ({ key, stamp, beat }));
  });
}

function parsed<Beat>(schema: z.ZodType<Beat>, text: string): Beat[] {
  try {
    return [schema.parse(JSON.parse(text))];
  } catch {
    return []; // what to make of it is said above
  }
}
