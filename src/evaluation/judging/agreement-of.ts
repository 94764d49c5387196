import type { Estimate } from "../../contracts/index.ts";
import { estimateShare } from "../statistics/wilson.ts";

/** How often a judge said what is known; saying neither right nor wrong agrees with nothing. Null where nothing is known. */
export const agreementOf = (
  known: readonly { right: boolean; said: { right: boolean; error?: true | undefined } }[],
): Estimate | null =>
  estimateShare(known.map(({ right, said }) => said.error === undefined && said.right === right));
