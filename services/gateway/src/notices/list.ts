import { listNotices as query, type NoticeFilter } from "../catalog/notices.ts";
import { paginate, type Page } from "../catalog/page.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { hearingOf } from "./hearing.ts";
import { noticeView } from "./view.ts";

export type NoticeQuery = NoticeFilter & Page;

/** One's own notices; everybody's, and those of the installation, for an admin or operator who asks for all. */
export async function listNotices(deps: Pick<Core, "db">, actor: Actor, { page, per_page, ...filter }: NoticeQuery) {
  const { notices, total } = await query(deps.db, hearingOf(actor), filter, { limit: per_page, offset: (page - 1) * per_page });
  return { notices: notices.map(noticeView), pagination: paginate({ page, per_page }, total) };
}
