import type { Pair } from "./pair.ts";

/** English and French: what is made of several pieces, so that no place in the source holds it whole. */
export const input: readonly Pair[] = [
  ["{} is missing", "{} manque"],
  ["{} are missing", "{} manquent"],
  ["unknown field: {}", "champ inconnu : {}"],
  ["unknown fields: {}", "champs inconnus : {}"],
  ["{} must be given", "il faut indiquer {}"],
  ["the request is not valid", "la requête n’est pas valide"],
];
