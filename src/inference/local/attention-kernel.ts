/**
 * onnxruntime's CPU attention is up to twice as fast without its flash path on sizes like ours (docs/decisions/0002), and
 * takes that choice from the environment alone, when a session is opened.
 */
export function choosePlainAttention(): void {
  process.env["ORT_GQA_DISABLE_FLASH_ATTENTION"] ??= "1";
}
