import { expect, test } from "vitest";
import { readZip } from "./archive.ts";
import { makeZip } from "./zip.case.ts";

const bad = { code: "LORAG_BAD_ARCHIVE" };

test("unpacks", async () => {
  const files = await readZip(
    makeZip([
      { name: "a.txt", data: "alpha" },
      { name: "b/c.txt", data: "gamma" },
    ]),
  );
  expect([...files].map(([name, data]) => [name, Buffer.from(data).toString()])).toEqual([
    ["a.txt", "alpha"],
    ["b/c.txt", "gamma"],
  ]);
});

test.each(["../up.txt", "a/../../up.txt", "/root.txt", "c:\\x.txt", "..\\up.txt"])(
  "refuses the name %s",
  (name) => expect(readZip(makeZip([{ name, data: "x" }]))).rejects.toMatchObject(bad),
);

test("refuses bombs by the bytes that come out, whatever the headers say", async () => {
  const zeros = new Uint8Array(30 * 2 ** 20);
  await expect(readZip(makeZip([{ name: "zeros", data: zeros }]))).rejects.toMatchObject(bad);
  await expect(readZip(makeZip([{ name: "zeros", data: zeros, declaredSize: 10 }]))).rejects.toMatchObject(
    bad,
  );
  const limits = { entries: 3, totalBytes: 1000, ratio: 1e9 };
  await expect(readZip(makeZip([{ name: "a", data: "x".repeat(1001) }]), { limits })).rejects.toMatchObject(
    bad,
  );
  const many = ["a", "b", "c", "d"].map((name) => ({ name, data: "x" }));
  await expect(readZip(makeZip(many), { limits })).rejects.toMatchObject(bad);
});

test("refuses encrypted, truncated and doubled entries", async () => {
  await expect(readZip(makeZip([{ name: "a", data: "x", encrypted: true }]))).rejects.toMatchObject({
    code: "LORAG_ENCRYPTED",
  });
  const whole = makeZip([{ name: "a", data: "x".repeat(5000) }]);
  for (const length of [0, 3, 30, whole.length - 30, whole.length - 1]) {
    await expect(readZip(whole.subarray(0, length)), `${length} bytes`).rejects.toMatchObject(bad);
  }
  const twice = [
    { name: "a", data: "x" },
    { name: "a", data: "y" },
  ];
  await expect(readZip(makeZip(twice))).rejects.toMatchObject(bad);
});
