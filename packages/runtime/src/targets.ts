import { lookup as resolve, type LookupAddress } from "node:dns";
import { promisify } from "node:util";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { SafebaseError } from "@safebase/contracts";

/**
 * Where a user's channel or storage may lead. SafeBase stands inside a network, so an address that a user gives must
 * not reach what only the machine itself or its cloud should: loopback, link-local and metadata services. Private
 * networks are allowed, for mail servers, chat and storages live there. What counts is the address that is connected
 * to, not its name.
 */
export interface Targets {
  /** Throws `bad_request` when the host is, by its name or as an address, one that must not be reached. */
  checkHost(host: string): void;
  /** Resolves like `dns.lookup`, but fails with `bad_request` when any address of the host must not be reached. */
  readonly lookup: LookupFunction;
}

const REFUSED: readonly (readonly [why: string, nets: readonly string[]])[] = [
  ["is a loopback address", ["127.0.0.0/8", "::1/128"]],
  ["is a metadata service of a cloud", ["169.254.169.254/32", "169.254.170.2/32", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::/64", "fd20:ce::254/128"]],
  ["is a link-local address", ["169.254.0.0/16", "fe80::/10", "fec0::/10"]],
  ["is no address of a single machine", ["0.0.0.0/8", "::/128", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32", "ff00::/8"]],
];
const REFUSED_NETS = REFUSED.map(([why, nets]) => ({ why, list: blockList(nets) }));
const REFUSED_NAMES = [/(^|\.)localhost$/, /^localhost\.localdomain$/, /^ip6-(localhost|loopback)$/, /^metadata(\.google\.internal|\.goog)?$/, /^instance-data(\.ec2\.internal)?$/];
/** Carry an IPv4 address in their last or second and third words: mapped, compatible, NAT64, 6to4. */
const EMBEDDING = [/^::ffff:0:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/, /^::(?:ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/, /^64:ff9b::([0-9a-f]{1,4}):([0-9a-f]{1,4})$/, /^2002:([0-9a-f]{1,4}):([0-9a-f]{1,4}):/];

/** The targets that `allowed` (names, addresses, CIDR blocks) adds to the public and private ones. */
export function createTargets(allowed: readonly string[]): Targets {
  const nets = blockList(allowed.filter(isNet));
  const names = new Set(allowed.filter((each) => !isNet(each)).map(plainHost));
  const allows = (address: string): boolean => nets.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  const checkAddress = (host: string, address: string): void => {
    const why = allows(address) ? undefined : refusal(address);
    if (why !== undefined) refuse(host, host === address ? why : `leads to ${address}, which ${why}`);
  };
  const checkHost = (given: string): void => {
    const host = plainHost(given);
    if (names.has(host)) return;
    if (isIP(host) !== 0) checkAddress(host, host);
    else if (REFUSED_NAMES.some((name) => name.test(host))) refuse(host, "is a name for the machine itself or its cloud");
  };
  return {
    checkHost,
    lookup(host, options, done) {
      resolve(host, { ...options, all: true }, (error, addresses) => {
        try {
          if (error !== null) throw error;
          checkHost(host);
          if (!names.has(plainHost(host))) for (const { address } of addresses) checkAddress(host, address);
          answer(addresses, options.all === true, done);
        } catch (problem) {
          done(problem as Error, "", 0);
        }
      });
    },
  };
}

/** Targets without any limit, for what our own configuration names. */
export const ANY_TARGET: Targets = { checkHost: () => undefined, lookup: resolve };

/**
 * Throws `bad_request` with a sentence when the address leads where it must not. A host that cannot be resolved passes:
 * it may be known where the notifier or an executor runs, and every connection checks again.
 */
export async function checkTarget(url: string, allowed: readonly string[]): Promise<void> {
  const { hostname } = new URL(url);
  const host = plainHost(hostname);
  const targets = createTargets(allowed);
  targets.checkHost(host);
  await promisify(targets.lookup)(host, { all: true }).catch((error: unknown) => {
    if (error instanceof SafebaseError) throw error;
  });
}

/** What is wrong with an entry of the list of allowed targets. */
export function allowedTargetProblem(entry: string): string | undefined {
  if (isNet(entry) || /^(?!-)[a-z0-9._-]{1,253}$/i.test(entry)) return undefined;
  return `“${entry}” is neither a host name, nor an address, nor a network such as 10.1.0.0/16`;
}

/** Why an address must not be reached; undefined for one that may. */
function refusal(address: string): string | undefined {
  const candidates = [address, ...embedded(address)];
  return REFUSED_NETS.find(({ list }) => candidates.some((each) => list.check(each, isIP(each) === 6 ? "ipv6" : "ipv4")))?.why;
}

/** IPv4 addresses that stand inside an IPv6 address. */
function embedded(address: string): string[] {
  if (isIP(address) !== 6) return [];
  const canonical = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
  return EMBEDDING.flatMap((form) => {
    const words = form.exec(canonical)?.slice(1).map((word) => Number.parseInt(word, 16));
    return words === undefined ? [] : [words.flatMap((word) => [word >> 8, word & 255]).join(".")];
  });
}

/** As it is looked up: lower case, without the brackets of IPv6 and the dot at the end. */
function plainHost(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

function isNet(entry: string): boolean {
  const [address, bits, ...more] = entry.split("/");
  const family = isIP(address ?? "");
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function blockList(nets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const net of nets) {
    const [address, bits] = net.split("/") as [string, string | undefined];
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function answer(addresses: LookupAddress[], all: boolean, done: Parameters<LookupFunction>[2]): void {
  const [first] = addresses;
  if (all) done(null, addresses);
  else done(null, first?.address ?? "", first?.family);
}

function refuse(host: string, why: string): never {
  throw new SafebaseError("bad_request", `${host} ${why}: neither a channel nor a storage may lead there`, {
    hint: "an administrator can allow it with SAFEBASE_ALLOWED_TARGETS",
  });
}
