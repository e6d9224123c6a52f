import { createEffect, createSignal, on, Show, type JSX } from "solid-js";
import { ApiError } from "../../api/client.ts";
import type { BackupDetails, Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty, Problem } from "../../ui/problem.tsx";
import { may } from "../session/rights.ts";
import { Confirmation } from "./confirmation.tsx";
import { PlanPanel } from "./plan-panel.tsx";
import { createPlanned } from "./planned.ts";
import { defaultTarget, type Target } from "./target.ts";
import { TargetPicker } from "./target-picker.tsx";
import { VersionList, VersionMarks } from "./version-list.tsx";

interface StepsProps {
  databases: readonly Database[]; backup: BackupDetails | undefined; /** Is it the version that is chosen now? */ current: boolean; /** There is no version at all. */ none: boolean;
  defaults: Readonly<Record<string, string | undefined>>; onVersion: (id: number) => void; /** The choice of the database. */ children: JSX.Element;
}

/** Version and target at one side, what will happen and the order at the other. */
export function Steps(props: StepsProps) {
  const [target, setTarget] = createSignal<Target>({ kind: "own", other_id: "", server_id: "", name: "" });
  const [safe, setSafe] = createSignal(props.defaults["safety"] !== "off");
  const [identity, setIdentity] = createSignal("");
  createEffect(on(() => props.backup?.database_id, () => {
    if (props.backup !== undefined) setTarget(defaultTarget(props.backup, props.databases, { to: props.defaults["to"], as: props.defaults["as"] }));
  }));
  const planned = createPlanned({ backup: () => (props.backup !== undefined && may("operate", props.backup.user_id) ? props.backup : undefined), target, safe, identity });
  const refused = (): ApiError | undefined => { const error = planned.data.error(); return error instanceof ApiError && error.code === "bad_request" ? error : undefined; };
  const at = (field: string): string | undefined => (refused()?.message.startsWith(field) === true ? refused()?.message : undefined);
  return (
    <div class="restore">
      <div class="stack">
        <VersionCard {...props} />
        <Show when={props.backup}>{(backup) => (
          <Card title={t().restores.steps.target}><TargetPicker backup={backup()} databases={props.databases} target={target()} error={at("target.db_name")} onChange={(changed) => setTarget((now) => ({ ...now, ...changed }))} /></Card>
        )}</Show>
      </div>
      <div class="stack">
        <Card title={t().restores.steps.plan}>
          <div class="plan-room" aria-live="polite" aria-busy={!planned.current()}>
            <Show when={props.backup !== undefined && planned.order() !== undefined} fallback={<p class="dim">{t().restores.planLater}</p>}>
              <Show when={planned.data.error() === undefined || at("target.db_name") !== undefined || at("identity") !== undefined} fallback={<Refusal error={planned.data.error()} busy={planned.data.loading()} onAgain={planned.data.again} />}>
                <Loaded of={{ ...planned.data, error: () => undefined }} lines={6}>{(plan) => <Show when={plan()}>{(value) => <PlanPanel plan={value()} />}</Show>}</Loaded>
              </Show>
            </Show>
          </div>
        </Card>
        <Show when={props.backup}>{(backup) => (
          <Show when={may("operate", backup().user_id)} fallback={<p class="card quiet dim">{t().restores.mayNot}</p>}>
            <Confirmation backup_id={backup().id} owner_id={backup().user_id} planned={planned} current={props.current} safe={safe()} onSafe={setSafe} identity={identity()} identity_error={at("identity")} onIdentity={setIdentity} />
          </Show>
        )}</Show>
      </div>
    </div>
  );
}

function VersionCard(props: StepsProps) {
  const [open, setOpen] = createSignal(false);
  return (
    <Card title={t().restores.steps.version} aside={
      <Show when={props.backup}><button type="button" class="button button-quiet" aria-expanded={open()} onClick={() => setOpen(!open())}>{t().restores.another}<Icon name="down" /></button></Show>
    }>
      <div class="stack">
        {props.children}
        <Show when={props.backup} fallback={
          <Show when={props.none} fallback={<p class="dim">{t().restores.chooseFirst}</p>}><Empty title={t().restores.noVersions} text={t().restores.noVersionsText}><ButtonLink href="/databases">{t().dashboard.see}</ButtonLink></Empty></Show>
        }>{(backup) => (
          <>
            <div class="chosen">
              <div><p class="chosen-when">{f().moment(backup().created_at)}</p><p class="dim small">{f().ago(backup().created_at)} · {backup().database_name} #{backup().id}</p></div>
              <VersionMarks backup={backup()} />
            </div>
            <Show when={open()}><VersionList database_id={backup().database_id} chosen={backup().id} onChoose={props.onVersion} /></Show>
          </>
        )}</Show>
      </div>
    </Card>
  );
}

/** Why this cannot be restored there at all. */
function Refusal(props: { error: unknown; busy: boolean; onAgain: () => void }) {
  return <Problem title={t().restores.refused} error={props.error}><Button onClick={props.onAgain} busy={props.busy}>{t().app.retry}</Button></Problem>;
}
