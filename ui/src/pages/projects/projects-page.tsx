import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ListedProject } from "../../../../src/contracts/index.ts";
import { get } from "../../api/request.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { When } from "../../parts/when.tsx";
import { NewProject } from "./new-project.tsx";

export function ProjectsPage() {
  const { data, error } = useQuery({
    queryKey: ["projects"],
    queryFn: ({ signal }) => get<ListedProject[]>("/api/projects", signal),
  });
  return (
    <>
      <h1>Projects</h1>
      <p className="lead">
        Documents, questions with answers, and the contenders: base model, retrieval, a tuned model, or both.
      </p>
      {error ? <ProblemNote error={error} /> : null}
      {data?.length === 0 ? (
        <p className="empty">There is no project here yet. Make the first one below.</p>
      ) : null}
      <ul className="cards">
        {data?.map((project) => (
          <li key={project.name} className="card">
            <h2>
              <Link to="/p/$project/documents" params={{ project: project.name }}>
                {project.name}
              </Link>
            </h2>
            {project.fault === undefined ? (
              <p>{project.verdict ?? "Not compared yet."}</p>
            ) : (
              <p className="failed lines">{project.fault}</p>
            )}
            <p className="meta">
              {project.arms.join(", ")}
              {project.compared === undefined ? null : (
                <>
                  {" · compared "}
                  <When iso={project.compared} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
      <NewProject />
    </>
  );
}
