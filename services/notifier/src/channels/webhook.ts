import { VERSION } from "@safebase/runtime";
import type { ConfiguredChannel } from "../delivery.ts";

const LIMIT_MS = 15_000;

/** Posts every notice as JSON, see docs/webhook.md. Only an answer of 2xx counts; redirects are not followed. */
export function createWebhookChannel(address: string): ConfiguredChannel {
  const url = new URL(address);
  const headers: Record<string, string> = { "content-type": "application/json", "user-agent": `SafeBase/${VERSION}` };
  if (url.username !== "" || url.password !== "") {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers["authorization"] = `Basic ${Buffer.from(credentials).toString("base64")}`;
    url.username = url.password = ""; // fetch refuses such an address, and repeats it in its error
  }
  return {
    name: "webhook",
    wants: () => true,
    async deliver(notice, signal) {
      const response = await fetch(url, {
        method: "POST", headers: { ...headers, "safebase-notice-id": notice.id }, body: JSON.stringify(notice),
        redirect: "manual", signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the webhook answered with status ${response.status}`);
    },
  };
}
