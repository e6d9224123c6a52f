import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { BackupDetails } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { f } from "../../i18n/use-format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Popover } from "../../ui/popover.tsx";
import { toast } from "../../ui/toasts.tsx";
import { download, downloadOpened, FORMS, type Form, type Wanted } from "./download.ts";
import { IdentityDialog } from "./identity-dialog.tsx";
import { LinkDialog } from "./link-dialog.tsx";

type Opened = Wanted & { readonly as: Exclude<Form, "stored"> };

/** Whether what opens a backup is not kept here, so that whoever wants to read it gives it. */
export function createKeptAway(backup: () => Pick<BackupDetails, "encryption_key_id">): () => boolean {
  const key = createData(() => backup().encryption_key_id, async (id) => (id === null ? undefined : (await ask(api.keys[":id"].$get({ param: { id: String(id) }, query: {} }))).key));
  return () => key.value()?.identity_kept === false;
}

/** Every form in which a backup can be taken away, each part of it, and a link for elsewhere. */
export function DownloadMenu(props: { backup: BackupDetails; keptAway: boolean }) {
  const words = () => t().backup;
  const [needs, setNeeds] = createSignal<Opened>();
  const [linking, setLinking] = createSignal(false);
  const take = async (wanted: Wanted): Promise<void> => {
    if (props.keptAway && wanted.as !== "stored") return void setNeeds({ ...wanted, as: wanted.as });
    await download(wanted).catch((error: unknown) => toast("bad", saidOf(error)));
  };
  const { id } = props.backup;
  const size = (bytes: number | null): string => (bytes === null ? "" : f().bytes(bytes));
  return (
    <>
      <Popover label={words().download} panel_class="download-panel" opener={<><Icon name="download" />{words().download}<Icon name="down" size={14} /></>}>{(close) => {
        const Item = (item: { wanted: Omit<Wanted, "id">; label: string; size: string }) => (
          <button type="button" class="button download-item" onClick={() => { close(); void take({ id, ...item.wanted }); }}><span>{item.label}</span><span class="dim small">{item.size}</span></button>
        );
        return (
          <>
            <For each={FORMS.filter((form) => form !== "stored" || props.backup.parts === null)}>{(form) => (
              <Item wanted={{ as: form }} label={words().forms[form]} size={form === "stored" ? size(props.backup.size) : form === "sql" && props.backup.format === "sql" ? size(props.backup.raw_size) : words().converted} />
            )}</For>
            <Show when={props.backup.parts}>{(parts) => (
              <div class="download-parts" role="group" aria-label={words().parts}>
                <p class="dim small">{words().parts}</p>
                <For each={parts()}>{(part) => <Item wanted={{ as: "stored", part: part.name }} label={part.name} size={size(part.size_bytes)} />}</For>
              </div>
            )}</Show>
            <button type="button" class="button download-item download-link" onClick={() => { close(); setLinking(true); }}><span class="row"><Icon name="link" />{words().link}</span></button>
          </>
        );
      }}</Popover>
      <Show when={needs()}>{(wanted) => <IdentityDialog title={words().forms[wanted().as]} action={words().download} onClose={() => setNeeds(undefined)} onGiven={(identity) => downloadOpened(wanted(), identity)} />}</Show>
      <Show when={linking()}><LinkDialog backup={props.backup} keptAway={props.keptAway} onClose={() => setLinking(false)} /></Show>
    </>
  );
}
