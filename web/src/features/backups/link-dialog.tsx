import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { BackupDetails, DownloadLink } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Button } from "../../ui/button.tsx";
import { CopyText } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField } from "../../ui/field.tsx";
import { createForm } from "../../ui/form.ts";
import { Problem } from "../../ui/problem.tsx";
import { Moment } from "../../ui/time.tsx";
import { FORMS, type Form } from "./download.ts";

const LIVES_S = ["900", "3600", "86400"] as const;

/** Makes a link that downloads a backup once, on any host, and shows it this one time. */
export function LinkDialog(props: { backup: BackupDetails; keptAway: boolean; onClose: () => void }) {
  const words = () => t().backup;
  const [made, setMade] = createSignal<DownloadLink>();
  // What is in several files, or locked with a key that is not here, cannot be had in every form.
  const forms = FORMS.filter((form) => (form === "stored" ? props.backup.parts === null : !props.keptAway));
  const form = createForm<{ as: string; expires_s: string }>({ as: forms[0] ?? "stored", expires_s: LIVES_S[0] }, {});
  const make = form.submit(async ({ as, expires_s }) => {
    setMade(await ask(api.backups[":id"].link.$post({ param: { id: String(props.backup.id) }, query: {}, json: { as: as as Form, expires_s: Number(expires_s) } })));
  });
  return (
    <Dialog title={words().linkTitle} onClose={props.onClose}>
      <Show when={made()} fallback={
        <form class="stack" onSubmit={make}>
          <p>{words().linkText}</p>
          <SelectField name="as" label={words().form} value={form.values().as} options={forms.map((value) => ({ value: value as string, label: words().forms[value] }))} onChange={(value) => form.set("as", value)} />
          <SelectField name="expires_s" label={words().linkLife} value={form.values().expires_s} options={LIVES_S.map((value) => ({ value: value as string, label: f().duration(Number(value) * 1000) }))} onChange={(value) => form.set("expires_s", value)} />
          <Show when={form.error()}>{(error) => <Problem error={error()} />}</Show>
          <div class="dialog-actions"><Button onClick={props.onClose}>{t().form.cancel}</Button><Button type="submit" look="main" busy={form.busy()}>{words().makeLink}</Button></div>
        </form>
      }>{(link) => (
        <div class="stack">
          <p>{words().linkOnce}</p>
          <CopyText text={link().curl} label={words().curl} />
          <CopyText text={link().url} label={words().url} />
          <p class="dim small">{words().linkEnds} <Moment at={link().expires_at} /><Show when={link().size}>{(size) => <> · {f().bytes(size())}</>}</Show></p>
          <div class="dialog-actions"><Button look="main" onClick={props.onClose}>{t().app.close}</Button></div>
        </div>
      )}</Show>
    </Dialog>
  );
}
