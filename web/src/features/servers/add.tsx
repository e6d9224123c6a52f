import { A, useNavigate } from "@solidjs/router";
import { api, ask } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { PageHead } from "../../ui/card.tsx";
import { toast } from "../../ui/toasts.tsx";
import { ServerForm } from "./form.tsx";
import { placeOf, settingsOf } from "./values.ts";

/** A server whose databases are to be registered as they come. */
export default function AddServerPage() {
  const navigate = useNavigate();
  return (
    <>
      <PageHead title={t().servers.addTitle} above={<A href="/servers" class="small">{t().servers.back}</A>} />
      <ServerForm action={t().servers.create} onSave={async (values) => {
        const { server } = await ask(api.servers.$post({ query: {}, json: { name: values.name.trim(), ...placeOf(values), ...settingsOf(values) } }));
        toast("good", t().servers.created(server.database_count));
        navigate(`/servers/${server.id}`);
      }} />
    </>
  );
}
