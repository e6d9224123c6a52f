/** A number with the word that goes with it. */
export const count = (n: number, one: string, many: string): string => `${n} ${n < 2 ? one : many}`;
