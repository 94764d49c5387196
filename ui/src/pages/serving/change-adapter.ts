import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ofProject, post } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";

/** What is told to the server, and what is said once it is done. */
export interface Change {
  what: "load" | "unload" | "release" | "canary" | "rollback";
  /** Of `load` and `unload` what clients ask for, else the adapter's name. */
  name: string;
  version?: string;
  share?: number;
  done: string;
  /** Where requests of others are answered differently from then on. */
  confirm?: string;
}

/** Changes an adapter, and has what is shown of it asked for anew. */
export function useAdapterChange() {
  const project = useProject();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: ({ what, name, version, share }: Change) =>
      post(ofProject(project, `serving/${what}`), { name, version, share }),
    onSettled: () =>
      Promise.all(
        ["serving", "chat/models"].map((path) => queries.invalidateQueries({ queryKey: [project, path] })),
      ),
  });
  const make = (change: Change): void => {
    if (mutation.isPending) return;
    if (change.confirm === undefined || window.confirm(change.confirm)) mutation.mutate(change);
  };
  return {
    make,
    pending: mutation.isPending,
    error: mutation.error,
    done: mutation.isSuccess && mutation.variables.done,
  };
}
