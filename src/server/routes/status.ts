import type { Route, ServerParts } from "../route.ts";
import { statusReply } from "../replies.ts";

/** How the server is. */
export const statusRoutes = ({ admission, metrics, service }: ServerParts): Route[] => [
  {
    method: "GET",
    path: "/health",
    summary: "Whether the server lives; needs no key",
    returns: statusReply,
    handle: () => Response.json({ status: "ok" }),
  },
  {
    method: "GET",
    path: "/ready",
    summary: "Whether it takes new work",
    returns: statusReply,
    handle: () =>
      admission.isDraining
        ? Response.json({ status: "shutting down" }, { status: 503 })
        : Response.json({ status: "ready" }),
  },
  {
    method: "GET",
    path: "/metrics",
    summary: "Counts for Prometheus",
    returns: "text/plain",
    handle: () => {
      const gauges = {
        lorag_requests_in_progress: admission.inside,
        lorag_requests_waiting: admission.waiting,
        ...service.gauges?.(),
      };
      const headers = { "content-type": "text/plain; version=0.0.4" };
      return new Response(metrics.render(gauges), { headers });
    },
  },
];
