/** The views of a project, in the order of the work. */
export const projectViews = [
  { segment: "documents", title: "Documents" },
  { segment: "examples", title: "Examples" },
  { segment: "config", title: "Config" },
  { segment: "run", title: "Run" },
  { segment: "verdict", title: "Verdict" },
  { segment: "chat", title: "Chat" },
  { segment: "serving", title: "Serving" },
  { segment: "glossary", title: "Glossary" },
  { segment: "graph", title: "Graph" },
] as const;
