/** A document of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
}

interface Validate { (data: unknown): boolean; errors?: readonly { instancePath: string; message?: string; keyword: string; params: object }[] | null }

/**
 * What is wrong with a document by Kubernetes' own OpenAPI schema, as kubernetes-models has it compiled; empty for nothing. A
 * field that the schema does not know counts, too, as for an API server that is strict: the compiled schema asks for each
 * field that it knows, so one that nobody asked for is none.
 */
export async function problemsOf(manifest: Manifest): Promise<string[]> {
  const schema = await import(`kubernetes-models/_schemas/${schemaName(manifest)}`) as { validate: Validate };
  const unknown = new Unknown();
  const valid = schema.validate(unknown.watch(manifest, ""));
  const wrong = valid ? [] : (schema.validate.errors ?? []).map(({ instancePath, keyword, params }) => `${instancePath}: ${keyword} ${JSON.stringify(params)}`);
  return [...wrong, ...unknown.fields().map((path) => `${path}: unknown field`)];
}

/** apps/v1 Deployment: IoK8sApiAppsV1Deployment. */
function schemaName({ apiVersion, kind }: Manifest): string {
  const [version = "", group = "core"] = apiVersion.split("/").toReversed();
  return ["IoK8sApi", capital(group.split(".")[0]!), capital(version), kind].join("");
}

const capital = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;

/** Notes which fields of a document are asked for. */
class Unknown {
  readonly #left = new Set<string>();

  watch<T>(value: T, path: string): T {
    if (typeof value !== "object" || value === null) return value;
    const watched = Object.entries(value).map(([name, each]) => {
      if (!Array.isArray(value)) this.#left.add(`${path}/${name}`);
      return [name, this.watch(each as unknown, `${path}/${name}`)] as const;
    });
    const copy = Array.isArray(value) ? watched.map(([, each]) => each) : Object.fromEntries(watched);
    return new Proxy(copy, { get: (target, name) => {
      this.#left.delete(`${path}/${String(name)}`);
      return Reflect.get(target, name) as unknown;
    } }) as T;
  }

  fields(): string[] {
    return [...this.#left];
  }
}
