/** @param {readonly number[]} values at least one @returns {number} the middle one; the upper of two */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return /** @type {number} */ (sorted[Math.floor(sorted.length / 2)]);
}

/** @param {readonly number[]} values at least one @param {number} part 0 to 1 @returns {number} what that part is at most */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return /** @type {number} */ (sorted[Math.round((sorted.length - 1) * part)]);
}

/**
 * Prints a line of a table.
 *
 * @param {readonly (string | number)[]} cells
 * @param {number} [first] the width of the first cell
 */
export function line(cells, first = 10) {
  const [head = '', ...rest] = cells.map(String);
  process.stdout.write(`${head.padEnd(first)}${rest.map((cell) => cell.padStart(10)).join('')}\n`);
}
