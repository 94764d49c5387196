import * as Popover from "@radix-ui/react-popover";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ChatAnswer } from "../../../../src/contracts/index.ts";
import { useProject } from "../../api/use-project.ts";

/** The answer with each `[n]` that is a citation made into a button that shows its passage. */
export function Cited({ answer }: { answer: ChatAnswer }) {
  const pieces = answer.text.split(/(\[\d{1,3}\])/);
  return (
    <>
      {pieces.map((piece, index) => {
        const marker = index % 2 === 1 ? Number(piece.slice(1, -1)) : undefined;
        const citation = answer.citations.find((one) => one.marker === marker);
        return citation ? (
          <Mark key={index} answer={answer} citation={citation} />
        ) : (
          <span key={index}>{piece}</span>
        );
      })}
    </>
  );
}

/** Opened by a click, a key, or resting on it. */
function Mark({ answer, citation }: { answer: ChatAnswer; citation: ChatAnswer["citations"][number] }) {
  const project = useProject();
  const [isOpen, setOpen] = useState(false);
  const passage = answer.passages.find(({ id }) => id === citation.chunkId);
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        className={`cite ${citation.verdict}`}
        aria-label={`Citation ${citation.marker}, ${citation.verdict}`}
        onMouseEnter={() => setOpen(true)}
      >
        [{citation.marker}]
      </Popover.Trigger>
      <Popover.Content
        className="popover"
        sideOffset={4}
        collisionPadding={12}
        onOpenAutoFocus={(event) => event.preventDefault()}
        onMouseLeave={() => setOpen(false)}
      >
        <p className="meta">
          <Link
            to="/p/$project/document"
            params={{ project }}
            search={{ name: citation.documentId, at: citation.start }}
          >
            {[citation.title, ...citation.headings].join(" › ")}
          </Link>{" "}
          · {citation.verdict}
        </p>
        <p className="lines">{citation.quote || passage?.text}</p>
      </Popover.Content>
    </Popover.Root>
  );
}
