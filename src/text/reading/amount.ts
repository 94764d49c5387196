/** A number without its sign and unit. */
export interface Amount {
  value: number;
  end: number;
  ordinal: boolean;
  weak: boolean;
  inDigits: boolean;
  /** Where the unit is a part of it. */
  unit?: string;
  /** Of a fraction, which may be a day and a month. */
  over?: readonly [number, number];
}
