import type { LogLine } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import type { Tone } from "../../ui/badge.tsx";

const BAD = new Set<LogLine["event"]>(["failed", "gave_up", "link_refused"]);
const WARN = new Set<LogLine["event"]>(["warning", "canceled"]);

/** A colour for what needs a look; the words say it, too. */
export function toneOf({ event, run, detail }: LogLine): Tone {
  if (BAD.has(event) || (event === "copy" && detail.state !== "good")) return "bad";
  if (WARN.has(event) || (event === "started" && run > 1)) return "warn";
  return event === "completed" ? "good" : "none";
}

/** What happened, in a sentence. */
export function sentenceOf({ event, run, phase, actor, ip, detail }: LogLine): string {
  const words = t().log;
  switch (event) {
    case "ordered": return actor === null ? words.ordered : words.orderedBy(actor);
    case "started": return (run > 1 ? words.startedAgain : words.started)(detail.executor_id ?? "?", run);
    case "handed_back": return words.handedBack(detail.executor_id ?? "?");
    case "phase": return t().phases[phase ?? ""] ?? phase ?? "";
    case "copy": return words.copy(detail.storage ?? "?", t().backups.copyStates[(detail.state ?? "missing") as "good"]);
    case "adopted": return words.adopted(detail.storage ?? "?");
    case "downloaded": return words.downloaded(actor ?? "?", formOf(detail));
    case "link_made": return words.linkMade(actor ?? "?", formOf(detail));
    case "link_used": return words.linkUsed(ip ?? "?", formOf(detail));
    case "link_refused": return words.linkRefused(ip ?? "?");
    case "pinned": case "unpinned": case "cancel_requested": return words[event](actor ?? "?");
    case "warning": case "gave_up": case "completed": case "failed": case "canceled": return words[event];
  }
}

function formOf({ form = "stored", part }: LogLine["detail"]): string {
  const name = t().backup.forms[form as "stored"];
  return part === undefined ? name : `${name}, ${part}`;
}

/** Bytes, time and speed, where they say something. */
export function figuresOf({ event, kind, detail: { bytes_in, bytes_out, elapsed_ms, not_before } }: LogLine): string {
  if (not_before !== undefined) return t().log.notBefore(f().precise(not_before));
  const sizes = bytes_in === undefined || bytes_in === 0 ? [] : [bytes_out !== undefined && bytes_out > 0 && bytes_out !== bytes_in && kind === "backup" ? t().log.packed(f().bytes(bytes_in), f().bytes(bytes_out)) : f().bytes(bytes_in)];
  if (event !== "phase" || elapsed_ms === undefined || elapsed_ms === 0) return sizes.join("");
  const rate = bytes_in !== undefined && bytes_in > 0 ? [f().rate((bytes_in * 1000) / elapsed_ms)] : [];
  return [...sizes, f().duration(elapsed_ms), ...rate].join(" · ");
}
