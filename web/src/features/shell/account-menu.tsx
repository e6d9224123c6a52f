import { createEffect, createSignal, onCleanup, Show } from "solid-js";
import type { User } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { toast } from "../../ui/toasts.tsx";
import { logout } from "../session/session.ts";
import { Preferences } from "./preferences.tsx";

/** Who is logged in, how the pages look to him, and the way out. */
export function AccountMenu(props: { user: User }) {
  const [open, setOpen] = createSignal(false);
  let root: HTMLDivElement | undefined;
  let opener: HTMLButtonElement | undefined;
  const onPointer = (event: PointerEvent): void => { if (root?.contains(event.target as Node) === false) setOpen(false); };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    setOpen(false);
    opener?.focus();
  };
  createEffect(() => {
    if (!open()) return;
    document.addEventListener("pointerdown", onPointer);
    onCleanup(() => document.removeEventListener("pointerdown", onPointer));
  });
  const leave = async (): Promise<void> => {
    try {
      await logout();
      toast("none", t().session.loggedOut);
    } catch (error) {
      toast("bad", error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div class="account" ref={(element) => { root = element; }} onKeyDown={onKey}>
      <button type="button" class="account-opener" ref={(element) => { opener = element; }} aria-expanded={open()} aria-label={`${t().app.account}: ${props.user.email}`} onClick={() => setOpen(!open())}>
        <span class="avatar"><Icon name="user" /></span><span class="clip">{props.user.email}</span><Icon name="down" size={14} />
      </button>
      <Show when={open()}>
        <div class="account-panel">
          <div><p class="wrap strong">{props.user.email}</p><p class="dim small">{t().roles[props.user.role]}</p></div>
          <Preferences />
          <Button onClick={() => void leave()}>{t().app.logout}</Button>
        </div>
      </Show>
    </div>
  );
}
