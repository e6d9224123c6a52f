import type { Restore } from "./types.ts";

type State = "done" | "now" | "next" | "failed" | "left_out";

/** The steps that a restore takes, and how each stands. */
export function stagesOf(restore: Pick<Restore, "status" | "starts_in_s" | "safety_backup_id" | "safety_status">): { name: "wait" | "safety" | "load" | "done"; state: State }[] {
  const { status, safety_status } = restore;
  const waits = status === "pending" && (restore.starts_in_s ?? 0) > 0;
  const saving = status === "pending" && !waits && (safety_status === "pending" || safety_status === "running");
  const ended = status === "failed" || status === "canceled";
  const unsaved = safety_status === "failed" || (ended && safety_status === "canceled");
  const load: State = status === "completed" ? "done" : ended ? (status === "failed" && !unsaved ? "failed" : "left_out") : waits || saving ? "next" : "now";
  return [
    { name: "wait", state: waits ? "now" : status === "canceled" ? "left_out" : "done" },
    ...(restore.safety_backup_id === null ? [] : [{ name: "safety" as const, state: safetyState(safety_status, { waits, saving, unsaved }) }]),
    { name: "load", state: load },
    { name: "done", state: status === "completed" ? "done" : ended ? "left_out" : "next" },
  ];
}

function safetyState(status: Restore["safety_status"], { waits, saving, unsaved }: { waits: boolean; saving: boolean; unsaved: boolean }): State {
  if (status === "failed") return "failed";
  if (unsaved || status === "canceled") return "left_out";
  return waits ? "next" : saving ? "now" : "done";
}
