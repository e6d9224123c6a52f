import { createSignal } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { Schedule } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { Button } from "../../ui/button.tsx";
import { Switch } from "../../ui/switch.tsx";
import { toast } from "../../ui/toasts.tsx";
import { may } from "../session/rights.ts";

/** Says what went wrong with something that has no form to say it in. */
async function tried(work: () => Promise<void>, setBusy: (busy: boolean) => void): Promise<void> {
  setBusy(true);
  try {
    await work();
  } catch (error) {
    toast("bad", saidOf(error));
  } finally {
    setBusy(false);
  }
}

/** Pauses a schedule, or lets it run again. `shown`: with words beside it. */
export function PauseSwitch(props: { schedule: Schedule; shown?: boolean; onDone: () => void }) {
  const [busy, setBusy] = createSignal(false);
  const set = (enabled: boolean): void => void tried(async () => {
    const { name } = props.schedule;
    await ask(api.schedules[":id"].$put({ param: { id: String(props.schedule.id) }, query: {}, json: { enabled } }));
    toast("none", enabled ? t().schedules.resumed(name) : t().schedules.stopped(name));
    props.onDone();
  }, setBusy);
  return (
    <Switch label={props.shown === true ? (props.schedule.enabled ? t().schedules.on : t().schedules.off) : t().schedules.enabled(props.schedule.name)} on={props.schedule.enabled} busy={busy()}
      shown={props.shown ?? false} disabled={!may("manage", props.schedule.user_id)} onChange={set} />
  );
}

/** Makes a backup now, as the schedule would. */
export function RunNow(props: { schedule: Schedule; busy: boolean }) {
  const [busy, setBusy] = createSignal(false);
  const order = (): void => void tried(async () => {
    const { database_id, database_name, format, compression, storages, jobs, globals } = props.schedule;
    const json = { jobs, globals, ...(format === null ? {} : { format }), ...(compression === null ? {} : { compression }), ...(storages === null ? {} : { storages }) };
    await ask(api.backups.database[":id"].$post({ param: { id: String(database_id) }, query: {}, json }));
    toast("none", t().schedules.ordered(database_name));
  }, setBusy);
  return <Button icon="play" busy={busy()} disabled={props.busy || !may("operate", props.schedule.user_id)} label={t().schedules.runNowOf(props.schedule.name)} onClick={order}>{t().schedules.runNow}</Button>;
}
