import {
  boxOf,
  everywhere,
  intersect,
  isRectangle,
  isUpright,
  multiply,
  type Box,
  type Matrix,
} from "./box.ts";

/** What a page draws, one after the other. */
export type Drawn =
  | {
      kind: "text";
      characters: string;
      box: Box;
      /** Of its letters; undefined where it is no plain colour. */
      color: string | undefined;
      /** Neither filled nor drawn: text that may be found, and not seen. */
      isInvisible: boolean;
      alpha: number;
      /** What of the page could be drawn on. */
      clip: Box;
      isLayerOff: boolean;
    }
  /** `color` is undefined where what the box shows is not known, or shines through. */
  | { kind: "area"; box: Box; color: string | undefined }
  | { kind: "picture"; box: Box };

interface State {
  matrix: Matrix;
  color: string | undefined;
  alpha: number;
  /** Whether what is drawn covers what is under it: no blending, no mask. */
  isOpaque: boolean;
  clip: Box;
  /** Whether the clip is the rectangle itself, or something within it. */
  isClipExact: boolean;
  mode: number;
  size: number;
  letterGap: number;
  wordGap: number;
  stretch: number;
  leading: number;
  rise: number;
  lineWidth: number;
}

export interface Glyph {
  unicode: string;
  width: number;
  isSpace: boolean;
}

const atFirst: State = {
  matrix: [1, 0, 0, 1, 0, 0],
  color: "#000000",
  alpha: 1,
  isOpaque: true,
  clip: everywhere,
  isClipExact: true,
  mode: 0,
  size: 0,
  letterGap: 0,
  wordGap: 0,
  stretch: 1,
  leading: 0,
  rise: 0,
  lineWidth: 1,
};

/** Draws as a page tells it to, and keeps what it drew: the state of ISO 32000-1, 8.4 and 9.3, as much as places need. */
export class Pen {
  readonly drawn: Drawn[] = [];
  private state = atFirst;
  /** With how much had been drawn when each was put away. */
  private readonly saved: { state: State; drawn: number; isMoved: boolean }[] = [];
  /** Of marked stretches under way, whether each is shown. */
  private readonly layers: boolean[] = [];
  private textMatrix: Matrix = [1, 0, 0, 1, 0, 0];
  private lineMatrix: Matrix = [1, 0, 0, 1, 0, 0];
  private willClip = false;

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
  }

  save(): void {
    this.saved.push({ state: this.state, drawn: this.drawn.length, isMoved: false });
  }

  /** Where nothing was drawn in a place that was made for it, a picture is there that was not decoded. */
  restore(): void {
    const last = this.saved.pop();
    if (!last) return;
    if (last.isMoved && this.drawn.length === last.drawn) this.picture();
    this.state = last.state;
  }

  transform(matrix: Matrix): void {
    this.set({ matrix: multiply(this.state.matrix, matrix) });
    const last = this.saved.at(-1);
    if (last) last.isMoved = true;
  }

  beginForm(matrix: Matrix | undefined, box: ArrayLike<number> | undefined): void {
    this.save();
    if (matrix) this.set({ matrix: multiply(this.state.matrix, matrix) });
    if (!box) return;
    const { state } = this;
    this.set({
      clip: intersect(state.clip, boxOf(state.matrix, box[0]!, box[1]!, box[2]!, box[3]!)),
      isClipExact: state.isClipExact && isUpright(state.matrix),
    });
  }

  /** What a group draws is drawn with the look of the group as a whole. */
  beginGroup(): void {
    this.save();
    if (this.state.alpha < 0.99) this.set({ isOpaque: false });
  }

  beginLayer(isOn: boolean): void {
    this.layers.push(isOn);
  }

  endLayer(): void {
    this.layers.pop();
  }

  beginText(matrix: Matrix = [1, 0, 0, 1, 0, 0]): void {
    this.textMatrix = this.lineMatrix = matrix;
  }

  moveLine(x: number, y: number): void {
    this.lineMatrix = multiply(this.lineMatrix, [1, 0, 0, 1, x, y]);
    this.textMatrix = this.lineMatrix;
  }

  nextLine(): void {
    this.moveLine(0, -this.state.leading);
  }

  show(glyphs: (Glyph | number | null)[]): void {
    const { state } = this;
    let [width, characters] = [0, ""];
    for (const glyph of glyphs) {
      if (typeof glyph === "number") width -= (glyph * state.size) / 1000;
      else if (glyph) {
        width += (glyph.width * state.size) / 1000 + state.letterGap + (glyph.isSpace ? state.wordGap : 0);
        characters += glyph.unicode;
      }
    }
    width *= state.stretch;
    const whole = multiply(state.matrix, this.textMatrix);
    this.drawn.push({
      kind: "text",
      characters,
      box: boxOf(whole, 0, state.rise - 0.2 * state.size, width, state.rise + 0.7 * state.size),
      color: /^[0246]$/.test(String(state.mode)) ? state.color : undefined,
      isInvisible: state.mode === 3,
      alpha: state.alpha,
      clip: state.clip,
      isLayerOff: this.layers.includes(false),
    });
    this.textMatrix = multiply(this.textMatrix, [1, 0, 0, 1, width, 0]);
  }

  picture(): void {
    this.drawn.push({ kind: "picture", box: boxOf(this.state.matrix, 0, 0, 1, 1) });
  }

  /** All that may be drawn on. */
  shade(): void {
    this.area(this.state.clip, false);
  }

  /** What the next path encloses is what may be drawn on. */
  clipNext(): void {
    this.willClip = true;
  }

  /** `extent` is the path's rectangle. */
  path(
    what: "fill" | "line" | "none",
    data: ArrayLike<number> | null,
    extent: ArrayLike<number> | null,
  ): void {
    const { state, willClip } = this;
    this.willClip = false;
    if (!extent || !Number.isFinite(extent[0])) return;
    const box = boxOf(state.matrix, extent[0]!, extent[1]!, extent[2]!, extent[3]!);
    const isExact = data !== null && isRectangle(data) && isUpright(state.matrix);
    if (willClip) this.set({ clip: intersect(state.clip, box), isClipExact: state.isClipExact && isExact });
    if (what === "fill") this.area(box, isExact);
    else if (what === "line") {
      const half = (state.lineWidth * Math.hypot(state.matrix[0]!, state.matrix[1]!)) / 2;
      const { left, bottom, right, top } = box;
      this.area({ left: left - half, bottom: bottom - half, right: right + half, top: top + half }, false);
    }
  }

  private area(box: Box, isExact: boolean): void {
    const { state } = this;
    const isSure = isExact && state.isClipExact && state.isOpaque && state.alpha >= 0.99;
    this.drawn.push({
      kind: "area",
      box: intersect(box, state.clip),
      color: isSure ? state.color : undefined,
    });
  }
}
