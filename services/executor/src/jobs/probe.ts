import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProbeRequest, asSafebaseError, type Connection, type ProbeReply, type SealedConnection } from "@safebase/contracts";
import { engineFor } from "../engines/registry.ts";

const PROBE_TIMEOUT_MS = 25_000;

/** Asks a server what it is. Answers failures too: it never throws. */
export async function probe(payload: unknown, open: (connection: SealedConnection) => Connection, clientDirs: readonly string[]): Promise<ProbeReply> {
  const workDir = await mkdtemp(join(tmpdir(), "safebase-probe-"));
  try {
    const connection = open(ProbeRequest.parse(payload).connection);
    const report = await engineFor(connection.type).probe(connection, {
      client_dirs: clientDirs, work_dir: workDir, tag: "safebase-probe", signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    return { ok: true, report };
  } catch (error) {
    const { code, message, hint } = asSafebaseError(error);
    return { ok: false, failure: { code, message, ...(hint === undefined ? {} : { hint }) } };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
