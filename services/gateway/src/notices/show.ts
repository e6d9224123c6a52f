import { subjects, type UiEvent } from "@safebase/contracts";
import { takeUnshown } from "../catalog/notices.ts";
import type { Core } from "../jobs/deps.ts";
import { noticeView } from "./view.ts";

const AT_ONCE = 100;

/** Shows browsers what there is to tell, once: those of its owner, or of admins where it concerns the whole installation. */
export async function showNotices(core: Pick<Core, "db" | "bus" | "now">): Promise<void> {
  for (;;) {
    const notices = await takeUnshown(core.db, core.now().toISOString(), AT_ONCE);
    for (const notice of notices) {
      const event: UiEvent = { user_id: notice.user_id, event: "notice", data: { ...noticeView(notice) } };
      core.bus.broadcast(subjects.ui, event);
    }
    if (notices.length < AT_ONCE) return;
  }
}
