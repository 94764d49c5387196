import { join } from "node:path";
import type { Project } from "../config/read-project.ts";

/** Where a project's further adapters are, unless another folder is named. */
export const adaptersFolder = ({ folder }: Project, named?: string): string =>
  named ?? join(folder, "adapters");
