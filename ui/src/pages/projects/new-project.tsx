import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../../api/request.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";

export function NewProject() {
  const [name, setName] = useState("");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (kind: "empty" | "starter") =>
      post<{ name: string }>("/api/projects", { name: name.trim(), kind }),
    onSuccess: async ({ name: project }) => {
      await queries.invalidateQueries({ queryKey: ["projects"] });
      await navigate({ to: "/p/$project/documents", params: { project } });
    },
  });
  const isNamed = name.trim() !== "";
  return (
    <section aria-labelledby="new">
      <h2 id="new">A new project</h2>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate("empty");
        }}
      >
        <label className="grow">
          Name
          <input value={name} onChange={(event) => setName(event.target.value)} required maxLength={63} />
        </label>
        <button type="submit" className="primary" disabled={!isNamed || create.isPending}>
          Make it empty
        </button>
        <button
          type="button"
          disabled={!isNamed || create.isPending}
          onClick={() => create.mutate("starter")}
        >
          With the starter’s documents
        </button>
      </form>
      {create.error ? <ProblemNote error={create.error} /> : null}
    </section>
  );
}
