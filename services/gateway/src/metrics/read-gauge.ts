import { Gauge, type Registry } from "prom-client";

export interface Sample { readonly labels: Record<string, string | number>; readonly value: number }

/** Gauges by name, and how each is read out of what is known; undefined leaves a gap. */
export type Gauges<T> = Readonly<Record<string, { readonly help: string; readonly read: (known: T) => readonly Sample[] | undefined }>>;

/** Registers gauges whose series are those that are read when they are asked for. Nothing known leaves gaps. */
export function registerGauges<T>(registry: Registry, known: () => Promise<T | undefined>, gauges: Gauges<T>): void {
  for (const [name, { help, read }] of Object.entries(gauges)) {
    registry.registerMetric(new ReadGauge({ name, help, registers: [] }, async () => {
      const facts = await known();
      return facts === undefined ? undefined : read(facts);
    }));
  }
}

/** Without the table of known series that a gauge keeps: with tens of thousands, that costs more than reading them. */
class ReadGauge extends Gauge {
  readonly #read: () => Promise<readonly Sample[] | undefined>;

  constructor(config: ConstructorParameters<typeof Gauge>[0], read: () => Promise<readonly Sample[] | undefined>) {
    super(config);
    this.#read = read;
  }

  override async get(): ReturnType<Gauge["get"]> {
    return { ...await super.get(), values: [...await this.#read() ?? []] };
  }
}
