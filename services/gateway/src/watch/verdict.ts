import { randomUUID } from "node:crypto";
import { noticeOf, type Notice, type NoticeKind } from "@safebase/contracts";
import { changeWatched, deleteWatched, insertWatched, type Watched } from "../catalog/watched.ts";
import type { Db } from "../catalog/scope.ts";
import { tell } from "../notifications/tell.ts";

/** Alive until it has been silent for too long, or `lost` since it was told of. */
export const [ALIVE, LOST] = ["alive", "lost"] as const;

/** What is to be done about something that is watched. A `seen` that another gateway has changed meanwhile is left to that one. */
export type Verdict =
  | { readonly act: "begin"; readonly row: Watched }
  | { readonly act: "change"; readonly seen: Watched; readonly to: Pick<Watched, "state" | "since" | "last_seen_at">; readonly notice: Notice }
  | { readonly act: "forget"; readonly seen: Watched };

type Part = NonNullable<Notice["service"]>;
type LossOrReturn = Extract<NoticeKind, `${string}_lost` | `${string}_back`>;

/** Something changes between alive and lost, and people are told. */
export function changeOf(seen: Watched, to: typeof ALIVE | typeof LOST, kind: LossOrReturn, part: Omit<Part, "last_seen_at">, seen_ms: number | undefined, now: Date): Verdict {
  const last_seen_at = seen_ms === undefined ? seen.last_seen_at : new Date(seen_ms).toISOString();
  const since = now.toISOString();
  return { act: "change", seen, to: { state: to, since, last_seen_at }, notice: noticeOf(kind, randomUUID(), since, { service: { ...part, last_seen_at } }) };
}

/** True when there is something to tell. */
export async function carryOut(tx: Db, verdict: Verdict): Promise<boolean> {
  switch (verdict.act) {
    case "begin":
      await insertWatched(tx, verdict.row);
      return false;
    case "forget":
      await deleteWatched(tx, verdict.seen);
      return false;
    case "change":
      if (!await changeWatched(tx, verdict.seen, verdict.to)) return false;
      await tell(tx, verdict.notice);
      return true;
  }
}
