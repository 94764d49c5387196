import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createStopText } from "./stop-text.ts";

function stream(pieces: readonly string[], stops: readonly string[]): { text: string; stopped: boolean } {
  const stopText = createStopText(stops);
  let shown = "";
  for (const piece of pieces) {
    const { text, stopped } = stopText.push(piece);
    shown += text;
    if (stopped) return { text: shown, stopped };
  }
  return { text: shown + stopText.end(), stopped: false };
}

it("cuts at the first stop string even when it comes in pieces", () => {
  expect(stream(["Yes.", "\n", "\nQues", "tion: no"], ["\n\nQuestion"])).toEqual({
    text: "Yes.",
    stopped: true,
  });
});

it("shows text at once when it cannot begin a stop string, and holds it back when it can", () => {
  const stopText = createStopText(["END"]);
  expect(stopText.push("abc").text).toBe("abc");
  expect(stopText.push("dE").text).toBe("d");
  expect(stopText.push("x").text).toBe("Ex");
});

it("says the same as cutting the whole text, however it is cut into pieces", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(letters), fc.array(letters, { maxLength: 3 }), (pieces, stops) => {
      const whole = pieces.join("");
      const places = stops.filter((stop) => stop).map((stop) => whole.indexOf(stop));
      const found = places.filter((place) => place >= 0);
      // A stop string is seen as soon as it is complete, so an earlier but longer one may come too late.
      const result = stream(pieces, stops);
      expect(result.stopped).toBe(found.length > 0);
      if (found.length === 0) expect(result.text).toBe(whole);
      else {
        expect(whole.startsWith(result.text)).toBe(true);
        expect(stops.some((stop) => stop && whole.startsWith(stop, result.text.length))).toBe(true);
      }
    }),
  );
});
