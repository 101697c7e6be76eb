/**
 * Runs `load` once for all callers, also for those that come while it runs. A failure goes to them and is then
 * forgotten: the next caller tries again. After a success `load` is let go of, with what it held.
 */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let pending: (() => Promise<T>) | undefined = load;
  let loading: Promise<T> | undefined;
  const run = async (start: () => Promise<T>): Promise<T> => {
    try {
      const loaded = await start();
      pending = undefined;
      return loaded;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
  return async () => {
    loading ??= run(pending as () => Promise<T>);
    return await loading;
  };
}
