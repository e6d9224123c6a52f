const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_CHARS = 6;

/** Bytes as age writes keys (BIP 173, of any length): prefix, 1, the bytes five bits at a time, a checksum of it all. */
export function bech32Encode(prefix: string, bytes: Uint8Array): string {
  const values = regroup(bytes, 8, 5, true) as number[];
  const sum = polymod([...expand(prefix), ...values, ...Array<number>(CHECKSUM_CHARS).fill(0)]) ^ 1;
  const checksum = Array.from({ length: CHECKSUM_CHARS }, (_, at) => (sum >>> (5 * (CHECKSUM_CHARS - 1 - at))) & 31);
  return `${prefix}1${[...values, ...checksum].map((value) => ALPHABET[value]).join("")}`;
}

/** The bytes of a text in lower case with this prefix; undefined when it is not that, or mistyped. */
export function bech32Decode(text: string, prefix: string): Uint8Array | undefined {
  if (!text.startsWith(`${prefix}1`)) return undefined;
  const values = Array.from(text.slice(prefix.length + 1), (char) => ALPHABET.indexOf(char));
  if (values.length < CHECKSUM_CHARS || values.includes(-1) || polymod([...expand(prefix), ...values]) !== 1) return undefined;
  const bytes = regroup(values.slice(0, -CHECKSUM_CHARS), 5, 8, false);
  return bytes && Uint8Array.from(bytes);
}

function expand(prefix: string): number[] {
  const codes = Array.from(prefix, (char) => char.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of GENERATOR.entries()) if ((top >>> bit) & 1) sum ^= generator;
  }
  return sum >>> 0;
}

/** Bits in groups of another size. Without padding, what is left over must be less than a group, and zero. */
function regroup(groups: Iterable<number>, from: number, to: number, pad: boolean): number[] | undefined {
  const made: number[] = [];
  let [held, bits] = [0, 0];
  for (const group of groups) {
    held = ((held << from) | group) & 0xfff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      made.push((held >>> bits) & ((1 << to) - 1));
    }
  }
  const rest = (held << (to - bits)) & ((1 << to) - 1);
  if (pad && bits > 0) made.push(rest);
  return !pad && (bits >= from || rest !== 0) ? undefined : made;
}
