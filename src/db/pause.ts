// `node:timers/promises` has both, and takes longer to load than they take.

/** Goes on after so many milliseconds. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Goes on once other events of the process had their turn. */
export const otherEvents = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
