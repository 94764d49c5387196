import { openService, type Context } from "../../pipeline/index.ts";
import type { Service } from "../../contracts/index.ts";

type OpenService = Service & { close(): Promise<void> };

/** The models of the projects that were asked something: opened once, and anew when the config says something else. */
export interface ServiceKeeper {
  of(context: Context): Promise<Service>;
  /** What was opened is opened anew: its documents changed. */
  forget(folder: string): void;
  close(): Promise<void>;
}

export function createServiceKeeper(): ServiceKeeper {
  const open = new Map<string, { state: string; service: Promise<OpenService> }>();
  return {
    async of(context) {
      const { folder, config } = context.project;
      const state = JSON.stringify(config);
      const kept = open.get(folder);
      if (kept?.state === state) return kept.service;
      const service = openService(context, { mayLoad: true });
      open.set(folder, { state, service });
      service.catch(() => open.delete(folder));
      await kept?.service.then((old) => old.close()).catch(() => {});
      return service;
    },
    forget(folder) {
      const kept = open.get(folder);
      open.delete(folder);
      kept?.service.then((old) => old.close()).catch(() => {});
    },
    async close() {
      for (const { service } of open.values()) await service.then((one) => one.close()).catch(() => {});
    },
  };
}
