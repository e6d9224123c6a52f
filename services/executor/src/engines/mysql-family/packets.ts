import { type Connection, SafebaseError } from "@safebase/contracts";
import type { Manifest } from "@safebase/artifact";
import type { Grants } from "./grants.ts";
import { serverVariable } from "./inspect.ts";
import { openSession, type Session } from "./session.ts";

/** More than this no row can need. */
const PACKET_MAX_BYTES = 1024 ** 3;

/**
 * The server's limit, when the backup holds rows that may need a larger one and we may raise it; refused when we may
 * not, for such a load fails after the target was emptied.
 */
export async function packetsToRaise(session: Session, grants: Grants, manifest: Manifest): Promise<number | undefined> {
  const limit_bytes = Number(await serverVariable(session, "max_allowed_packet") ?? PACKET_MAX_BYTES);
  const needed = manifest.warnings.some((warning) => warning.code === "max_allowed_packet");
  if (!needed || limit_bytes >= PACKET_MAX_BYTES) return undefined;
  if (grants.globally("SUPER", "SYSTEM_VARIABLES_ADMIN", "CONNECTION ADMIN")) return limit_bytes;
  throw new SafebaseError("insufficient_privileges", `the backup holds rows that need larger packets than the server's ${limit_bytes} bytes; nothing was changed`, {
    hint: "Set max_allowed_packet to 1G on the server for the time of the restore, or restore as a user who may.",
  });
}

/** Connections made from now on, the loader's among them, may send rows of any size. */
export async function raisePackets(session: Session): Promise<void> {
  await session.rows(`SET GLOBAL max_allowed_packet = ${PACKET_MAX_BYTES}`);
}

/** Puts the server's limit back, unless someone has set another one meanwhile. */
export async function lowerPackets(connection: Connection, limit_bytes: number): Promise<void> {
  await using session = await openSession(connection, { db_name: null });
  if (await serverVariable(session, "max_allowed_packet") === String(PACKET_MAX_BYTES)) {
    await session.rows(`SET GLOBAL max_allowed_packet = ${limit_bytes}`);
  }
}
