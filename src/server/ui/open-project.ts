import { findProject, openProject, type Context } from "../../pipeline/index.ts";

/** What every route of a project gets. */
export interface ProjectPlace {
  root: string;
}

/** The folder of the project that a request names. Throws LORAG_NO_PROJECT. */
export const folderOf = ({ root }: ProjectPlace, project: string): Promise<string> =>
  findProject(root, project);

/** The project, read anew: its config may have changed. */
export async function contextOf(
  place: ProjectPlace,
  project: string,
  signal?: AbortSignal,
): Promise<Context> {
  return openProject(await folderOf(place, project), signal ? { signal } : {});
}
