import { createSignal } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { Button } from "../../ui/button.tsx";
import { toast } from "../../ui/toasts.tsx";

/** Orders a backup; what becomes of it is told as it happens. */
export function BackUpButton(props: { database: Pick<Database, "id" | "name">; running: boolean; look?: "main" }) {
  const [busy, setBusy] = createSignal(false);
  const order = async (): Promise<void> => {
    setBusy(true);
    try {
      await ask(api.backups.database[":id"].$post({ param: { id: String(props.database.id) }, query: {}, json: {} }));
      toast("none", t().databases.ordered(props.database.name));
    } catch (error) {
      toast("bad", saidOf(error));
    } finally {
      setBusy(false);
    }
  };
  return <Button icon="play" look={props.look ?? "plain"} busy={busy()} disabled={props.running} label={t().databases.backUpOf(props.database.name)} onClick={() => void order()}>{t().databases.backUp}</Button>;
}
