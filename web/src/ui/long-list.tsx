import { createVirtualizer } from "@tanstack/solid-virtual";
import { For, type JSX } from "solid-js";
import "./long-list.css";

/** A list of any length in a box that scrolls: only the rows in sight are on the page. `row_px` is a guess; each is measured. */
export function LongList<T>(props: { label: string; items: readonly T[]; row_px: number; children: (item: T) => JSX.Element }) {
  let box: HTMLDivElement | undefined;
  const rows = createVirtualizer({
    get count() { return props.items.length; },
    getScrollElement: () => box ?? null,
    estimateSize: () => props.row_px,
    overscan: 8,
  });
  return (
    <div class="long-list" ref={(element) => { box = element; }} tabindex="0" role="region" aria-label={props.label}>
      <div class="long-list-inside" role="list" style={{ height: `${rows.getTotalSize()}px` }}>
        <For each={rows.getVirtualItems()}>{(row) => (
          <div class="long-list-row" role="listitem" aria-setsize={props.items.length} aria-posinset={row.index + 1} data-index={row.index} ref={(element) => queueMicrotask(() => rows.measureElement(element))} style={{ transform: `translateY(${row.start}px)` }}>
            {props.children(props.items[row.index] as T)}
          </div>
        )}</For>
      </div>
    </div>
  );
}
