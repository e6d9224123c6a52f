import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { f } from "../../i18n/use-format.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Fact, Facts } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SecretField } from "../../ui/field.tsx";
import { createForm, filled } from "../../ui/form.ts";
import { Loaded } from "../../ui/loaded.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Ago } from "../../ui/time.tsx";
import { toast } from "../../ui/toasts.tsx";

/** How this installation would come back: copies of the catalog, and what opens them. */
export function Recovery() {
  const data = createData(() => undefined, async () => (await ask(api.recovery.$get({ query: {} }))).recovery);
  const [busy, setBusy] = createSignal(false);
  const [asking, setAsking] = createSignal(false);
  const words = () => t().settings;
  const copy = async (): Promise<void> => {
    setBusy(true);
    try {
      await ask(api.recovery.backup.$post({ query: {} }));
      toast("good", words().backedUp);
    } catch (error) {
      toast("bad", saidOf(error));
    }
    setBusy(false);
    data.again();
  };
  return (
    <Card title={words().recovery}>
      <div class="stack">
        <p class="dim">{words().recoveryText}</p>
        <Loaded of={data} lines={3}>{(value) => (
          <>
            <Facts>
              <Fact term={words().lastBackup}><Show when={value().last_backup} fallback={words().noBackup}>{(last) => <Ago at={last().at} />}</Show></Fact>
              <Fact term={words().size}>{bytesOf(value().last_backup?.size_bytes ?? null)}</Fact>
              <Fact term={words().places}>{f().list(value().places.map(({ name }) => name))}</Fact>
              <Fact term={words().recipient} wide><span class="mono small">{value().recipient}</span></Fact>
            </Facts>
            <For each={value().last_backup?.storages.filter(({ ok }) => !ok) ?? []}>{({ storage, error }) => <Problem title={words().failedAt(storage)} error={new Error(error ?? "")} />}</For>
          </>
        )}</Loaded>
        <div class="row settings-actions"><Button icon="archive" busy={busy()} onClick={() => void copy()}>{words().backUp}</Button><Button icon="key" onClick={() => setAsking(true)}>{words().kit}</Button></div>
      </div>
      <Show when={asking()}><KitDialog onClose={() => setAsking(false)} /></Show>
    </Card>
  );
}

function bytesOf(size_bytes: number | null): string {
  return size_bytes === null ? "–" : f().bytes(size_bytes);
}

/** The password is asked for once more, and the kit becomes a file that no page keeps. */
function KitDialog(props: { onClose: () => void }) {
  const form = createForm({ password: "" }, { password: filled });
  const download = async ({ password }: { password: string }): Promise<void> => {
    const response = await api.recovery.kit.$post({ query: {}, json: { password } });
    save(await response.text(), "safebase-recovery-kit.txt");
    toast("good", t().settings.kitDone);
    props.onClose();
  };
  return (
    <Dialog title={t().settings.kitTitle} onClose={() => props.onClose()}>
      <form class="stack" noValidate onSubmit={form.submit(download)}>
        <p class="dim">{t().settings.kitText}</p>
        <SecretField label={t().settings.password} autocomplete="current-password" required {...form.field("password")} />
        <Show when={form.loose()}>{(error) => <Problem error={error()} />}</Show>
        <div class="dialog-actions"><Button onClick={() => props.onClose()}>{t().form.cancel}</Button><Button type="submit" look="main" icon="download" busy={form.busy()}>{t().settings.download}</Button></div>
      </form>
    </Dialog>
  );
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
