import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent as lazy,
} from "@tanstack/react-router";
import { Layout } from "./parts/layout.tsx";
import { NotFound } from "./parts/not-found.tsx";
import { ProblemNote } from "./parts/problem-note.tsx";
import { ProjectsPage } from "./pages/projects/projects-page.tsx";
import { readSearch } from "./search.ts";
import { parseSearch, writeSearch } from "./search-text.ts";

const root = createRootRoute({ component: Layout, notFoundComponent: NotFound });

const view = <Path extends string>(path: Path, component: ReturnType<typeof lazy>) =>
  createRoute({ getParentRoute: () => root, path, component, validateSearch: readSearch });

// A view is loaded when it is first gone to, or pointed at.
const routeTree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/", component: ProjectsPage }),
  view(
    "/p/$project/documents",
    lazy(() => import("./pages/documents/documents-page.tsx"), "DocumentsPage"),
  ),
  view(
    "/p/$project/document",
    lazy(() => import("./pages/documents/document-page.tsx"), "DocumentPage"),
  ),
  view(
    "/p/$project/examples",
    lazy(() => import("./pages/examples/examples-page.tsx"), "ExamplesPage"),
  ),
  view(
    "/p/$project/config",
    lazy(() => import("./pages/config/config-page.tsx"), "ConfigPage"),
  ),
  view(
    "/p/$project/run",
    lazy(() => import("./pages/run/run-page.tsx"), "RunPage"),
  ),
  view(
    "/p/$project/verdict",
    lazy(() => import("./pages/verdict/verdict-page.tsx"), "VerdictPage"),
  ),
  view(
    "/p/$project/question",
    lazy(() => import("./pages/question/question-page.tsx"), "QuestionPage"),
  ),
  view(
    "/p/$project/changes",
    lazy(() => import("./pages/changes/changes-page.tsx"), "ChangesPage"),
  ),
  view(
    "/p/$project/chat",
    lazy(() => import("./pages/chat/chat-page.tsx"), "ChatPage"),
  ),
  view(
    "/p/$project/serving",
    lazy(() => import("./pages/serving/serving-page.tsx"), "ServingPage"),
  ),
  view(
    "/p/$project/glossary",
    lazy(() => import("./pages/glossary/glossary-page.tsx"), "GlossaryPage"),
  ),
  view(
    "/p/$project/graph",
    lazy(() => import("./pages/graph/graph-page.tsx"), "GraphPage"),
  ),
]);

export const createPageRouter = () =>
  createRouter({
    routeTree,
    parseSearch,
    stringifySearch: writeSearch,
    defaultPreload: "intent",
    // Another project has nothing of this one's state.
    defaultRemountDeps: ({ params }) => params,
    defaultErrorComponent: ({ error }) => <ProblemNote error={error} />,
    scrollRestoration: true,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}
