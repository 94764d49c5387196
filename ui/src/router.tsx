import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { NotFound } from "./parts/not-found.tsx";
import { Layout } from "./parts/layout.tsx";
import { ProblemNote } from "./parts/problem-note.tsx";
import { ProjectsPage } from "./pages/projects/projects-page.tsx";

const root = createRootRoute({ component: Layout, notFoundComponent: NotFound });
/** What an address may say behind `?`: every part of it is optional, and what is no such thing is left out. */
export interface Search {
  name?: string;
  /** An offset in a document's text. */
  at?: number;
}

function readSearch(given: Record<string, unknown>): Search {
  const text = (key: string) =>
    typeof given[key] === "string" || typeof given[key] === "number" ? String(given[key]) : undefined;
  const name = text("name");
  const at = Number(text("at") ?? Number.NaN);
  return { ...(name !== undefined && { name }), ...(Number.isInteger(at) && { at }) };
}

const view = <Path extends string>(path: Path, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component, validateSearch: readSearch });

const routeTree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/", component: ProjectsPage }),
  view(
    "/p/$project/documents",
    lazyRouteComponent(() => import("./pages/documents/documents-page.tsx"), "DocumentsPage"),
  ),
  view(
    "/p/$project/document",
    lazyRouteComponent(() => import("./pages/documents/document-page.tsx"), "DocumentPage"),
  ),
  view(
    "/p/$project/examples",
    lazyRouteComponent(() => import("./pages/examples/examples-page.tsx"), "ExamplesPage"),
  ),
  view(
    "/p/$project/config",
    lazyRouteComponent(() => import("./pages/config/config-page.tsx"), "ConfigPage"),
  ),
]);

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}

export const createPageRouter = () =>
  createRouter({
    routeTree,
    defaultPreload: "intent",
    defaultErrorComponent: ({ error }) => <ProblemNote error={error} />,
    scrollRestoration: true,
  });
