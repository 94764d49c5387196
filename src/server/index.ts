export { createHandler } from "./handler.ts";
export type { Handler, HandlerOptions } from "./handler.ts";
export { hashKey } from "./keys.ts";
export { createMcpServer } from "./mcp.ts";
