export { createHandler } from "./handler.ts";
export type { Handler, HandlerOptions } from "./handler.ts";
export { hashKey } from "./keys.ts";
export { createMcpServer } from "./mcp.ts";
export { createUiHandler } from "./ui/ui-handler.ts";
export type { UiHandler, UiOptions } from "./ui/ui-handler.ts";
export { openSessions } from "./ui/sessions.ts";
export { requirePage } from "./ui/page-files.ts";
