import { createSignal } from "solid-js";

/** Whose things the pages show: one's own, or everybody's where the role allows it. */
const [scope, setScope] = createSignal<"own" | "all">("own");

export { scope, setScope };

/** An address of the API for the chosen scope: for links and streams, which `ask` does not send. */
export function scoped(path: string): string {
  return scope() === "own" ? path : `${path}${path.includes("?") ? "&" : "?"}scope=all`;
}
