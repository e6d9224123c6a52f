import { randomUUID } from "node:crypto";
import { noticeOf, SERVER_CHANGES, type Notice, type NoticeKind, type ServerChange } from "@safebase/contracts";
import type { Server } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { findUser } from "../catalog/users.ts";
import { tell } from "../notifications/tell.ts";

const NAMED = 20;

/** Names of databases, by what happened to them. */
export type Changes = Readonly<Record<ServerChange, readonly string[]>>;

type Kind = Extract<NoticeKind, `server_${string}`>;

/** Tells of a server, in the transaction that records it. */
export async function tellOfServer(tx: Db, kind: Kind, { id, name, user_id }: Server, at: string, known: Pick<Partial<Notice>, "error" | "severity"> & { changes?: Changes } = {}): Promise<void> {
  const { error = null, severity, changes } = known;
  const owner = await findUser(tx, user_id);
  const notice = noticeOf(kind, randomUUID(), at, { user_id, user_email: owner?.email ?? null, error, server: { id, name, changes: changes === undefined ? [] : summaryOf(changes) } });
  await tell(tx, severity === undefined ? notice : { ...notice, severity });
}

/** What came is good to know; what is gone, or stays out, is somebody's to look at. False when there is nothing to tell. */
export async function tellOfChanges(tx: Db, server: Server, at: string, changes: Changes): Promise<void> {
  if (SERVER_CHANGES.every((what) => changes[what].length === 0)) return;
  const harmless = changes.vanished.length === 0 && changes.closed.length === 0;
  await tellOfServer(tx, "server_databases_changed", server, at, { changes, ...(harmless ? { severity: "info" } : {}) });
}

function summaryOf(changes: Changes): NonNullable<Notice["server"]>["changes"] {
  return SERVER_CHANGES.filter((what) => changes[what].length > 0).map((what) => ({ what, count: changes[what].length, names: changes[what].slice(0, NAMED) }));
}
