import { z } from "zod";

/** `sources:` of lorag.yaml: documents that lie elsewhere than in the documents folder. */

const kinds = ["url", "sitemap", "database", "s3"] as const;

const webAddress = z.string().refine(
  (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url !== undefined && /^https?:$/.test(url.protocol) && url.username + url.password === "";
  },
  { error: "an address that begins with http:// or https:// and holds no user name or password" },
);

const column = z.string().min(1);

export const sourceSchema = z
  .strictObject({
    url: webAddress.optional().describe("Address of a page or file."),
    sitemap: webAddress.optional().describe("Address of a sitemap: each page that it lists is a document."),
    database: z
      .string()
      .min(1)
      .refine((text) => !/^\w+:\/\/[^/@]*:[^/@]*@/.test(text), {
        error: "no password: PostgreSQL's own PGPASSWORD or ~/.pgpass holds it",
      })
      .optional()
      .describe(
        "`postgres://USER@HOST/NAME`, or the path of an SQLite file. It is only read: what would write is refused.",
      ),
    s3: z
      .string()
      .regex(/^s3:\/\/[^/]+(?:\/.*)?$/, { error: "s3://BUCKET/PREFIX" })
      .optional()
      .describe(
        "`s3://BUCKET/PREFIX`: each object is a document. The keys are those of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
      ),
    only: z
      .string()
      .min(1)
      .optional()
      .describe("Of a sitemap: pages whose address begins so; without it, all on the sitemap's own host."),
    allow_private: z
      .boolean()
      .default(false)
      .describe(
        "Whether addresses of this machine and its own network may be read, by a link or a redirect, too.",
      ),
    query: z.string().min(1).optional().describe("Of a database: gives a row for each document."),
    field_id: column.default("id").describe("Column of the query that names the document."),
    field_text: column.default("text").describe("Column that holds its text."),
    field_title: column.optional().describe("Column that holds its title."),
    format: z
      .enum(["text", "markdown", "html"])
      .default("text")
      .describe("What the column of the text holds."),
    endpoint: webAddress.optional().describe("Of S3: address of a service other than Amazon's."),
    region: z.string().min(1).default("us-east-1").describe("Of S3: where the bucket lies."),
    most: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .describe("Documents that it may give; more is an error, not a part of them."),
  })
  .check((context) => {
    const named = kinds.filter((kind) => context.value[kind] !== undefined);
    const fault =
      named.length !== 1
        ? `names one of ${kinds.join(", ")}, not ${named.length === 0 ? "none" : named.join(" and ")}`
        : (context.value.query === undefined) === (named[0] === "database")
          ? "`database` and `query` go together"
          : undefined;
    if (fault) context.issues.push({ code: "custom", input: context.value, message: fault });
  });
export type SourceEntry = z.output<typeof sourceSchema>;
