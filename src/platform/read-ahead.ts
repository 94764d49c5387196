/**
 * Reads a body from now on as fast as it comes, up to `most` bytes ahead of whoever takes its pieces: what has arrived and
 * is not yet read when a connection breaks is lost with it. Throws what the body throws, after the pieces before it.
 */
export function readAhead(body: ReadableStream<Uint8Array>, most = 2 ** 24): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let ahead = 0;
  let end: { error?: unknown } | undefined;
  let wake = (): void => {};
  const change = (): Promise<void> => new Promise((resolve) => (wake = resolve));

  async function pump(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        pieces.push(value);
        ahead += value.byteLength;
        wake();
        while (ahead > most && !end) await change();
      }
      end ??= {};
    } catch (error) {
      end ??= { error };
    }
    wake();
  }

  async function* take(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const piece = pieces.shift();
        if (piece !== undefined) {
          ahead -= piece.byteLength;
          wake();
          yield piece;
        } else if (end === undefined) await change();
        else if ("error" in end) throw end.error;
        else return;
      }
    } finally {
      // Whoever takes no more wants no more.
      end ??= {};
      wake();
      await reader.cancel().catch(() => {});
    }
  }

  void pump();
  return take();
}
