import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { Problem } from "./api/request.ts";
import { openSession } from "./api/session.ts";
import { createPageRouter } from "./router.tsx";
import "./style/index.css";

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // What the server refuses once it refuses again: only what may pass is tried a second time.
      retry: (failures, error) =>
        failures < 1 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
      staleTime: 5_000,
    },
  },
});

await openSession();
createRoot(document.getElementById("page")!).render(
  <QueryClientProvider client={queryClient}>
    <RouterProvider router={createPageRouter()} />
  </QueryClientProvider>,
);
