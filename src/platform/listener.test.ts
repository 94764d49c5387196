import { request } from "node:https";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { listen } from "./listener.ts";
import { loopbackCertificate } from "./loopback-certificate.case.ts";

it("speaks TLS with a certificate of its own, and nothing else then", async () => {
  const options = { host: "127.0.0.1", port: 0, tls: loopbackCertificate };
  const { port, close } = await listen(async (asked) => new Response(new URL(asked.url).pathname), options);
  try {
    const text = await new Promise<string>((resolve, reject) => {
      const sent = request(
        { host: "127.0.0.1", port, path: "/health", ca: loopbackCertificate.cert },
        (response) => {
          let body = "";
          response.on("data", (piece: Buffer) => (body += piece.toString()));
          response.on("end", () => resolve(body));
        },
      );
      sent.on("error", reject).end();
    });
    expect(text).toBe("/health");
    const plain = await new Promise<string>((resolve) => {
      let body = "";
      const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
      socket.on("data", (piece: Buffer) => (body += piece.toString("latin1")));
      socket.on("error", () => {}).on("close", () => resolve(body));
    });
    expect(plain).not.toContain("200 OK");
  } finally {
    await close();
  }
});
