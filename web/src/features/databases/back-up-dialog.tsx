import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Backup, Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { CheckField, SelectField } from "../../ui/field.tsx";
import { createForm } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { toast } from "../../ui/toasts.tsx";
import { storable } from "./storable.ts";
import { StorageChoice } from "./storage-choice.tsx";

const JOBS = ["auto", "1", "2", "4", "8", "16"] as const;

/** A backup that is made otherwise than usually. */
export function BackUpDialog(props: { database: Database; onClose: () => void }) {
  const words = () => t().database;
  const isPostgres = (): boolean => props.database.type === "postgresql";
  const form = createForm({ format: isPostgres() ? "custom" : "sql", compression: "zstd", jobs: "auto" }, {});
  const [globals, setGlobals] = createSignal(false);
  const [chosen, setChosen] = createSignal<readonly string[]>(props.database.effective_storages);
  const storages = createData(() => undefined, async () => storable((await ask(api.storages.$get({ query: {} }))).storages, props.database.user_id, props.database.effective_storages));
  const keys = createData(() => props.database.encryption_key_id, async (id) => (id === null ? [] : (await ask(api.keys.$get({ query: {} }))).keys));
  const encryption = (id: number): string => words().encryption(keys.value()?.find((key) => key.id === id)?.name ?? words().keyNumber(id));
  const inParts = (): boolean => isPostgres() && form.values().format === "custom";
  const order = async ({ format, compression, jobs }: { format: string; compression: string; jobs: string }): Promise<void> => {
    await ask(api.backups.database[":id"].$post({ param: { id: String(props.database.id) }, query: {}, json: {
      format: format as Backup["format"], compression: compression as Backup["compression"], storages: [...chosen()],
      ...(inParts() ? { jobs: jobs === "auto" ? "auto" as const : Number(jobs) } : {}), ...(isPostgres() ? { globals: globals() } : {}),
    } }));
    toast("none", t().databases.ordered(props.database.name));
    props.onClose();
  };
  return (
    <Dialog title={words().optionsTitle(props.database.name)} onClose={props.onClose}>
      <form class="stack" noValidate onSubmit={(event) => { if (chosen().length > 0) form.submit(order)(event); else event.preventDefault(); }}>
        <div class="database-options">
          <Show when={isPostgres()}><SelectField label={words().format} value={form.values().format} name="format" error={form.field("format").error} options={(["custom", "sql"] as const).map((value) => ({ value: value as string, label: words().formats[value] }))} onChange={(value) => form.set("format", value)} /></Show>
          <SelectField label={words().compression} value={form.values().compression} name="compression" error={form.field("compression").error} options={(["zstd", "gzip", "zip", "none"] as const).map((value) => ({ value: value as string, label: words().compressions[value] }))} onChange={(value) => form.set("compression", value)} />
          <Show when={inParts()}><SelectField label={words().jobs} value={form.values().jobs} name="jobs" error={form.field("jobs").error} options={JOBS.map((value) => ({ value: value as string, label: value === "auto" ? words().jobsAuto : value }))} onChange={(value) => form.set("jobs", value)} /></Show>
          <StorageChoice legend={words().storages} names={storages.value() ?? props.database.effective_storages} chosen={chosen()} onChange={setChosen} error={chosen().length === 0 ? words().oneStorage : undefined} />
        </div>
        <Show when={isPostgres()}><CheckField name="globals" label={words().globals} checked={globals()} onChange={setGlobals} /></Show>
        <p class="small dim">{props.database.encryption_key_id === null ? words().noEncryption : encryption(props.database.encryption_key_id)}</p>
        <Show when={form.loose()}>{(thrown) => <Problem error={thrown()} />}</Show>
        <div class="dialog-actions"><Button onClick={() => props.onClose()}>{t().form.cancel}</Button><Button type="submit" look="main" icon="play" busy={form.busy()} disabled={chosen().length === 0}>{words().start}</Button></div>
      </form>
    </Dialog>
  );
}
