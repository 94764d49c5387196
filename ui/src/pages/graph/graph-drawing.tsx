// oxlint-disable-next-line import/no-named-as-default -- its types export no other
import Graph from "graphology";
import { circular } from "./circular.ts";
import forceAtlas2 from "graphology-layout-forceatlas2";
import { useEffect, useRef, useState } from "react";
import { Sigma } from "sigma";
import { EdgeLineProgram, NodePointProgram } from "sigma/rendering";
import type { GraphView } from "../../../../src/contracts/index.ts";

/** From so many nodes on, frames are drawn with fewer vertices, and lines and labels rest while the view moves. */
const many = 500;
const cheap = {
  hideEdgesOnMove: true,
  hideLabelsOnMove: true,
  nodeProgramClasses: { circle: NodePointProgram },
  edgeProgramClasses: { line: EdgeLineProgram },
};

/** Drawn by the graphics card; where there is none, the list below says the same. */
export default function GraphDrawing({
  view,
  centre,
  onEntity,
}: {
  view: Pick<GraphView, "nodes" | "links">;
  centre: string;
  onEntity: (label: string) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [isDrawn, setDrawn] = useState(true);
  // A new function is no new drawing.
  const choose = useRef(onEntity);
  choose.current = onEntity;
  useEffect(() => {
    if (!box.current || !hasWebGl()) {
      setDrawn(false);
      return;
    }
    const graph = layOut(view, centre);
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
    const sigma = new Sigma(graph, box.current, {
      labelColor: { color: colour },
      labelRenderedSizeThreshold: 5,
      allowInvalidContainer: true,
      ...(graph.order > many && cheap),
    });
    sigma.on("clickNode", ({ node }) => {
      const { isEntity, label } = graph.getNodeAttributes(node);
      if (isEntity) choose.current(String(label));
    });
    return () => sigma.kill();
  }, [view, centre]);
  return isDrawn ? (
    <div
      ref={box}
      className="drawing"
      role="img"
      aria-label={`${view.nodes.length} nodes around ${centre}; the list below has them in words`}
    />
  ) : (
    <p className="note-box">This browser draws no WebGL; the list below has what is around {centre}.</p>
  );
}

function hasWebGl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

function layOut({ nodes, links }: Pick<GraphView, "nodes" | "links">, centre: string): Graph {
  const style = getComputedStyle(document.documentElement);
  const colourOf = (name: string): string => style.getPropertyValue(name).trim();
  const colours = {
    passage: colourOf("--hue-0"),
    term: colourOf("--hue-3"),
    name: colourOf("--hue-1"),
    phrase: colourOf("--hue-2"),
  };
  const graph = new Graph({ multi: true, type: "undirected" });
  for (const [index, { id, kind, label }] of nodes.entries()) {
    graph.addNode(id, {
      ...circular(index, nodes.length),
      label,
      color: colours[kind],
      isEntity: kind !== "passage",
      size: label.toLowerCase() === centre.toLowerCase() ? 12 : kind === "passage" ? 4 : 6,
    });
  }
  for (const { source, target, weight } of links) {
    if (graph.hasNode(source) && graph.hasNode(target))
      graph.addUndirectedEdge(source, target, { weight, color: colourOf("--line") });
  }
  // Fewer rounds for more nodes, so that it is there in a second.
  const iterations = Math.max(20, Math.min(200, Math.round(100_000 / Math.max(1, nodes.length))));
  forceAtlas2.assign(graph, {
    iterations,
    settings: { ...forceAtlas2.inferSettings(graph), barnesHutOptimize: nodes.length > 500 },
  });
  return graph;
}
