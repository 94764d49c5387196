import { z } from "zod";
import { LoragError, type OnProgress } from "../../contracts/index.ts";
import {
  download,
  fetchJson,
  resolveInside,
  makeFolder,
  sha256File,
  statPath,
} from "../../platform/index.ts";
import { completeCachedModel, type CachedModel, type ManifestFiles } from "./model-cache.ts";

/** Source: https://huggingface.co/docs/hub/api, `GET /api/models/{repo}/revision/{revision}?blobs=true`. */
const modelInfo = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.number().int().nonnegative().optional(),
      blobId: z.string().optional(),
      lfs: z
        .object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() })
        .nullish(),
    }),
  ),
});
type HubFile = z.infer<typeof modelInfo>["siblings"][number];

export interface HubOptions {
  /** `HF_ENDPOINT` (a mirror), `HF_TOKEN`, `HF_HUB_OFFLINE` are honoured as Hugging Face's own tools do. */
  env: Readonly<Record<string, string | undefined>>;
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

/** Fetches a repository's weights (safetensors only), configuration and tokenizer. Throws as `download` does. */
export async function fetchFromHub(name: string, folder: string, options: HubOptions): Promise<CachedModel> {
  const endpoint = (options.env["HF_ENDPOINT"] || "https://huggingface.co").replace(/\/+$/, "");
  const token = options.env["HF_TOKEN"];
  const request = {
    ...(token && { headers: { authorization: `Bearer ${token}` } }),
    ...(options.signal && { signal: options.signal }),
    connectMs: 4_000,
  };
  const url = `${endpoint}/api/models/${name}/revision/main?blobs=true`;
  const info = modelInfo.safeParse(await fetchJson({ ...request, url }));
  if (!info.success) throw strangeAnswer(url, info.error);
  const files = chooseFiles(name, info.data.siblings);

  await makeFolder(folder);
  const total = files.reduce((sum, file) => sum + sizeOf(file), 0);
  const step = `Downloading ${name}`;
  const manifest: ManifestFiles = {};
  let before = 0;
  for (const file of files) {
    const to = await resolveInside(folder, file.rfilename);
    const size = sizeOf(file);
    if (!(await isThere(to, file))) {
      const hash = file.lfs ? { sha256: file.lfs.sha256 } : { git: file.blobId ?? "" };
      await download({
        ...request,
        url: `${endpoint}/${name}/resolve/${info.data.sha}/${encodePath(file.rfilename)}`,
        to,
        size,
        hash,
        onProgress: (done) => options.onProgress?.({ step, done: before + done, total, unit: "B" }),
      });
    }
    before += size;
    options.onProgress?.({ step, done: before, total, unit: "B" });
    manifest[file.rfilename] = { bytes: size, sha256: file.lfs?.sha256 ?? (await sha256File(to)) };
  }
  return completeCachedModel(folder, manifest, `${endpoint}/${name}/tree/${info.data.sha}`);
}

const wantedNames = new Set([
  "config.json",
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "chat_template.jinja",
  "vocab.txt",
  "modules.json",
  "sentence_bert_config.json",
  "config_sentence_transformers.json",
  "1_Pooling/config.json",
  "model.safetensors.index.json",
]);

function chooseFiles(name: string, siblings: HubFile[]): HubFile[] {
  const files = siblings.filter(
    ({ rfilename }) => wantedNames.has(rfilename) || /^model(-\d+-of-\d+)?\.safetensors$/.test(rfilename),
  );
  if (files.some(({ rfilename }) => rfilename.endsWith(".safetensors"))) return files;
  const pickled = siblings.find(({ rfilename }) => /\.(bin|pt|pth|ckpt|pkl)$/.test(rfilename));
  throw new LoragError({
    code: "LORAG_MODEL_FORMAT",
    kind: "data",
    message: pickled
      ? `${name} has its weights as ${pickled.rfilename} only, a pickle, which can run code when it is loaded`
      : `${name} holds no model.safetensors`,
    next: "Choose a model with safetensors weights, or convert it and give the path of the folder.",
  });
}

const sizeOf = (file: HubFile): number => file.lfs?.size ?? file.size ?? 0;

/** An earlier attempt may have brought the file; small files are cheap enough to fetch again. */
async function isThere(path: string, file: HubFile): Promise<boolean> {
  if (!file.lfs || (await statPath(path))?.size !== file.lfs.size) return false;
  return (await sha256File(path)) === file.lfs.sha256;
}

const encodePath = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

function strangeAnswer(url: string, cause: unknown): LoragError {
  return new LoragError({
    code: "LORAG_HTTP_BODY",
    kind: "unavailable",
    message: `The answer of ${url} is not what a Hugging Face hub says about a model`,
    next: "Check HF_ENDPOINT, and that no proxy or login page answers in its place.",
    cause,
  });
}
