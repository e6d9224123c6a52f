/**
 * A sentence of ours in English, as it stands in the source with `{}` for each value in it, and in French: `{}` for the
 * same values in the same order, or `{1}`, `{2}` where their order is another.
 */
export type Pair = readonly [english: string, french: string];
