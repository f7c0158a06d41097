/** All of them, or the first failure once all have ended: nothing goes on reading behind the caller's back. */
export async function settled<T extends readonly unknown[]>(...jobs: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const results = await Promise.allSettled(jobs);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
