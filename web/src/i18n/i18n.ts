import { createSignal } from "solid-js";
import type { Texts } from "./en.ts";

export const LOCALES = ["en", "fr"] as const;
export type Locale = (typeof LOCALES)[number];

const KEY = "safebase.locale";
const load = { en: async () => (await import("./en.ts")).en, fr: async () => (await import("./fr.ts")).fr } satisfies Record<Locale, () => Promise<Texts>>;

const [locale, setLocale] = createSignal<Locale>("en");
const [texts, setTexts] = createSignal<Texts>();

export { locale };

/** All words of the pages in the chosen language: `t().databases.title`. */
export function t(): Texts {
  const loaded = texts();
  if (loaded === undefined) throw new Error("useLocale comes first");
  return loaded;
}

/** The language to begin with: what was chosen here before, else the browser's first that we speak. */
export function preferredLocale(stored: string | null, languages: readonly string[]): Locale {
  const wanted = [stored ?? "", ...languages].map((tag) => tag.toLowerCase().split("-")[0]);
  return wanted.map((tag) => LOCALES.find((each) => each === tag)).find((each) => each !== undefined) ?? "en";
}

export function startLocale(): Promise<void> {
  return useLocale(preferredLocale(localStorage.getItem(KEY), navigator.languages));
}

/** Switches, and remembers it in this browser. */
export async function chooseLocale(wanted: Locale): Promise<void> {
  localStorage.setItem(KEY, wanted);
  await useLocale(wanted);
}

async function useLocale(wanted: Locale): Promise<void> {
  const loaded = await load[wanted]();
  setTexts(loaded);
  setLocale(wanted);
  document.documentElement.lang = wanted;
}
