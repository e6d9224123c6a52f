import { A, useNavigate, useSearchParams } from "@solidjs/router";
import { api, ask } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { PageHead } from "../../ui/card.tsx";
import { toast } from "../../ui/toasts.tsx";
import { ScheduleForm } from "./form.tsx";

/** A new schedule, of the database that the address names where it does. */
export default function AddSchedulePage() {
  const navigate = useNavigate();
  const [params] = useSearchParams<{ database_id: string }>();
  const database_id = /^\d{1,9}$/.test(params.database_id ?? "") ? Number(params.database_id) : undefined;
  return (
    <>
      <PageHead title={t().schedules.addTitle} above={<A href="/schedules" class="small">{t().schedules.back}</A>} />
      <ScheduleForm database_id={database_id} action={t().schedules.create} onSave={async (id, body) => {
        await ask(api.schedules.$post({ query: {}, json: { database_id: id, ...body } }));
        toast("good", t().schedules.created);
        navigate("/schedules");
      }} />
    </>
  );
}
