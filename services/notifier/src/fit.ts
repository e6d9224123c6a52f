import { lineOf, moreLine, type Item, type Message } from "./message.ts";

/** Ever shorter lines: fifty whole databases with half a reason each say more than ten with all of it. */
const LENGTHS = [400, 250, 160, 110, 80, 60, 45];

export interface Room {
  /** What all lines may take together. */
  readonly total: number;
  /** What one line takes, as it is sent, with what stands between two lines. */
  cost(line: string): number;
}

/** One line for each notice. Where they do not fit they are shortened; where that is not enough the last line says how many are missing. */
export function fitLines(message: Message, room: Room, render: (item: Item, line: string) => string): string[] {
  const { items, words } = message;
  const lines = (max: number): string[] => items.map((item) => render(item, lineOf(item, words, max)));
  const total = (some: readonly string[]): number => some.reduce((sum, line) => sum + room.cost(line), 0);
  let shown: string[] = [];
  for (const length of LENGTHS) {
    shown = lines(length);
    if (total(shown) <= room.total) return shown;
  }
  let left = room.total - room.cost(moreLine(items.length, words));
  const fitting = shown.findIndex((line) => (left -= room.cost(line)) < 0);
  return [...shown.slice(0, fitting), moreLine(items.length - fitting, words)];
}
