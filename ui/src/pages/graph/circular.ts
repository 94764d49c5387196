/** Where a layout begins: on a circle, the same each time. */
export function circular(index: number, count: number): { x: number; y: number } {
  const angle = (2 * Math.PI * index) / Math.max(1, count);
  return { x: Math.cos(angle), y: Math.sin(angle) };
}
