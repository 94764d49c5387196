import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { get, ofProject } from "./request.ts";

/** The project that the address names. */
export function useProject(): string {
  const { project } = useParams({ strict: false });
  return project ?? "";
}

/** What the server says of the project at a path. */
export function useOfProject<Value>(
  path: string,
  query: Record<string, string> = {},
  more: { enabled?: boolean; refetchInterval?: number | false; staleTime?: number } = {},
) {
  const project = useProject();
  return useQuery({
    queryKey: [project, path, query],
    queryFn: ({ signal }) => get<Value>(ofProject(project, path, query), signal),
    ...more,
  });
}
