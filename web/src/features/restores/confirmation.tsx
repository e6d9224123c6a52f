import { useNavigate } from "@solidjs/router";
import { createEffect, createSignal, createUniqueId, on, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { CheckField, TextField } from "../../ui/field.tsx";
import { Problem } from "../../ui/problem.tsx";
import { may } from "../session/rights.ts";
import { IdentityField } from "./identity-field.tsx";
import { Obstacles } from "./obstacles.tsx";
import { saysOf } from "./plan-panel.tsx";
import type { Planned } from "./planned.ts";

/** Stand against an order as surely as now; with any other the restore may still go well. */
const FOR_SURE: ReadonlySet<string> = new Set(["identity_needed", "target_busy", "exists"]);

/** The order: what is still missing for it, the name that confirms it where something is replaced, and its button. */
export function Confirmation(props: {
  backup_id: number; owner_id: number; planned: Planned; current: boolean; safe: boolean; onSafe: (safe: boolean) => void;
  identity: string; identity_error: string | undefined; onIdentity: (identity: string) => void;
}) {
  const navigate = useNavigate();
  const id = createUniqueId();
  const [typed, setTyped] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>();
  const plan = () => props.planned.data.value();
  const replaces = (): boolean => plan()?.target.in_place === true && plan()?.target.exists !== false;
  const locked = () => plan()?.obstacles.find(({ code }) => code === "identity_needed");
  const needed = (): string | undefined => locked()?.message ?? props.identity_error;
  const ready = (): boolean => {
    const now = plan();
    if (now === undefined || !props.current || !props.planned.current() || now.obstacles.some(({ code }) => FOR_SURE.has(code))) return false;
    return !now.target.in_place || typed() === now.confirm;
  };
  const order = async (): Promise<void> => {
    const [now, json] = [plan(), props.planned.order()];
    if (busy() || !ready() || now === undefined || json === undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      const { restore } = await ask(api.backups[":id"].restore.$post({ param: { id: String(props.backup_id) }, query: {}, json: { ...json, confirm: now.target.in_place ? typed() : now.confirm } }));
      navigate(`/restores/${restore.id}`, { replace: true });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  let form: HTMLFormElement | undefined;
  // The first plan is there, and nobody has gone elsewhere: on with what is to be typed next.
  createEffect(on(plan, (now, before) => {
    if (now === undefined || before !== undefined || document.activeElement?.matches("body, h1") !== true) return;
    queueMicrotask(() => (form?.querySelector<HTMLElement>("[name=identity]") ?? form?.querySelector<HTMLElement>("[name=confirm]"))?.focus({ preventScroll: true }));
  }));
  return (
    <form class="card confirm" ref={(element) => { form = element; }} aria-label={t().restores.steps.order} onSubmit={(event) => { event.preventDefault(); void order(); }}>
      <Show when={replaces()}>
        <CheckField name="safety_backup" label={t().restores.safety} hint={props.safe ? t().restores.safetyHint : t().restores.safetyOff} checked={props.safe} disabled={!may("manage", props.owner_id)} onChange={props.onSafe} />
      </Show>
      <Show when={locked() !== undefined || props.identity !== "" || props.identity_error !== undefined}>
        <IdentityField needed={needed()} value={props.identity} error={props.identity === "" ? undefined : needed()} onChange={props.onIdentity} />
      </Show>
      <Obstacles obstacles={(plan()?.obstacles ?? []).filter(({ code }) => code !== "identity_needed")} />
      <p class="hidden" id={id}><Show when={plan()}>{(now) => saysOf(now())}</Show></p>
      <div class="confirm-row" aria-describedby={id}>
        <Show when={plan()?.target.in_place}><TextField name="confirm" label={t().restores.type(plan()?.confirm ?? "")} value={typed()} onInput={setTyped} mono autocomplete="off" /></Show>
        <Button type="submit" look={replaces() ? "danger" : "main"} icon="restore" busy={busy()} disabled={!ready()}>{replaces() ? t().restores.replace : t().restores.restore}</Button>
      </div>
      <p class="small dim">{t().restores.tenSeconds}</p>
      <Show when={error()}>{(thrown) => <Problem error={thrown()} />}</Show>
    </form>
  );
}
