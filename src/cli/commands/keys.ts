import { openKeys } from "../../pipeline/index.ts";
import type { Session } from "../session.ts";

export async function addKey(
  session: Session,
  name: string,
  options: { only?: string[]; atOnce?: number },
): Promise<unknown> {
  const { project } = await session.open();
  const key = await openKeys(project).add(name, options);
  session.print(`${key}\n`);
  session.note("It is shown this once: only its hash is kept.");
  return { name, key, ...options };
}

export async function listKeys(session: Session): Promise<unknown> {
  const { project } = await session.open();
  const keys = (await openKeys(project).list()).map(({ name, only, created }) => ({
    name,
    ...(only && { only }),
    created,
  }));
  for (const { name, only, created } of keys) {
    session.print(`${name}  since ${created.slice(0, 10)}  ${only ? only.join(", ") : "everything"}\n`);
  }
  if (keys.length === 0) session.note("There are no keys: anyone on this machine may ask.");
  return { keys };
}

export async function revokeKey(session: Session, name: string): Promise<unknown> {
  const { project } = await session.open();
  await openKeys(project).revoke(name);
  session.note(`The key ${name} lets nobody in any more.`);
  return { revoked: name };
}
