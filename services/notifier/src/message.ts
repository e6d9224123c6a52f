import type { Notice } from "@safebase/contracts";

/** A notice in words, the same for every channel that is read by people. */
export interface Message {
  readonly subject: string;
  readonly lines: readonly { readonly label: string; readonly value: string }[];
}

const WHAT: Partial<Record<Notice["kind"], string>> = {
  backup_completed: "Backup completed", backup_failed: "Backup failed",
  restore_completed: "Restore completed", restore_failed: "Restore failed",
};

export function describeNotice(notice: Notice): Message {
  const { database, error } = notice;
  const lines: [string, string | null | undefined][] = [
    ["Database", database === null ? null : `${database.name} (${database.type}, no. ${database.id})`],
    ["What", WHAT[notice.kind]],
    ["Error", error?.message],
    ["Hint", error?.hint],
    ["Backup", notice.backup_id?.toString()],
    ["Restore", notice.restore_id?.toString()],
    ["Trigger", notice.trigger?.replace("_", "-")],
    ["Size", notice.size_bytes === null ? null : formatBytes(notice.size_bytes)],
    ["Duration", notice.duration_ms === null ? null : `${(notice.duration_ms / 1000).toFixed(1)} s`],
    ["Time", notice.at],
    ["Owner", notice.user_email],
  ];
  return {
    subject: oneLine(`[SafeBase] ${WHAT[notice.kind] ?? notice.kind}: ${database?.name ?? ""}`),
    lines: lines.flatMap(([label, value]) => (value === null || value === undefined ? [] : [{ label, value }])),
  };
}

export function toText({ lines }: Message): string {
  return `${lines.map(({ label, value }) => `${`${label}:`.padEnd(10)}${value}`).join("\n")}\n`;
}

export function toHtml({ subject, lines }: Message): string {
  const rows = lines.map(({ label, value }) =>
    `<tr><th align="left" valign="top">${label}</th><td>${escapeHtml(value).replaceAll("\n", "<br>")}</td></tr>`);
  return `<h3>${escapeHtml(subject)}</h3>\n<table cellpadding="4">\n${rows.join("\n")}\n</table>\n`;
}

export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
