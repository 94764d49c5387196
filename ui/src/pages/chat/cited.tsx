import * as Popover from "@radix-ui/react-popover";
import { Link } from "@tanstack/react-router";
import type { ChatAnswer } from "../../../../src/contracts/index.ts";
import { useProject } from "../../api/use-project.ts";
import { usePeek } from "./use-peek.ts";

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

/** Who types while the mouse passes over a mark goes on typing: only focus that went with what closed is brought back. */
const leaveFocus = (event: Event): void => {
  if (document.activeElement !== document.body) event.preventDefault();
};

/** Shown while the mouse rests on it or on what it opened; a click or a key keeps it open. */
function Mark({ answer, citation }: { answer: ChatAnswer; citation: ChatAnswer["citations"][number] }) {
  const project = useProject();
  const { isOpen, hover, toggle, close } = usePeek();
  const passage = answer.passages.find(({ id }) => id === citation.chunkId);
  return (
    <Popover.Root open={isOpen} onOpenChange={(open) => !open && close()}>
      <Popover.Trigger
        className={`cite ${citation.verdict}`}
        aria-label={`Citation ${citation.marker}, ${citation.verdict}`}
        {...hover}
        onClick={(event) => {
          event.preventDefault(); // The part's own click would close what the mouse has just opened.
          toggle();
        }}
      >
        [{citation.marker}]
      </Popover.Trigger>
      <Popover.Content
        className="popover"
        sideOffset={4}
        collisionPadding={12}
        onOpenAutoFocus={(event) => event.preventDefault()}
        onCloseAutoFocus={leaveFocus}
        {...hover}
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
