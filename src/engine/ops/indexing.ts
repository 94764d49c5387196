import { shapeError, type Operation, type Tensor } from "../graph.ts";
import { fixed } from "./infer.ts";

export const gatherOperation: Operation = {
  name: "gather",
  infer: (inputs) => {
    const [table, indices] = inputs;
    if (indices!.dtype !== "int64" && indices!.dtype !== "int32") {
      throw shapeError("gather", inputs, "needs integer indices");
    }
    return [{ dtype: table!.dtype, shape: [...indices!.shape, ...table!.shape.slice(1)] }];
  },
  gradient: ({ inputs: [table, indices] }, [g]) => [
    scatterAddRows(indices!, g!, fixed("gather", table!)[0]!),
    undefined,
  ],
  emit: ({ inputs }, emitter) => emitter.node("Gather", inputs.map(emitter.name)),
};

/** Rows of `table` [rows, ...] at `indices` [...]: an embedding lookup. */
export function gather(table: Tensor, indices: Tensor): Tensor {
  return table.graph.apply(gatherOperation, [table, indices], {})[0]!;
}

export const scatterAddRowsOperation: Operation<{ rows: number }> = {
  name: "scatterAddRows",
  infer: (inputs, { rows }) => {
    const [indices, updates] = inputs;
    if (
      indices!.shape.length !== 1 ||
      updates!.shape.length !== 2 ||
      indices!.shape[0] !== updates!.shape[0]
    ) {
      throw shapeError("scatterAddRows", inputs, "needs indices [count] and updates [count, size]");
    }
    return [{ dtype: "float32", shape: [rows, updates!.shape[1]!] }];
  },
  gradient: ({ inputs: [indices] }, [g]) => [undefined, gather(g!, indices!)],
  emit: ({ inputs: [indices, updates], attributes: { rows } }, emitter) => {
    const [count, size] = fixed("scatterAddRows", updates!);
    const [column] = emitter.node("Unsqueeze", [emitter.name(indices!), emitter.constant("int64", [1])]);
    const [places] = emitter.node("Expand", [column!, emitter.constant("int64", [count!, size!])]);
    const [zeros] = emitter.node("Expand", [
      emitter.constant("float32", [0], []),
      emitter.constant("int64", [rows, size!]),
    ]);
    // ScatterElements adds repeated rows one after another; ScatterND would race.
    return emitter.node("ScatterElements", [zeros!, places!, emitter.name(updates!)], {
      attributes: { axis: { int: 0 }, reduction: { string: "add" } },
    });
  },
};

/** Zeros [rows, size] with `updates` [count, size] added at the rows `indices` [count], which may repeat. */
export function scatterAddRows(indices: Tensor, updates: Tensor, rows: number): Tensor {
  return updates.graph.apply(scatterAddRowsOperation, [indices, updates], { rows })[0]!;
}
