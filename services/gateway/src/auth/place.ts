import { isIPv4, isIPv6 } from "node:net";

/** Where somebody logs in from. */
export interface Origin { readonly ip: string | null; readonly user_agent: string | null }

/** In what order browsers are told apart: most of them name the ones after them, too. */
const BROWSERS = [["Edge", /\bEdg/], ["Opera", /\bOPR\//], ["Firefox", /\b(Firefox|FxiOS)\//], ["Chrome", /\b(Chrome|Chromium|CriOS)\//], ["Safari", /\bSafari\//]] as const;
const SYSTEMS = [["Windows", /Windows/], ["Android", /Android/], ["iOS", /iPhone|iPad/], ["macOS", /Mac OS X|Macintosh/], ["Linux", /Linux|X11/]] as const;

/**
 * A place as coarse as people mean it: the network, not the address, and the browser and system, not their versions, so
 * that an update or a new lease is no new place.
 */
export function placeOf({ ip, user_agent }: Origin): string {
  return `${networkOf(ip)} ${agentOf(user_agent ?? "")}`;
}

function agentOf(userAgent: string): string {
  const browser = BROWSERS.find(([, form]) => form.test(userAgent))?.[0] ?? /^[\w.-]{1,40}/.exec(userAgent)?.[0] ?? "unknown";
  return `${browser}/${SYSTEMS.find(([, form]) => form.test(userAgent))?.[0] ?? "other"}`;
}

/** The /24 of an IPv4 address, the /48 of an IPv6 one. */
function networkOf(ip: string | null): string {
  const address = ip?.replace(/%.*$/, "") ?? "";
  if (isIPv4(address)) return `${address.split(".").slice(0, 3).join(".")}.0/24`;
  if (!isIPv6(address)) return "unknown";
  const [head = [], tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::").map((part) => part.split(":").filter((word) => word !== ""));
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return `${[...head, ...zeros, ...tail ?? []].slice(0, 3).join(":")}::/48`;
}
