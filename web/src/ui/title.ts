import { createSignal } from "solid-js";

const [title, setTitle] = createSignal("");
const [unread, setUnread] = createSignal(0);

export { unread };

/** What the browser's tab is called: the page's name, and before it how much is new to the reader. */
function show(): void {
  document.title = `${unread() > 0 ? `(${unread()}) ` : ""}${title() === "" ? "" : `${title()} · `}SafeBase`;
}

/** Names the tab after the page. */
export function showTitle(name: string): void {
  setTitle(name);
  show();
}

/** Says in the tab how many alerts are new. */
export function showUnread(count: number): void {
  setUnread(count);
  show();
}
