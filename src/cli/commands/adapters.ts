import { adaptersFolder, openAdapterFolder } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export interface AdaptersOptions {
  adapters?: string;
}

const openFolder = async (session: Session, { adapters }: AdaptersOptions) => {
  const { project } = await session.open();
  const folder = adaptersFolder(project, adapters);
  return { ...openAdapterFolder(folder, project.config.base_model), folder };
};

export async function listAdapters(session: Session, options: AdaptersOptions): Promise<unknown> {
  const { models, folder } = await openFolder(session, options);
  const adapters = (await models()).map(({ id, root, parent }) => ({ id, ...(root !== parent && { root }) }));
  for (const { id, root } of adapters) session.print(`${id}${root === undefined ? "" : `  is ${root}`}\n`);
  if (adapters.length === 0) session.note(`There are no adapters in ${folder}.`);
  return { adapters };
}

export async function releaseAdapter(
  session: Session,
  name: string,
  version: string,
  options: AdaptersOptions & { canary?: number },
): Promise<unknown> {
  const folder = await openFolder(session, options);
  if (options.canary === undefined) {
    const releases = await folder.release(name, version);
    session.note(`${name}:latest is ${name}:${version} from the next request on.`);
    return { name, ...releases };
  }
  const releases = await folder.canary(name, version, options.canary / 100);
  session.note(
    `${options.canary}% of the requests to ${name}:latest are answered by ${name}:${version}, the rest by ${name}:${releases.latest}.`,
  );
  return { name, ...releases };
}

export async function rollBackAdapter(
  session: Session,
  name: string,
  options: AdaptersOptions,
): Promise<unknown> {
  const releases = await (await openFolder(session, options)).rollBack(name);
  session.note(`${name}:latest is ${name}:${releases.latest} again.`);
  return { name, ...releases };
}
