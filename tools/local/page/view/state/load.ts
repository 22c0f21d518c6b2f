import { useEffect, useState } from 'preact/hooks';

/** Often enough to watch a write arrive. */
const AGAIN_MILLISECONDS = 1000;

/** What a request gives, asked for again and again as long as somebody looks; of a request that fails the last one's. */
export function useLoaded<T>(load: () => Promise<T>, isShown: boolean): T | undefined {
  const [loaded, setLoaded] = useState<T>();
  useEffect(() => {
    if (!isShown) return;
    let isOver = false;
    let timer: number | undefined;
    const again = async () => {
      const next = await load().catch(() => undefined);
      if (isOver) return;
      if (next !== undefined) setLoaded(next);
      timer = window.setTimeout(again, AGAIN_MILLISECONDS);
    };
    void again();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isShown, load]);
  return loaded;
}
