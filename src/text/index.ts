export {
  count,
  duration,
  list,
  milliseconds,
  money,
  percent,
  points,
  pValue,
  withInterval,
} from "./figures.ts";
