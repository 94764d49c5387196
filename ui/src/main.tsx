import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { openSession } from "./api/session.ts";
import { createPageRouter } from "./router.tsx";
import "./style/index.css";

const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: 1, staleTime: 5_000 } },
});

await openSession();
createRoot(document.getElementById("page")!).render(
  <QueryClientProvider client={queryClient}>
    <RouterProvider router={createPageRouter()} />
  </QueryClientProvider>,
);
