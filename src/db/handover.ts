/**
 * Turns a function that produces values one after the other, such as one that holds a transaction open meanwhile,
 * into something to iterate over. `give` waits until the value has been taken and the next is asked for; it answers
 * false once nobody asks any more, and then the producer is to end.
 */
export async function* handover<T>(
  produce: (give: (value: T) => Promise<boolean>) => Promise<void>,
): AsyncGenerator<T, void, undefined> {
  let ask: (goOn: boolean) => void = () => {};
  let arrived: (next: { readonly value: T } | undefined) => void = () => {};
  const wait = () =>
    new Promise<{ readonly value: T } | undefined>((resolve) => {
      arrived = resolve;
    });
  let next = wait();
  const produced = produce((value) => {
    const asked = new Promise<boolean>((resolve) => {
      ask = resolve;
    });
    arrived({ value });
    return asked;
  }).finally(() => arrived(undefined));
  // Whoever iterates learns of a failure below.
  produced.catch(() => {});
  try {
    for (;;) {
      const got = await next;
      if (got === undefined) break;
      yield got.value;
      next = wait();
      ask(true);
    }
  } finally {
    ask(false);
    await produced;
  }
}
