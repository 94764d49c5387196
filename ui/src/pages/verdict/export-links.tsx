import { ofProject } from "../../api/request.ts";
import { useProject } from "../../api/use-project.ts";

const formats = [
  ["html", "HTML"],
  ["md", "Markdown"],
  ["csv", "CSV"],
] as const;

export function ExportLinks({ run }: { run: string | undefined }) {
  const project = useProject();
  return (
    <>
      {formats.map(([format, name]) => (
        <a
          key={format}
          className="button"
          download
          href={ofProject(project, "results/export", { format, ...(run !== undefined && { run }) })}
        >
          Save as {name}
        </a>
      ))}
    </>
  );
}
