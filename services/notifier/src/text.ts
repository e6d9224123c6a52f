/** Would order, hide or break what stands around it: control characters, line ends, bidirectional and invisible ones. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]+/gu;

const SEGMENTER = new Intl.Segmenter();
/** One that people see; a family of emoji has a dozen units. Longer ones may be cut. */
const LONGEST_CHARACTER = 32;

/** Foreign text as one visible line: no line end, no control character, no half of a character. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(UNSEEN, " ").replace(/\s+/g, " ").trim();
}

/** The text, or its beginning and `…`: at most `max` UTF-16 units, no character cut in two. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const start = Math.max(0, max - 1 - LONGEST_CHARACTER);
  const last = SEGMENTER.segment(text.slice(start, max + LONGEST_CHARACTER)).containing(max - 1 - start);
  const end = last === undefined || last.index === 0 ? max - 1 : start + last.index;
  return `${text.slice(0, Math.max(0, end)).toWellFormed().trimEnd()}…`;
}

/** The text escaped, shortened before that so that it has room. */
export function escapeWithin(text: string, room: number, escape: (text: string) => string): string {
  let max = room;
  let escaped = escape(shorten(text, max));
  while (escaped.length > room && max > 0) {
    max = Math.floor(max * 0.8);
    escaped = escape(shorten(text, max));
  }
  return escaped;
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
