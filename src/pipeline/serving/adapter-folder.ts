import { LoragError, type Releases, type ServedModel } from "../../contracts/index.ts";
import { changeReleases, release, rollBack } from "./releases.ts";
import { createCanaryTurns } from "./canary-turns.ts";
import { createAdapterScan, type ScannedAdapter } from "./scan-adapters.ts";

/**
 * Adapters of a folder: `NAME/` is one, `NAME/VERSION/` one of its versions. `NAME:latest` is the version that was
 * released, or the last where none was.
 */
export interface AdapterFolder {
  models(): Promise<RegisteredAdapter[]>;
  /** By name, with what each `latest` stands for. */
  list(): Promise<ScannedAdapter[]>;
  /**
   * What a request to a name is answered by: of `NAME:latest` the canary for its share of them, always or never for
   * one `who`. Throws LORAG_UNKNOWN_ADAPTER.
   */
  find(name: string, who?: string): Promise<RegisteredAdapter>;
  /** These change what `NAME:latest` is from the next request on. They throw LORAG_UNKNOWN_ADAPTER, LORAG_USAGE. */
  release(name: string, version: string): Promise<Releases>;
  canary(name: string, version: string, share: number): Promise<Releases>;
  rollBack(name: string): Promise<Releases>;
}

/** `folder` holds what is loaded. */
export type RegisteredAdapter = ServedModel & { folder: string };

export function openAdapterFolder(root: string, base: string): AdapterFolder {
  const scan = createAdapterScan(root);
  const turns = createCanaryTurns();
  const list = async (): Promise<ScannedAdapter[]> =>
    (await scan()).map((each) => ({ ...each, releases: { ...each.releases, latest: latestOf(each) } }));
  const modelsOf = ({ name, versions, releases }: ScannedAdapter) => {
    const models = versions.map(({ version, folder, created }): RegisteredAdapter => ({
      id: idOf(name, version),
      kind: "adapter",
      root: base,
      parent: base,
      created,
      folder,
    }));
    const latest = models.find(
      ({ id }) => releases.latest !== undefined && id === idOf(name, releases.latest),
    );
    return latest ? [...models, { ...latest, id: idOf(name, "latest"), root: latest.id }] : models;
  };
  const models = async (): Promise<RegisteredAdapter[]> => (await list()).flatMap(modelsOf);
  /** The adapter that has versions, among them this one. */
  const versioned = async (name: string, version: string) => {
    const known = await list();
    pick(known.flatMap(modelsOf), idOf(name, version));
    return known.find((each) => each.name === name)!;
  };
  return {
    models,
    list,
    async find(id, who) {
      const known = await list();
      const registered = known.flatMap(modelsOf);
      const found = pick(registered, id);
      const alias = known.find(({ name }) => id === idOf(name, "latest"));
      if (!alias) return found;
      const { canary } = alias.releases;
      const is =
        canary && turns.isCanarys(alias.name, canary, who) ? idOf(alias.name, canary.version) : found.root!;
      // A canary whose folder is gone is asked nothing.
      return registered.find((each) => each.id === is) ?? pick(registered, found.root!);
    },
    async release(name, version) {
      const { folder, versions } = await versioned(name, version);
      return changeReleases(folder, release(version, versions.at(-1)?.version));
    },
    async canary(name, version, share) {
      const { folder, versions } = await versioned(name, version);
      const others = versions.filter((each) => each.version !== version);
      return changeReleases(folder, ({ latest = others.at(-1)?.version, previous }) => {
        if (latest === undefined || latest === version) throw noOther(name, version);
        return { latest, previous, canary: { version, share } };
      });
    },
    async rollBack(name) {
      const known = await list();
      pick(known.flatMap(modelsOf), idOf(name, "latest"));
      return changeReleases(known.find((each) => each.name === name)!.folder, rollBack);
    },
  };
}

const idOf = (name: string, version: string | undefined): string =>
  version === undefined ? name : `${name}:${version}`;

const latestOf = ({ versions, releases: { latest } }: ScannedAdapter): string | undefined =>
  versions.some(({ version }) => version !== undefined && version === latest)
    ? latest
    : versions.at(-1)?.version;

function pick(known: readonly RegisteredAdapter[], name: string): RegisteredAdapter {
  const found = known.find(({ id }) => id === name);
  if (found) return found;
  throw new LoragError({
    code: "LORAG_UNKNOWN_ADAPTER",
    kind: "usage",
    message: `No adapter is registered under the name ${JSON.stringify(name)}`,
    next: `Registered are: ${known.map(({ id }) => id).join(", ") || "none"}.`,
  });
}

const noOther = (name: string, version: string): LoragError =>
  new LoragError({
    code: "LORAG_USAGE",
    kind: "usage",
    message: `${name}:${version} is what ${name}:latest stands for already`,
    next: "A canary is another version than the one that is released.",
  });
