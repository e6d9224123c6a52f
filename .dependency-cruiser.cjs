// Which folder may know which. Each rule says why; `npm run check` prints that beside a violation.

const { Visitor } = require("@swc/core/Visitor.js");

// swc parses `using` declarations, but the visitor that comes with it does not know them yet and throws.
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== "UsingDeclaration") return visitStatement.call(this, statement);
  return { ...statement, decls: this.visitVariableDeclarators(statement.decls) };
};

const TESTS = "(\\.(test|it|matrix)\\.ts$|[-/](suite|testing|fixtures?)\\.ts$|^test/|^packages/testing/)";
const OURS = "^(packages|services|cli|web)/";

/** @type {(name: string, comment: string, from: object, to: object) => object} */
const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

module.exports = {
  forbidden: [
    rule("contracts-stand-alone", "contracts is what travels between services: were it to know one of them, all would.",
      { path: "^packages/contracts/", pathNot: TESTS }, { path: OURS, pathNot: "^packages/contracts/" }),
    rule("runtime-knows-contracts-only", "Every service stands on runtime, so it must stand on nothing of theirs.",
      { path: "^packages/runtime/", pathNot: TESTS }, { path: OURS, pathNot: "^packages/(runtime|contracts)/" }),
    rule("storage-knows-contracts-only", "A storage keeps bytes under keys; it does not know what an artifact is.",
      { path: "^packages/storage/", pathNot: TESTS }, { path: OURS, pathNot: "^packages/(storage|contracts)/" }),
    rule("artifact-knows-storage-and-contracts", "An artifact lies in a storage; where it comes from is the executor's business.",
      { path: "^packages/artifact/", pathNot: TESTS }, { path: OURS, pathNot: "^packages/(artifact|storage|contracts)/" }),
    rule("words-know-contracts-only", "What is said to people is said in the browser, in mails and in logs alike.",
      { path: "^packages/words/", pathNot: TESTS }, { path: OURS, pathNot: "^packages/(words|contracts)/" }),
    rule("services-stay-apart", "Services know each other only through NATS: that is what lets each run and fail alone.",
      { path: "^services/([^/]+)/", pathNot: `^services/standalone/|${TESTS}` }, { path: "^services/", pathNot: "^services/$1/" }),
    rule("nothing-imports-services", "Services are programs, not libraries; only standalone joins them in one process.",
      { path: "^(packages|scripts)/", pathNot: TESTS }, { path: "^services/" }),
    rule("clients-take-types-only", "web and cli speak REST; of the gateway they take the client's type and no code.",
      { path: "^(web|cli)/" }, { path: "^services/", dependencyTypesNot: ["type-only"] }),
    rule("clients-know-the-gateway-alone", "All that web and cli may know of the services is the gateway's answer to HTTP.",
      { path: "^(web|cli)/" }, { path: "^services/", pathNot: "^services/gateway/src/service\\.ts$" }),
    rule("engines-know-no-transport", "Engines, artifact and storage must work wherever a job comes from: no NATS, no HTTP, no catalog.",
      { path: "^(services/executor/src/engines|packages/artifact|packages/storage)/", pathNot: TESTS },
      { path: "node_modules/(@nats-io|hono|@hono|kysely)/" }),
    rule("engines-below-jobs", "main → jobs → engines: an engine is a set of verbs, it does not know which job uses them.",
      { path: "^services/executor/src/engines/", pathNot: TESTS }, { path: "^services/executor/src/(jobs|main|service)" }),
    rule("sql-in-the-catalog", "The catalog is the only SQL of our own, so that it can be read and changed in one place.",
      { path: "^services/(gateway|scheduler|notifier|standalone)/src/", pathNot: `^services/gateway/src/catalog/|${TESTS}` },
      { path: "node_modules/(kysely|pg|mysql2)/|^(node:)?sqlite$" }),
    rule("testing-stays-in-tests", "The test servers are not part of the product; the demo and the bench show it on them.",
      { path: OURS, pathNot: `${TESTS}|^services/standalone/src/demo` }, { path: "^packages/testing/" }),
    rule("no-cycles", "Files that need each other are one subject in two files, or a missing third. Types are erased and may.",
      {}, { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } }),
    rule("resolvable", "An import that cannot be found is a crash waiting for its first caller.",
      {}, { couldNotResolve: true }),
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.tools|data|coverage|web/dist(\\.new)?)/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
