import { createEffect, createSignal, createUniqueId, on, onCleanup, Show, type JSX } from "solid-js";
import "./popover.css";

/** A button that opens a panel below it; Escape, a click elsewhere, and `close` shut it. */
export function Popover(props: { opener: JSX.Element; label: string; opener_class?: string; panel_class?: string; onOpen?: (open: boolean) => void; children: (close: () => void) => JSX.Element }) {
  const [open, setOpen] = createSignal(false);
  const id = createUniqueId();
  let root: HTMLDivElement | undefined;
  let opener: HTMLButtonElement | undefined;
  const close = (): void => { setOpen(false); opener?.focus(); };
  const onPointer = (event: PointerEvent): void => { if (root?.contains(event.target as Node) === false) setOpen(false); };
  createEffect(on(open, (now) => props.onOpen?.(now), { defer: true }));
  createEffect(() => {
    if (!open()) return;
    document.addEventListener("pointerdown", onPointer);
    onCleanup(() => document.removeEventListener("pointerdown", onPointer));
  });
  return (
    <div class="popover" ref={(element) => { root = element; }} onKeyDown={(event) => { if (event.key === "Escape" && open()) { event.stopPropagation(); close(); } }}>
      <button type="button" class={props.opener_class ?? "button button-plain"} ref={(element) => { opener = element; }} aria-expanded={open()} aria-controls={id} aria-label={props.label} onClick={() => setOpen(!open())}>{props.opener}</button>
      <Show when={open()}><div id={id} class={`popover-panel ${props.panel_class ?? ""}`}>{props.children(close)}</div></Show>
    </div>
  );
}
