/**
 * @param {ReadonlyMap<string, ReadonlyMap<string, unknown>>} graph by node, the nodes it points to
 * @returns {string[][]} at least one cycle for each group of nodes that has any; each begins and ends with the same node
 */
export function findCycles(graph) {
  /** @type {string[][]} */
  const cycles = [];
  /** @type {string[]} */
  const path = [];
  const done = new Set();
  /** @param {string} node */
  function follow(node) {
    if (done.has(node)) return;
    const seen = path.indexOf(node);
    if (seen >= 0) {
      cycles.push([...path.slice(seen), node]);
      return;
    }
    path.push(node);
    for (const next of graph.get(node)?.keys() ?? []) follow(next);
    path.pop();
    done.add(node);
  }
  for (const node of graph.keys()) follow(node);
  return cycles;
}
