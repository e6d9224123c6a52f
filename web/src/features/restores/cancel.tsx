import { createSignal } from "solid-js";
import { ApiError, api, ask } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { saidOf } from "../../i18n/said.ts";
import { Button } from "../../ui/button.tsx";
import { toast } from "../../ui/toasts.tsx";

/** Ends a job for good; that it was over already is no news, the page shows how. */
export async function cancelJob(job_id: number): Promise<void> {
  try {
    await ask(api.jobs[":id"].cancel.$post({ param: { id: String(job_id) }, query: {} }));
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "conflict") throw error;
  }
}

/** The same; where it cannot be asked for, the reader is told. */
export function cancelOrTell(job_id: number): Promise<void> {
  return cancelJob(job_id).catch((error: unknown) => toast("bad", saidOf(error)));
}

/** Cancels what has changed nothing yet, at once. */
export function CancelButton(props: { job_id: number; look?: "main" | "plain"; label?: string }) {
  const [busy, setBusy] = createSignal(false);
  const cancel = async (): Promise<void> => {
    setBusy(true);
    await cancelOrTell(props.job_id);
    setBusy(false);
  };
  return <Button look={props.look ?? "plain"} icon="cross" busy={busy()} onClick={() => void cancel()} {...(props.label === undefined ? {} : { label: props.label })}>{t().restores.cancel}</Button>;
}
