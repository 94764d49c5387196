import { listen, openAddress } from "../../platform/index.ts";
import { createUiHandler, openSessions, requirePage } from "../../server/index.ts";
import { readPort, untilAborted } from "../listening.ts";
import type { Session } from "../session.ts";

export interface UiOptions {
  port: string;
  /** False with --no-open. */
  open: boolean;
}

const host = "127.0.0.1";

/** Serves the page to this machine until a signal. */
export async function uiCommand(session: Session, options: UiOptions): Promise<unknown> {
  const port = readPort(options.port);
  await requirePage();
  const sessions = await openSessions();
  const ui = createUiHandler({
    root: session.options.project,
    hosts: [host, "localhost"],
    sessions,
    program: { path: process.execPath, args: [...process.execArgv, process.argv[1]!] },
    onError: (error) =>
      session.note(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  try {
    const listener = await listen(ui.handle, { host, port });
    const address = `http://${host}:${listener.port}/`;
    // Behind the #, which no browser sends: not to a server, a proxy or a log.
    const link = `${address}#token=${sessions.token}`;
    session.print(`lorag ui is at ${link}\n`);
    session.note("The link is good once. Ctrl-C ends it; runs go on without it.");
    if (options.open) await openAddress(link);
    await untilAborted(session.signal);
    await listener.close();
    return { address };
  } finally {
    await ui.close();
  }
}
