import { createEffect, createRoot, createSignal } from "solid-js";
import { locale, type Locale } from "./i18n.ts";

const [inFrench, setInFrench] = createSignal<(sentence: string) => string | undefined>();

// The sentences are fetched beside the pages, not before them.
createRoot(() => createEffect(() => {
  if (locale() === "fr" && inFrench() === undefined) void import("@safebase/words/sentences").then((loaded) => setInFrench(() => loaded.inFrench));
}));

/** A sentence of the API's in the reader's language where we know it, and the language that it is in. */
export function said(sentence: string): { readonly text: string; readonly lang: Locale } {
  const french = locale() === "fr" ? inFrench()?.(sentence) : undefined;
  return french === undefined ? { text: sentence, lang: "en" } : { text: french, lang: "fr" };
}

/** The sentence of an error that was thrown. */
export function saidOf(error: unknown): string {
  return said(error instanceof Error ? error.message : String(error)).text;
}
