import { createSignal } from "solid-js";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "safebase.theme";
const [theme, setTheme] = createSignal<Theme>("system");

export { theme };

export function startTheme(): void {
  apply(THEMES.find((each) => each === localStorage.getItem(KEY)) ?? "system");
}

/** Switches, and remembers it in this browser. */
export function chooseTheme(wanted: Theme): void {
  localStorage.setItem(KEY, wanted);
  apply(wanted);
}

function apply(wanted: Theme): void {
  setTheme(wanted);
  if (wanted === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset["theme"] = wanted;
}
