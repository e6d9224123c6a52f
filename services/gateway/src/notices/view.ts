import type { Notice } from "@safebase/contracts";
import { sentenceOf } from "./sentence.ts";

/** A notice as the API shows it: all that it holds, and in one sentence. */
export function noticeView(notice: Notice) {
  return { ...notice, sentence: sentenceOf(notice) };
}
