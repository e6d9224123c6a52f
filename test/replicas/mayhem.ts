import { MEMBERS, type Fleet, type Member } from "./fleet.ts";
import { shuffled } from "./chance.ts";

/** One that is ended, after so long, and stays away for so long; or NATS. */
export interface Death { readonly who: Member | "nats"; readonly manner: "kill" | "stop"; readonly after_ms: number; readonly away_ms: number }

interface Span { readonly from_ms: number; readonly to_ms: number }

/** Every member by turns in an order by chance, killed more often than told to stop, so many times; NATS is restarted in between. */
export function deathsByChance(chance: () => number, { rounds, nats, after, away }: { rounds: number; nats: number; after: Span; away: Span }): Death[] {
  const between = ({ from_ms, to_ms }: Span): number => Math.round(from_ms + chance() * (to_ms - from_ms));
  const members = Array.from({ length: rounds }, () => shuffled(MEMBERS, chance)).flat();
  const natsAfter = new Set(Array.from({ length: nats }, (_, n) => Math.floor(((n + 0.5) * members.length) / nats)));
  return members.flatMap((who, n): Death[] => {
    const death = { who, manner: chance() < 0.6 ? "kill" : "stop", after_ms: between(after), away_ms: between(away) } as const;
    return natsAfter.has(n) ? [death, { who: "nats", manner: chance() < 0.5 ? "kill" : "stop", after_ms: between(after), away_ms: between(away) }] : [death];
  });
}

/** Lets them die one after the other; those that are away come back meanwhile. Resolves when all are back. */
export async function wreak(fleet: Fleet, deaths: readonly Death[], say: (line: string) => void): Promise<void> {
  const returning = new Set<Promise<void>>();
  for (const death of deaths) {
    await pause(death.after_ms);
    if (death.who !== "nats" && !fleet.isUp(death.who)) await Promise.all(returning);
    say(`${death.manner} ${death.who}, away for ${death.away_ms} ms`);
    const back = death.who === "nats" ? restartNats(fleet, death) : restart(fleet, death.who, death);
    returning.add(back);
    void back.catch(() => { /* thrown below, where it is waited for */ }).finally(() => returning.delete(back));
  }
  await Promise.all(returning);
}

async function restart(fleet: Fleet, who: Member, { manner, away_ms }: Death): Promise<void> {
  await fleet.end(who, manner);
  await pause(away_ms);
  await fleet.start(who);
}

async function restartNats({ nats }: Fleet, { manner, away_ms }: Death): Promise<void> {
  await (manner === "kill" ? nats.kill() : nats.stop());
  await pause(away_ms);
  await nats.restart();
}

/** Not a wait for anything: the moments of death are what is tried. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
