import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";

interface Job {
  id: string;
  status: string;
  training_file: string;
  metadata: Record<string, string>;
  fine_tuned_model: string | null;
  error: { message: string } | null;
  looks: number;
}

/** How it misbehaves, by the request: `POST /jobs`, say. Returns true where it has answered, or not. */
export type Trouble = (what: string, count: number, response: ServerResponse, body: string) => boolean;

/** An OpenAI-compatible fine-tuning endpoint on loopback, whose jobs take a few looks. Closed after the tests. */
export async function startFineTuning(options: { looks?: number; trouble?: Trouble; fails?: string } = {}) {
  const { looks = 3, trouble = () => false, fails } = options;
  const files = new Map<string, string>();
  const jobs: Job[] = [];
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString("utf8");
      const path = request.url!.replace(/^\/v1/, "").replace(/\?.*/, "");
      const send = (value: unknown, status = 200) => {
        if (response.writableEnded || response.destroyed) return;
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(value));
      };
      const what = `${request.method} ${path.replace(/ftjob-\d+/, "ID")}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
      const [, id] = /(ftjob-\d+)/.exec(path) ?? [];
      const job = jobs.find((one) => one.id === id);
      if (what === "POST /fine_tuning/jobs") {
        const body = JSON.parse(text) as { training_file: string; metadata: Record<string, string> };
        const made: Job = {
          id: `ftjob-${jobs.length + 1}`,
          status: "queued",
          training_file: body.training_file,
          metadata: body.metadata,
          fine_tuned_model: null,
          error: null,
          looks: 0,
        };
        jobs.push(made);
        // Done, whatever is answered.
        if (!trouble(what, counts.get(what)!, response, text)) send(made);
        return;
      }
      if (trouble(what, counts.get(what)!, response, text)) return;
      if (what === "POST /files") {
        const name = `file-${files.size + 1}`;
        files.set(name, text);
        return send({ id: name, object: "file" });
      }
      if (what === "GET /fine_tuning/jobs") return send({ data: jobs.toReversed() });
      if (!job) return send({ error: { message: "No such job" } }, 404);
      if (what.endsWith("/cancel")) {
        job.status = "cancelled";
        return send(job);
      }
      if (what.endsWith("/events")) {
        const steps = Math.min(job.looks, looks);
        const events = Array.from({ length: steps }, (_, i) => ({
          id: `${job.id}-${i + 1}`,
          type: "metrics",
          data: { step: i + 1, total_steps: looks, train_loss: 2 / (i + 1) },
        }));
        return send({ data: events.toReversed() });
      }
      job.looks++;
      if (job.looks >= looks && job.status !== "cancelled") {
        job.status = fails === undefined ? "succeeded" : "failed";
        if (fails === undefined) job.fine_tuned_model = `ft:test-model:${job.id}`;
        else job.error = { message: fails };
      } else if (job.status === "queued") job.status = "running";
      send(job);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}/v1`, files, jobs, counts };
}
