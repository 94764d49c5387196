/**
 * The one-way order of the rooms of src/: a room may import the rooms of lower layers only. `beside` names the
 * exceptions inside a layer.
 */
const layers = [
  ["cli"],
  ["server"],
  ["pipeline"],
  ["arms", "evaluation", "report", "training"],
  ["retrieval", "graph", "glossary", "inference", "data"],
  ["documents", "models"],
  ["formats", "engine"],
  ["platform"],
  ["text", "random", "vectors"],
  ["contracts"],
];
/** What a room may import in its own layer. */
const beside = { graph: ["retrieval"] };
/** Rooms without I/O and models, and the leaf rooms that they may import. */
const pure = ["evaluation", "report"];

const upward = layers.flatMap((rooms, layer) =>
  rooms.map((room) => {
    const forbidden = layers
      .slice(0, layer + 1)
      .flat()
      .filter((other) => other !== room && !beside[room]?.includes(other));
    return {
      name: `layer-order-${room}`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: `^src/(${forbidden.join("|") || "nothing"})/` },
    };
  }),
);

module.exports = {
  forbidden: [
    ...upward,
    ...pure.map((room) => ({
      name: `${room}-imports-only-leaf-rooms`,
      severity: "error",
      from: { path: `^src/${room}/`, pathNot: "\\.test\\.ts$" },
      to: { path: `^src/(?!${room}/|contracts/|text/|random/|vectors/)` },
    })),
    {
      name: "no-door-skipping",
      comment: "Outsiders import a room's index.ts only.",
      severity: "error",
      from: { path: "^src/([^/]+)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/([^/]+)/.+", pathNot: ["^src/$1/", "^src/[^/]+/index\\.ts$"] },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "contracts-is-a-leaf",
      severity: "error",
      from: { path: "^src/contracts/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: ["^src/contracts/", "node_modules/zod"] },
    },
    {
      name: "one-runtime-door",
      comment: "engine/session is the only place that loads onnxruntime-node.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/engine/session/" },
      to: { path: "onnxruntime-node" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // TypeScript from version 7 on has no interface that this tool could call.
    parser: "swc",
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json"] },
  },
};
