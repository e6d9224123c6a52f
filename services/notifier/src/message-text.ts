import { lineOf, type Field, type Item, type Message } from "./message.ts";
import { escapeHtml } from "./text.ts";
import type { Words } from "@safebase/words";

/** In a mail there is room: a sentence of a database server may be long, a page of it says nothing more. */
const MAX_LINE = 1_000;

export function toText(message: Message): string {
  const { test, items, link, words } = message;
  const [first] = items;
  const body = items.length === 1 && first !== undefined ? rowsOf(first, message).map(({ label, value }) => `${label}${words.colon}${value}`)
    : items.map((item) => `- ${withNext(item, words)} (${item.time})`);
  return [
    ...(test === undefined ? [] : [test, ""]), message.heading, "", ...body,
    ...(link === undefined ? [] : ["", `${link.label}${words.colon}${link.url}`]), "", "-- ", words.automatic, "",
  ].join("\n");
}

export function toHtml(message: Message): string {
  const { test, heading, items, link, words } = message;
  const [first] = items;
  const rows = items.length === 1 && first !== undefined ? rowsOf(first, message).map(({ label, value }) => row("th", label, value))
    : items.map((item) => row("td", item.time, withNext(item, words)));
  return [
    ...(test === undefined ? [] : [`<p><strong>${escapeHtml(test)}</strong></p>`]),
    `<h3>${escapeHtml(heading)}</h3>`, '<table cellpadding="4">', ...rows, "</table>",
    ...(link === undefined ? [] : [`<p><a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a></p>`]),
    `<p><small>${escapeHtml(words.automatic)}</small></p>`, "",
  ].join("\n");
}

/** Everything known of one notice, the reason first. */
export function rowsOf({ why, next, fields }: Item, { words: { labels } }: Message): Field[] {
  return [
    ...(why === undefined ? [] : [{ label: labels.why, value: why }]),
    ...(next === undefined ? [] : [{ label: labels.next, value: next }]),
    ...fields,
  ];
}

function withNext(item: Item, words: Words): string {
  return `${lineOf(item, words, MAX_LINE)}${item.next === undefined ? "" : ` → ${item.next}`}`;
}

function row(tag: "th" | "td", first: string, second: string): string {
  return `<tr><${tag} align="left" valign="top">${escapeHtml(first)}</${tag}><td>${escapeHtml(second)}</td></tr>`;
}
