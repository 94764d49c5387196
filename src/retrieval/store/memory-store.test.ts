import { testChunkStore } from "./chunk-store.case.ts";
import { memoryStore } from "./memory-store.case.ts";

testChunkStore("memory", async () => memoryStore());
