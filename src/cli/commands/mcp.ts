import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { openService } from "../../pipeline/index.ts";
import { createMcpServer } from "../../server/index.ts";
import type { Session } from "../session.ts";
import { version } from "../version.ts";

/** Serves the protocol on stdin and stdout until the client closes stdin, or a signal. */
export async function mcpCommand(session: Session): Promise<undefined> {
  const context = await session.open();
  const service = await openService(context);
  try {
    const server = createMcpServer({ service, project: context.project.name, version }, session.signal);
    const closed = new Promise<void>((resolve) => {
      process.stdin.once("close", resolve).once("end", resolve);
      session.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await server.connect(new StdioServerTransport());
    await closed;
    await server.close();
  } finally {
    await service.close();
  }
}
