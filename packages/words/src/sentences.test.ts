import { describe, expect, it, test } from "vitest";
import { inFrench } from "./sentences.ts";
import { sentencesInSources } from "./sentences/sources-fixture.ts";

const NAMES = ["Aaa", "Bbb", "Ccc", "Ddd", "Eee", "Fff"];

/** Values in the places of a sentence. */
const example = (text: string): string => NAMES.reduce((filled, name) => filled.replace("{}", name), text);

describe("SafeBase's sentences in French", () => {
  const all = sentencesInSources();

  it("knows each that the sources can say, and leaves no value out", () => {
    expect(all.size).toBeGreaterThan(500);
    const missing = [...all].filter(([text]) => {
      const sentence = [text, `{} ${text}`].map(example).find((each) => inFrench(each) !== undefined) ?? text; // or it goes on after a name
      const french = inFrench(sentence);
      return french === undefined || NAMES.some((name) => sentence.includes(name) && !french.includes(name)) || /[{}]/.test(french.replaceAll(/\{"?\w+"?[^}]*\}/g, ""));
    });
    expect(missing).toEqual([]);
  });

  test.each([
    ["port must be a whole number from 1 to 65535, got 70000", "port doit être un nombre entier de 1 à 65535, valeur reçue\u00A0: 70000"],
    ["per_page must be at most 200, got 500", "per_page doit être au plus 200, valeur reçue\u00A0: 500"],
    ["name and host are missing", "name and host manquent"],
    ["unknown fields: a, b", "champs inconnus\u00A0: a, b"],
    ["database 7 not found", "base 7 introuvable"],
    ["backup 7 is failed; only a completed backup can be restored", "la sauvegarde 7 a l’état «\u00A0échouée\u00A0»\u00A0; seule une sauvegarde terminée peut être restaurée"],
    ["restore 3 to shop is running", "la restauration 3 vers shop a l’état «\u00A0en cours\u00A0»"],
    ["no byte moved for 60 s; the target was put back as it was, from safety backup 12", "aucun octet n’a bougé pendant 60 s\u00A0; la cible a été remise comme elle était, à partir de la sauvegarde de sécurité 12"],
    ["when the backup was made: rows live on another server: a, b", "au moment de la sauvegarde\u00A0: des lignes se trouvent sur un autre serveur\u00A0: a, b"],
  ])("%s", (english, french) => expect(inFrench(english)).toBe(french));

  it("leaves alone what is none of ours", () => expect(inFrench("FATAL: password authentication failed for user \"shop\"")).toBeUndefined());
});
