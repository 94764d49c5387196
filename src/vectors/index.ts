export { dot } from "./dot.ts";
