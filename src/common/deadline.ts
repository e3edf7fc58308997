/** Whether `work` is done within `milliseconds`; rejects as it does. What is late goes on, and is nobody's any more. */
export async function endsWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Settles as `work` does, or rejects after `milliseconds`. The work itself is not undone. */
export async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  if (await endsWithin(work, milliseconds)) return work;
  throw new Error(`no answer within ${milliseconds} ms`);
}
