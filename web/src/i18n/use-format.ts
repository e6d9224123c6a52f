import { createMemo, createRoot } from "solid-js";
import { createFormat } from "./format.ts";
import { locale } from "./i18n.ts";

/** Numbers, sizes and times in the chosen language: `f().bytes(1234)`. */
export const f = createRoot(() => createMemo(() => createFormat(locale())));
