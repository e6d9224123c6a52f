import { createSignal, createUniqueId, onCleanup, onMount, Show, type JSX } from "solid-js";
import { t } from "../i18n/i18n.ts";
import { Button } from "./button.tsx";
import { TextField } from "./field.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { Problem } from "./problem.tsx";
import "./dialog.css";

/** A window above the page while it is rendered; Escape and its cross close it, and the focus goes back to where it was. */
export function Dialog(props: { title: string; onClose: () => void; children: JSX.Element; wide?: boolean }) {
  const id = createUniqueId();
  let root: HTMLDialogElement | undefined;
  onMount(() => {
    const before = document.activeElement;
    root?.showModal();
    onCleanup(() => { root?.close(); if (before instanceof HTMLElement) before.focus(); });
  });
  return (
    <dialog class="dialog" classList={{ "dialog-wide": props.wide ?? false }} ref={(element) => { root = element; }} aria-labelledby={id} onCancel={(event) => { event.preventDefault(); props.onClose(); }}>
      <header class="dialog-head">
        <h2 id={id}>{props.title}</h2>
        <button type="button" class="icon-button" aria-label={t().app.close} onClick={() => props.onClose()}><Icon name="cross" /></button>
      </header>
      <div class="dialog-body">{props.children}</div>
    </dialog>
  );
}

/**
 * Asks before something that cannot be taken back, does it, and stays open with the reason where it is refused.
 * `type_name`: what has to be typed first, for what is worst to do by mistake.
 */
export function Confirm(props: { title: string; children: JSX.Element; action: string; type_name?: string; onConfirm: () => Promise<void>; onClose: () => void }) {
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>();
  const [typed, setTyped] = createSignal("");
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await props.onConfirm();
      props.onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const ready = (): boolean => props.type_name === undefined || typed() === props.type_name;
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form class="stack" onSubmit={(event) => { event.preventDefault(); if (ready() && !busy()) void confirm(); }}>
        <div class="stack wrap">{props.children}</div>
        <Show when={props.type_name}>{(name) => <TextField name="confirm" label={t().form.typeName(name())} value={typed()} onInput={setTyped} mono />}</Show>
        <Show when={error()}>{(thrown) => <Problem error={thrown()} />}</Show>
        <div class="dialog-actions">
          <Button onClick={() => props.onClose()}>{t().form.cancel}</Button>
          <Button type="submit" look="danger" busy={busy()} disabled={!ready()}>{props.action}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A button that asks with `Confirm`. `icon` alone needs a `label`. */
export function ConfirmButton(props: {
  children: JSX.Element; icon?: IconName; look?: "danger" | "plain" | "quiet"; label?: string; disabled?: boolean;
  title: string; text: JSX.Element; action: string; type_name?: string; onConfirm: () => Promise<void>;
}) {
  const [open, setOpen] = createSignal(false);
  return (
    <>
      <Button look={props.look ?? "plain"} disabled={props.disabled ?? false} onClick={() => setOpen(true)} {...(props.icon === undefined ? {} : { icon: props.icon })} {...(props.label === undefined ? {} : { label: props.label })}>{props.children}</Button>
      <Show when={open()}>
        <Confirm title={props.title} action={props.action} onConfirm={props.onConfirm} onClose={() => setOpen(false)} {...(props.type_name === undefined ? {} : { type_name: props.type_name })}>{props.text}</Confirm>
      </Show>
    </>
  );
}
