import { randomUUID } from "node:crypto";
import { noticeOf } from "@safebase/contracts";
import { notePlace as note } from "../catalog/known-places.ts";
import type { User } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { tell } from "../notifications/tell.ts";
import { placeOf, type Origin } from "./place.ts";

const MAX_AGENT = 300;

/** Notes from where an account is used, and tells its owner of a new place. The first place of all is no news. True when it told. */
export async function notePlace(tx: Db, user: User, from: Origin, at: string): Promise<boolean> {
  if (await note(tx, user.id, placeOf(from), at) !== "new") return false;
  await tell(tx, noticeOf("login_new_place", randomUUID(), at, {
    user_id: user.id, user_email: user.email, login: { ip: from.ip, user_agent: from.user_agent?.slice(0, MAX_AGENT) ?? null },
  }));
  return true;
}
