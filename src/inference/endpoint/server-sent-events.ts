/**
 * The `data` of each event of a stream of server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). An event that the stream's end cuts off is none.
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = "";
  let data: string[] = [];
  for await (const piece of body) {
    const lines = (held + decoder.decode(piece, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    held = lines.pop()!;
    for (const line of lines) {
      if (line === "" && data.length > 0) {
        yield data.join("\n");
        data = [];
      } else if (line.startsWith("data:")) {
        data.push(line.slice(line[5] === " " ? 6 : 5));
      }
    }
  }
}
