/** A value of a series, and when it was so. */
export interface Point { readonly at: string; readonly value: number }

/** Where the marks of an axis from 0 stand: few, at round numbers, the last one not below the highest value. */
export function ticksOf(highest: number, about = 3): number[] {
  if (highest <= 0) return [0, 1];
  const rough = highest / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil(highest / step - 1e-9) + 1 }, (_, index) => index * step);
}

/** Points as shares of the width, by their time, and of the height from above. One alone stands in the middle. */
export function place(points: readonly Point[], top: number): { readonly x: number; readonly y: number }[] {
  const times = points.map(({ at }) => Date.parse(at));
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  return points.map(({ value }, index) => ({ x: last === first ? 0.5 : (times[index]! - first) / (last - first), y: 1 - value / top }));
}

/** The point that is nearest to a share of the width. */
export function nearest(placed: readonly { readonly x: number }[], x: number): number {
  return placed.reduce((best, each, index) => (Math.abs(each.x - x) < Math.abs((placed[best]?.x ?? Infinity) - x) ? index : best), 0);
}
