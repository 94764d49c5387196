import * as Tabs from "@radix-ui/react-tabs";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { CheckedConfig, ConfigText } from "../../../../src/contracts/index.ts";
import { get, ofProject, post, Problem, put } from "../../api/request.ts";
import { useOfProject, useProject } from "../../api/use-project.ts";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { ConfigConflict } from "./config-conflict.tsx";
import { ConfigForm } from "./config-form.tsx";
import { ConfigSource } from "./config-source.tsx";

/** lorag.yaml as a form and as text: both show one text, which is saved as a whole. */
export function ConfigPage() {
  const project = useProject();
  const queries = useQueryClient();
  const stored = useOfProject<ConfigText>("config", {}, { staleTime: Infinity });
  const [base, setBase] = useState<ConfigText>();
  const [text, setText] = useState<string>();
  const [checked, setChecked] = useState<CheckedConfig>({ faults: [], values: {} });
  const [theirs, setTheirs] = useState<ConfigText>();
  useEffect(() => {
    if (stored.data && base === undefined) {
      setBase(stored.data);
      setText(stored.data.text);
    }
  }, [stored.data, base]);
  useEffect(() => {
    if (text === undefined) return;
    const later = setTimeout(() => {
      post<CheckedConfig>(ofProject(project, "config/check"), { text }).then(setChecked, () => {});
    }, 200);
    return () => clearTimeout(later);
  }, [text, project]);
  const save = useMutation({
    mutationFn: ({ from, what }: { from: string; what: string }) =>
      put<ConfigText>(ofProject(project, "config"), { text: what, base: from }),
    onSuccess: async (saved) => {
      setBase(saved);
      setText(saved.text);
      setTheirs(undefined);
      await queries.invalidateQueries({ queryKey: [project] });
    },
    onError: async (error) => {
      if (error instanceof Problem && error.code === "LORAG_CHANGED")
        setTheirs(await get<ConfigText>(ofProject(project, "config")));
    },
  });
  if (stored.error) return <ProblemNote error={stored.error} />;
  if (text === undefined || base === undefined) return <Waiting what="Reading the config" />;
  const isChanged = text !== base.text;
  const isConflict = save.error instanceof Problem && save.error.code === "LORAG_CHANGED";
  return (
    <>
      <h1>Config</h1>
      <p className="lead">
        What is compared, and how. The form and the text are two views of one file, lorag.yaml.
      </p>
      {theirs ? (
        <ConfigConflict
          mine={text}
          theirs={theirs.text}
          onTakeTheirs={() => {
            setBase(theirs);
            setText(theirs.text);
            setTheirs(undefined);
            save.reset();
          }}
          onKeepMine={() => save.mutate({ from: theirs.sha256, what: text })}
        />
      ) : null}
      {save.error && !isConflict ? <ProblemNote error={save.error} /> : null}
      {checked.faults.length > 0 ? (
        <ul className="failure" aria-label="Faults">
          {checked.faults.map(({ line, column, text: fault }) => (
            <li key={`${line}:${column}:${fault}`}>
              lorag.yaml:{line}:{column} {fault}
            </li>
          ))}
        </ul>
      ) : null}
      <Tabs.Root defaultValue="form" className="tabs">
        <div className="row spread">
          <Tabs.List aria-label="View">
            <Tabs.Trigger value="form">Form</Tabs.Trigger>
            <Tabs.Trigger value="text">YAML</Tabs.Trigger>
          </Tabs.List>
          <div className="row">
            {isChanged ? (
              <button type="button" onClick={() => setText(base.text)}>
                Undo all
              </button>
            ) : null}
            <button
              type="button"
              className="primary"
              disabled={!isChanged || checked.faults.length > 0 || save.isPending}
              onClick={() => save.mutate({ from: base.sha256, what: text })}
            >
              {isChanged ? "Save" : "Saved"}
            </button>
          </div>
        </div>
        <Tabs.Content value="form">
          <ConfigForm text={text} values={checked.values} faults={checked.faults} onChange={setText} />
        </Tabs.Content>
        <Tabs.Content value="text">
          <ConfigSource text={text} faults={checked.faults} onChange={setText} />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}
